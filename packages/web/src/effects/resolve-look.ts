import {
  checkSteps,
  createRecipe,
  describeParameters,
  type Fact,
  formatSelector,
  getEffect,
  type Matte,
  type Picture,
  parseSelector,
  type ResolvedStep,
  recipeNeeds,
  resolveRecipe,
} from '@focal/core';
import type { Subject } from './photo.ts';
import type { LookStep, SkippedRequest } from './types.ts';

export interface ResolvedLook {
  readonly steps: readonly ResolvedStep[];
  readonly skipped: readonly SkippedRequest[];
}

/**
 * The steps of a look for the open photo. Those that cannot be done to it, or not yet, are left out and told of. Throws
 * `invalid-argument` for parameters that no control gives.
 */
export function resolveLook(
  look: readonly LookStep[],
  picture: Picture,
  { scene, selections }: Subject,
  share: (matte: Matte) => Matte,
): ResolvedLook {
  const skipped: SkippedRequest[] = [];
  const usable = look.map(toUsable);
  for (const [index, step] of usable.entries()) {
    if (step === undefined) skipped.push({ index, reason: 'Choose a picture for it first.', missing: [] });
  }
  const recipe = createRecipe(
    usable.map((step, index) => toStep(step ?? (look[index] as LookStep), step !== undefined)),
  );
  const steps: ResolvedStep[] = [];
  for (const { index, effect, selector, params, assets, opacity } of checkSteps(recipe)) {
    const alone = createRecipe([
      { effect: effect.name, params, assets, ...(effect.on !== undefined && { on: selector }) },
    ]);
    const missing = recipeNeeds(alone).filter((fact: Fact) => !scene.facts.includes(fact));
    if (missing.length > 0) {
      skipped.push({ index, reason: 'Who and what is in the photo is being looked for.', missing });
      continue;
    }
    const key = formatSelector(selector);
    let selection = selections.get(key);
    if (selection === undefined) {
      const resolved = resolveRecipe(alone, picture, scene, { lenient: true });
      selection = resolved.steps[0]?.selection ?? resolved.skipped[0]?.reason ?? 'There is nothing to act on.';
      if (typeof selection !== 'string' && selection.matte !== undefined) {
        selection = { ...selection, matte: share(selection.matte) };
      }
      selections.set(key, selection);
    }
    if (typeof selection === 'string') skipped.push({ index, reason: selection, missing: [] });
    else steps.push({ effect: effect.name, params, assets, opacity, selection });
  }
  return { steps, skipped };
}

function toStep({ effect, on, params, assets, enabled, opacity }: LookStep, isUsable: boolean) {
  const given = on === undefined ? {} : { on: parseSelector(on) };
  return { effect, ...given, params: { ...params }, assets: { ...assets }, enabled: enabled && isUsable, opacity };
}

/** While a picture is still to be chosen, another choice stands in; nothing where there is none. */
function toUsable(step: LookStep): LookStep | undefined {
  const effect = getEffect(step.effect);
  let { params } = step;
  for (const { name } of effect.assets) {
    const info = describeParameters(effect).find((each) => each.name === name);
    if (step.assets[name] !== undefined || info === undefined) continue;
    if ((params[name] ?? info.default) !== 'picture') continue;
    if (info.default === 'picture') return undefined;
    params = { ...params, [name]: info.default };
  }
  return { ...step, params };
}
