import { checkSteps, createRecipe, FocalError, getEffect, parseSelector, type Recipe } from '@focal/core';
import type { EffectOptions } from './types.ts';

/**
 * One effect as a recipe. Its pictures go by the effect's own names for them. Throws `invalid-argument` for an unknown
 * effect or parameter.
 */
export function toRecipe(
  effectName: string,
  options: EffectOptions & { readonly assets?: Readonly<Record<string, unknown>> },
): Recipe {
  const { params = {}, on, assets = {} } = options;
  const effect = getEffect(effectName);
  const names = effect.assets.map(({ name }) => name);
  for (const name of Object.keys(assets)) {
    if (names.includes(name)) continue;
    throw new FocalError('invalid-argument', `${effect.name} takes no picture called ${name}.`, {
      hint: names.length === 0 ? 'It takes one picture only.' : `It takes ${names.join(', ')}.`,
    });
  }
  const selector = typeof on === 'string' ? parseSelector(on) : on;
  const taken = Object.fromEntries(Object.keys(assets).map((name) => [name, name]));
  try {
    return createRecipe([
      { effect: effectName, params, assets: taken, ...(selector !== undefined && { on: selector }) },
    ]);
  } catch (error) {
    // With one step, its number tells nothing.
    if (error instanceof FocalError && error.cause instanceof FocalError) throw error.cause;
    throw error;
  }
}

/** The names of pictures that the recipe's steps use. */
export function usedPictures(recipe: Recipe): ReadonlySet<string> {
  return new Set(checkSteps(recipe).flatMap(({ assets }) => Object.values(assets)));
}

/** Throws `invalid-argument` naming the first picture that a step uses and nobody gave. */
export function assertPictures(recipe: Recipe, given: Readonly<Record<string, unknown>>): void {
  const there = new Set([...Object.keys(given), ...Object.keys(recipe.pictures ?? {})]);
  for (const name of usedPictures(recipe)) {
    if (there.has(name)) continue;
    throw new FocalError('invalid-argument', `The recipe uses a picture called ${name}, which was not given.`, {
      hint: `Hand it over under the name ${name} (--picture ${name}=FILE on the command line), or keep it in the recipe's pictures.`,
    });
  }
}
