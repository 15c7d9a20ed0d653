import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FocalError, mayClear, parseRecipe, type Recipe } from '@focal/core';
import { assertFiles } from './edit-command.ts';
import type { ExitCode } from './exit-codes.ts';
import { toReadError } from './read-error.ts';
import type { RenderRequest } from './render-program.ts';
import { runBatch } from './run-batch.ts';

/** `focal render`: a recipe over pictures. */
export async function runRender(request: RenderRequest): Promise<ExitCode> {
  const { pictures, font, lenient, quality, metadata } = request;
  const recipe = await readRecipe(request.recipe);
  await assertFiles(font === undefined ? pictures : { ...pictures, font });
  const choices = {
    lenient,
    ...(font === undefined ? {} : { font: resolve(font) }),
    assets: Object.fromEntries(Object.entries(pictures).map(([name, path]) => [name, resolve(path)])),
    metadata,
    ...(quality === undefined ? {} : { quality }),
  };
  return runBatch(request, {
    work: { apply: (focal, input, options) => focal.edit(input, recipe, { ...choices, ...options }) },
    rules: { suffix: 'render', lossless: mayClear(recipe) },
  });
}

/** Larger files are refused unread. */
const MAX_RECIPE_BYTES = 64 * 1024 * 1024;

async function readRecipe(path: string): Promise<Recipe> {
  let text: string;
  try {
    const bytes = await readFile(path);
    if (bytes.length > MAX_RECIPE_BYTES) {
      throw new FocalError(
        'too-large',
        `Expected a recipe of at most ${MAX_RECIPE_BYTES >> 20} MB, got ${path} with ${bytes.length >> 20} MB.`,
        {
          hint: 'Keep large pictures beside it, and hand them over with --picture NAME=FILE.',
        },
      );
    }
    text = bytes.toString('utf8');
  } catch (error) {
    if (error instanceof FocalError) throw error;
    throw toReadError(error, 'recipe', path);
  }
  return parseRecipe(text);
}
