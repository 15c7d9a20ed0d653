import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseRecipe } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFocal } from './create-focal.ts';
import type { Focal } from './types.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder = '';
let photo = '';
let focal: Focal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-edits-'));
  photo = join(folder, 'photo.png');
  await writeFile(photo, await sharp(join(PHOTOS, 'sample1.jpg')).resize(480).png().toBuffer());
  focal = await createFocal({ home: join(folder, 'home'), device: 'cpu', withoutModels: ['isnet-medium'] });
});
afterAll(async () => {
  await focal?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Adds a dot on the wall above the people. */
const recipeFor = (picture: string | undefined, steps: readonly unknown[] = [{ effect: 'cutout' }]) =>
  parseRecipe({
    format: 'focal-recipe',
    version: 1,
    look: { steps },
    edits: {
      ...(picture !== undefined && { picture }),
      corrections: [{ kind: 'stroke', mode: 'add', radius: 0.02, points: [{ x: 0.5, y: 0.04 }] }],
    },
  });
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const dotOf = async (bytes: Uint8Array, channel: number, width = 480) => {
  const data = await sharp(bytes).raw().toBuffer();
  return data[(12 * width + 240) * (data.length / (width * 320)) + channel];
};

describe('the edits of a recipe', () => {
  it('act on the picture they were made for, as a file and as bytes, and show in its matte', async () => {
    const file = await readFile(photo);
    const recipe = recipeFor(hashOf(file));
    expect(await dotOf((await focal.edit(photo, 'cutout')).bytes, 3)).toBe(0);
    const edited = await focal.edit(photo, recipe);
    expect(await dotOf(edited.bytes, 3)).toBe(255);
    expect(edited.recipe).toEqual(recipe);
    const fromBytes = await focal.edit(file, recipe);
    expect(Buffer.compare(fromBytes.bytes, edited.bytes)).toBe(0);
    expect(await dotOf((await focal.edit(file, recipe, { output: 'matte' })).bytes, 0)).toBe(255);
    const background = recipeFor(undefined, [{ effect: 'mono', on: 'background' }]);
    expect(await dotOf((await focal.edit(file, background, { output: 'matte' })).bytes, 0)).toBe(0);
  });

  it('are refused for another picture, and left out with a warning when lenient', async () => {
    const recipe = recipeFor(hashOf(new Uint8Array(3)));
    await expect(focal.edit(photo, recipe)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'The corrections in this recipe were made for another picture.',
    });
    const edited = await focal.edit(photo, recipe, { lenient: true });
    expect(edited.warnings).toEqual([
      'The corrections in this recipe were made for another picture. They were left out.',
    ]);
    expect(edited.recipe.edits).toBeUndefined();
    expect(await dotOf(edited.bytes, 3)).toBe(0);
  });
});
