import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture } from '../picture/picture.ts';
import type { Scene, Subject } from '../scene/scene.ts';
import { createRecipe, isPortableRecipe } from './recipe.ts';
import { resolveRecipe } from './resolve.ts';
import { formatSelector, parseSelector } from './selector.ts';

function personAt(x: number, id: string): Subject {
  const box = { x, y: 0.1, width: 0.2, height: 0.8 };
  const matte = createMatte(8, 8, { data: new Uint8Array(64).fill(255) });
  return {
    id,
    kind: 'person',
    label: 'person',
    score: 1,
    box,
    anchor: { x: x + 0.1, y: 0.5 },
    matte: { box, matte },
    faceIds: [],
  };
}

const scene: Scene = {
  version: 1,
  width: 100,
  height: 60,
  facts: ['matte', 'objects', 'faces', 'subjects'],
  matte: { matte: createMatte(16, 16), provenance: { models: [] } },
  subjects: {
    subjects: [personAt(0, 'person-1'), personAt(0.4, 'person-2'), personAt(0.75, 'person-3')],
    provenance: { models: [] },
  },
};

describe('several subjects', () => {
  it('are chosen by their ids, in short form too', () => {
    const selector = parseSelector('person-1, person-3');
    expect(selector).toEqual({ role: 'subjects', ids: ['person-1', 'person-3'] });
    expect(formatSelector(selector)).toBe('person-1,person-3');
    expect(() => parseSelector('person-1,everyone')).toThrow(/whom the step acts on/);
  });

  it('make one selection, which belongs to one picture', () => {
    const recipe = createRecipe([{ effect: 'mono', on: parseSelector('person-1,person-3') }]);
    expect(isPortableRecipe(recipe)).toBe(false);
    const [step] = resolveRecipe(recipe, createPicture(100, 60), scene).steps;
    expect(step?.selection.subjects.map(({ id }) => id)).toEqual(['person-1', 'person-3']);
  });

  it('are told of by step where one of them is not there', () => {
    const recipe = createRecipe([
      { effect: 'tone', enabled: false },
      { effect: 'mono', on: parseSelector('person-1,dog-1') },
    ]);
    expect(() => resolveRecipe(recipe, createPicture(100, 60), scene)).toThrow(/no dog-1.*only person-1/);
    const { steps, skipped } = resolveRecipe(recipe, createPicture(100, 60), scene, { lenient: true });
    expect(steps).toEqual([]);
    expect(skipped).toEqual([
      { index: 1, reason: 'There is no dog-1 in this picture, only person-1, person-2, person-3.' },
    ]);
  });
});
