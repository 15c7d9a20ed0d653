import { describe, expect, it } from 'vitest';
import { readLook, writeLook } from './look-file.ts';

const recipe = (corrections: readonly unknown[]) =>
  JSON.stringify({
    format: 'focal-recipe',
    version: 1,
    look: { steps: [{ effect: 'mono', on: 'background' }] },
    edits: { corrections },
  });

const STROKE = { kind: 'stroke', mode: 'add', radius: 0.1, points: [{ x: 0.5, y: 0.5 }] };

describe('readLook', () => {
  it('gives steps and corrections by hand in short form', () => {
    const look = readLook(recipe([STROKE, { kind: 'shift', on: { role: 'subject', id: 'person-2' }, amount: 0.5 }]));
    expect(look.steps).toMatchObject([{ effect: 'mono', on: 'background' }]);
    expect(look.edits?.corrections).toMatchObject([
      { ...STROKE, on: 'main' },
      { kind: 'shift', on: 'person-2' },
    ]);
    expect(readLook(recipe([])).edits).toBeUndefined();
  });
});

describe('writeLook', () => {
  it('gives what readLook reads, with the picture that corrections are bound to', async () => {
    const edits = { picture: 'ab'.repeat(32), corrections: readLook(recipe([STROKE])).edits?.corrections ?? [] };
    const look = { steps: readLook(recipe([])).steps, pictures: {} };
    expect(readLook(await writeLook({ ...look, edits }))).toEqual({ ...look, edits });
    expect(JSON.parse(await writeLook(look)).edits).toBeUndefined();
  });

  it('refuses corrections that no recipe takes', async () => {
    const corrections = [{ kind: 'feather', on: 'main', radius: 3 }] as const;
    await expect(writeLook({ steps: [], pictures: {}, edits: { corrections } })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});
