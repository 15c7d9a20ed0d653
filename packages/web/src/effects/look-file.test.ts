import { describe, expect, it } from 'vitest';
import { readLook } from './look-file.ts';

const recipe = (corrections: readonly unknown[]) =>
  JSON.stringify({
    format: 'focal-recipe',
    version: 1,
    look: { steps: [{ effect: 'mono', on: 'background' }] },
    edits: { corrections },
  });

describe('readLook', () => {
  it('gives steps in short form, and tells where corrections by hand are left out', () => {
    const look = readLook(recipe([{ kind: 'shift', amount: 0.5 }]));
    expect(look.steps).toMatchObject([{ effect: 'mono', on: 'background' }]);
    expect(look.hasCorrections).toBe(true);
    expect(readLook(recipe([])).hasCorrections).toBeUndefined();
  });
});
