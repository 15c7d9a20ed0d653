import { describe, expect, it } from 'vitest';
import { listHidden } from '../anonymise/hidden.ts';
import { runPlan } from '../async/plan.ts';
import { createMatte } from '../picture/matte.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import { createRecipe, recipeNeeds } from '../recipe/recipe.ts';
import { resolveRecipe } from '../recipe/resolve.ts';
import type { Box } from '../scene/geometry.ts';
import type { Face, PossibleFace, Scene, Subject } from '../scene/scene.ts';
import { anonymise } from './anonymise.ts';
import { describeParameters, parseParameters } from './describe.ts';

const SIZE = 120;
const provenance = { models: [] };

function createFace(id: string, box: Box): Face {
  const at = (x: number, y: number) => ({ x: box.x + box.width * x, y: box.y + box.height * y });
  return {
    id,
    box,
    score: 0.9,
    points: {
      rightEye: at(0.3, 0.3),
      leftEye: at(0.7, 0.3),
      nose: at(0.5, 0.55),
      mouthRight: at(0.35, 0.8),
      mouthLeft: at(0.65, 0.8),
    },
    rollDegrees: 0,
    quality: { overall: 1, size: 1, sharpness: 1, pose: 1 },
  };
}

function createPerson(id: string, box: Box, faceIds: readonly string[]): Subject {
  const matte = createMatte(8, 8, { data: new Uint8Array(64).fill(255) });
  const anchor = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return { id, kind: 'person', label: 'person', score: 0.9, box, anchor, matte: { box, matte }, faceIds };
}

const LEFT = createFace('face-1', { x: 0.15, y: 0.2, width: 0.1, height: 0.1 });
const RIGHT = createFace('face-2', { x: 0.65, y: 0.2, width: 0.1, height: 0.1 });
const ONE = createPerson('person-1', { x: 0.1, y: 0.15, width: 0.2, height: 0.6 }, ['face-1']);
const TWO = createPerson('person-2', { x: 0.6, y: 0.15, width: 0.2, height: 0.6 }, ['face-2']);
/** At the left person's belly, and where nobody is. */
const PLACES: readonly PossibleFace[] = [
  { id: 'maybe-1', basis: 'face', score: 0.3, box: { x: 0.17, y: 0.6, width: 0.06, height: 0.06 }, rollDegrees: 10 },
  { id: 'maybe-2', basis: 'head', score: 0.3, box: { x: 0.42, y: 0.85, width: 0.06, height: 0.06 }, rollDegrees: 0 },
];

const SCENE: Scene = {
  version: 1,
  width: SIZE,
  height: SIZE,
  facts: ['objects', 'faces', 'subjects', 'possible-faces'],
  objects: { objects: [], provenance },
  faces: { faces: [LEFT, RIGHT], provenance },
  subjects: { subjects: [ONE, TWO], provenance },
  possibleFaces: { places: PLACES, provenance },
};

function createPhoto(): Picture {
  const picture = createPicture(SIZE, SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) picture.data.set([i % 251, (i * 7) % 241, (i * 13) % 239, 255], i * 4);
  return picture;
}

/** Which of the four places are another than before. */
function changed(params: object, selection?: { subjects: readonly Subject[]; faces: readonly Face[] }): string {
  const picture = createPhoto();
  const input = { picture, scene: SCENE, assets: {}, allocate: allocateLocal, ...(selection && { selection }) };
  const { data } = runPlan(anonymise.plan({ ...input, params: parseParameters(anonymise, params) }));
  const isChanged = (x: number, y: number): boolean => {
    const i = (Math.round(y * SIZE) * SIZE + Math.round(x * SIZE)) * 4;
    return [-4, 0, 4].some((step) => [0, 1, 2].some((c) => data[i + step + c] !== picture.data[i + step + c]));
  };
  const spots = { left: [0.2, 0.25], right: [0.7, 0.25], belly: [0.2, 0.63], nowhere: [0.45, 0.88], legs: [0.7, 0.7] };
  return Object.entries(spots)
    .filter(([, [x = 0, y = 0]]) => isChanged(x, y))
    .map(([name]) => name)
    .join(' ');
}

describe('the effect anonymise', () => {
  it('hides faces, and what may be one', () => {
    expect(changed({})).toBe('left right belly nowhere');
    expect(changed({ unsure: false })).toBe('left right');
    expect(changed({ fast: true })).toBe('left right');
    expect(changed({ style: 'solid' })).toBe('left right belly nowhere');
    expect(changed({ style: 'mosaic' })).toBe('left right belly nowhere');
  });

  it('hides whole people', () => {
    expect(changed({ hide: 'people' })).toBe('left right belly nowhere legs');
    expect(changed({ hide: 'people', outline: 'matte' })).toBe('left right belly nowhere legs');
  });

  it('leaves out who is not selected, and what may be their face', () => {
    expect(changed({}, { subjects: [TWO], faces: [RIGHT] })).toBe('right nowhere');
    expect(changed({}, { subjects: [], faces: [LEFT] })).toBe('left belly nowhere');
    expect(changed({ hide: 'people' }, { subjects: [TWO], faces: [RIGHT] })).toBe('right nowhere legs');
    expect(changed({}, { subjects: [], faces: [] })).toBe('nowhere');
  });

  it('covers where it was told that a face is, all of the box, whoever is spared there', () => {
    const told: PossibleFace = {
      id: 'told-1',
      basis: 'told',
      score: 1,
      box: { x: 0.14, y: 0.19, width: 0.12, height: 0.2 },
      rollDegrees: 30,
    };
    const scene = { ...SCENE, possibleFaces: { places: [told], provenance } };
    const picture = createPhoto();
    const input = { picture, scene, assets: {}, allocate: allocateLocal, selection: { subjects: [], faces: [] } };
    for (const params of [{ style: 'solid' }, { style: 'solid', unsure: false }]) {
      const { data } = runPlan(anonymise.plan({ ...input, params: parseParameters(anonymise, params) }));
      const solid = new Set<string>();
      for (let y = Math.floor(0.19 * SIZE); y < Math.ceil(0.39 * SIZE); y++) {
        for (let x = Math.floor(0.14 * SIZE); x < Math.ceil(0.26 * SIZE); x++) {
          solid.add(data.subarray((y * SIZE + x) * 4, (y * SIZE + x) * 4 + 4).join());
        }
      }
      expect([...solid]).toEqual(['32,34,38,255']);
      const right = (Math.round(0.25 * SIZE) * SIZE + Math.round(0.7 * SIZE)) * 4;
      expect(data[right]).toBe(picture.data[right]);
    }
  });

  it('covers a face of nobody when people are hidden', () => {
    const options = { hide: 'people', outline: 'hull', margin: 0, unsure: false } as const;
    const stray = createFace('face-3', { x: 0.4, y: 0.4, width: 0.1, height: 0.1 });
    const scene = { ...SCENE, faces: { faces: [LEFT, RIGHT, stray], provenance } };
    const kinds = listHidden(scene, options).map((target) => target.kind);
    expect(kinds).toEqual(['person', 'person', 'face']);
  });

  it('does nothing without the facts that it needs', () => {
    const input = { picture: createPhoto(), assets: {}, allocate: allocateLocal };
    const plan = (params: object, facts: Scene['facts']) =>
      anonymise.plan({ ...input, scene: { ...SCENE, facts }, params: parseParameters(anonymise, params) });
    expect(() => plan({}, ['faces'])).toThrow(/possible-faces/);
    expect(() => plan({ hide: 'people' }, ['faces', 'possible-faces'])).toThrow(/subjects/);
    expect(() => plan({}, [])).toThrow(/fact faces/);
    expect(() => plan({ fast: true }, ['faces'])).not.toThrow();
    expect(() => plan({ style: 'picture' }, SCENE.facts)).toThrow(/picture to cover/);
  });

  it('has parameters that controls can be made of', () => {
    expect(describeParameters(anonymise).map(({ name }) => name)).toContain('style');
  });
});

describe('a recipe that anonymises', () => {
  const recipeOf = (step: object) => createRecipe([{ effect: 'anonymize', ...step }]);

  it('needs what its parameters ask for', () => {
    expect(recipeNeeds(recipeOf({}))).toEqual(['objects', 'faces', 'possible-faces']);
    expect(recipeNeeds(recipeOf({ params: { fast: true } }))).toEqual(['faces']);
    expect(recipeNeeds(recipeOf({ params: { hide: 'people' } }))).toContain('subjects');
  });

  it('lets nothing shine through', () => {
    expect(() => recipeOf({ opacity: 0.5 })).toThrow(/opacity of 1/);
  });

  it('still covers what is unsure where nobody was surely found', () => {
    const scene = { ...SCENE, faces: { faces: [], provenance }, subjects: { subjects: [], provenance } };
    const { steps, warnings } = resolveRecipe(recipeOf({ on: { role: 'faces' } }), createPhoto(), scene);
    expect(steps).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  it('covers the head of somebody without a face that was found, whoever else is known', () => {
    const away = createPerson('person-3', { x: 0.35, y: 0.15, width: 0.2, height: 0.8 }, []);
    const known = [{ name: 'Ada', vectors: [Float32Array.of(1, 0)] }];
    const hiddenOf = (faces: readonly Face[]) => {
      const subjects = { subjects: [ONE, TWO, away], provenance };
      const facts = [...SCENE.facts, 'identities' as const];
      const scene = { ...SCENE, facts, faces: { faces, provenance }, subjects };
      const recipe = recipeOf({ on: { role: 'unknown-faces' } });
      const [step] = resolveRecipe(recipe, createPhoto(), scene, { known }).steps;
      if (step === undefined) throw new Error('Expected a step.');
      const options = { hide: 'faces', outline: 'hull', margin: 0, unsure: true, selection: step.selection } as const;
      return listHidden(scene, options).map((target) => (target.kind === 'place' ? target.place.id : target.kind));
    };
    const ada = { vector: Float32Array.of(1, 0) };
    expect(hiddenOf([{ ...LEFT, ...ada }, RIGHT])).toEqual(['face', 'maybe-2']);
    expect(
      hiddenOf([
        { ...LEFT, ...ada },
        { ...RIGHT, ...ada },
      ]),
    ).toEqual(['maybe-2']);
  });

  it('is an error where it names somebody who is not there', () => {
    const recipe = recipeOf({ on: { role: 'except', ids: ['person-7'] } });
    expect(() => resolveRecipe(recipe, createPhoto(), SCENE)).toThrow(/person-7/);
  });
});
