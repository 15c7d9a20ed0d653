import { createMatte, createPicture, type Scene } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { createPlanRunner } from '../threads/plan-runner.ts';
import { addScene, createSubject, getStage, type Photo } from './photo.ts';

function openPhoto(width: number, height: number): Photo {
  const subject = createSubject({ version: 1, width, height, facts: [] }, []);
  return { picture: createPicture(width, height), subject, stages: new Map() };
}

const runner = createPlanRunner({
  helpers: 0,
  createHelper: () => {
    throw new RangeError('Expected no helper.');
  },
});

describe('the stages of a photo', () => {
  it('keep the size of the screen while drafts of all sizes come and go', async () => {
    const photo = openPhoto(1600, 1200);
    const screen = getStage(photo, 1280, runner);
    for (const draft of [960, 640, 448, 320, 230]) getStage(photo, draft, runner);
    expect(getStage(photo, 1280, runner)).toBe(screen);
    expect(await screen.picture).toMatchObject({ width: 1280, height: 960 });
    expect(await getStage(photo, 230, runner).picture).toMatchObject({ width: 230, height: 173 });
  });

  it('forget large sizes that were not asked for of late', () => {
    const photo = openPhoto(5000, 4000);
    const screen = getStage(photo, 1280, runner);
    const first = getStage(photo, 3584, runner);
    getStage(photo, 4096, runner);
    expect(getStage(photo, 1280, runner)).toBe(screen);
    getStage(photo, 3840, runner);
    expect([...photo.stages.keys()]).toEqual([4096, 1280, 3840]);
    expect(getStage(photo, 3584, runner)).not.toBe(first);
  });
});

describe('what is found of a photo', () => {
  const scene: Scene = { version: 1, width: 4, height: 3, facts: [] };
  const provenance = { models: [] };
  const matte = { matte: createMatte(4, 3), provenance };

  it('takes the place of what was known, but for the matte', () => {
    const known: Scene = { ...scene, facts: ['matte', 'possible-faces'], matte };
    const found: Scene = { ...scene, facts: ['faces'], faces: { faces: [], provenance } };
    const both = addScene({ ...known, possibleFaces: { places: [], provenance } }, found);
    expect(both.matte).toBe(matte);
    expect(both.faces).toBe(found.faces);
    // A fact that is named is there: a step that hides would not wait for it.
    expect(both.facts).toEqual(['faces', 'matte']);
    expect(both.possibleFaces).toBeUndefined();
    expect(addScene(scene, found)).toBe(found);
  });
});
