import { FocalError, type Recipe } from '@focal/core';
import type { Engine } from './engine.ts';
import { compact } from './steps.ts';
import type { EditOptions, Input } from './types.ts';

/**
 * The recipe for this file: corrections that were made for another are refused as `invalid-argument`, or left out with a
 * warning when lenient.
 */
export async function bindEdits(
  engine: Engine,
  input: Input,
  recipe: Recipe,
  { lenient, signal }: Pick<EditOptions, 'lenient' | 'signal'>,
): Promise<{ readonly recipe: Recipe; readonly warnings: readonly string[] }> {
  const { edits, ...look } = recipe;
  if (edits?.picture === undefined) return { recipe, warnings: [] };
  const source = typeof input === 'string' ? input : compact(input);
  const found = await engine.pixels().run('hash-file', { source }, { signal });
  if (found === edits.picture) return { recipe, warnings: [] };
  const sentence = 'The corrections in this recipe were made for another picture.';
  if (lenient === true) return { recipe: look, warnings: [`${sentence} They were left out.`] };
  throw new FocalError('invalid-argument', sentence, {
    hint: 'Take the picture that they were made for, leave "edits" out of the recipe, or leave out what does not apply: --lenient on the command line, lenient elsewhere.',
  });
}
