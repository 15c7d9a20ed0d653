import { describe, expect, it } from 'vitest';
import { createPicture } from '../picture/picture.ts';
import { createRecipe } from '../recipe/recipe.ts';
import { type ResolvedStep, resolveRecipe } from '../recipe/resolve.ts';
import type { Box } from '../scene/geometry.ts';
import type { Face, Scene } from '../scene/scene.ts';
import { attackAnonymised, type ComparedFaces, toPlainCover } from './attack.ts';
import { describeVerdict } from './describe-report.ts';

const SIZE = 100;
const original = createPicture(SIZE, SIZE);
const result = createPicture(SIZE, SIZE);
const nothing = createPicture(SIZE, SIZE);

function createFace(id: string, box: Box, { score = 0.9, size = 1 } = {}): Face {
  const at = (x: number, y: number) => ({ x: box.x + box.width * x, y: box.y + box.height * y });
  return {
    id,
    box,
    score,
    points: {
      rightEye: at(0.3, 0.3),
      leftEye: at(0.7, 0.3),
      nose: at(0.5, 0.55),
      mouthRight: at(0.35, 0.8),
      mouthLeft: at(0.65, 0.8),
    },
    rollDegrees: 0,
    quality: { overall: 1, size, sharpness: 1, pose: 1 },
  };
}

const LEFT = createFace('face-1', { x: 0.15, y: 0.2, width: 0.1, height: 0.1 });
const RIGHT = createFace('face-2', { x: 0.65, y: 0.2, width: 0.1, height: 0.1 }, { score: 0.5, size: 0.2 });
const ELSEWHERE = createFace('face-1', { x: 0.4, y: 0.8, width: 0.1, height: 0.1 });

const SCENE: Scene = {
  version: 1,
  width: SIZE,
  height: SIZE,
  facts: ['faces'],
  faces: { faces: [LEFT, RIGHT], provenance: { models: [] } },
};

function createStep(faces?: readonly Face[]): ResolvedStep {
  const recipe = createRecipe([{ effect: 'anonymize', params: { fast: true, style: 'mosaic' } }]);
  const [step] = resolveRecipe(recipe, original, SCENE).steps;
  if (step === undefined) throw new Error('Expected a step.');
  return faces === undefined ? step : { ...step, selection: { ...step.selection, faces } };
}

/** An attack by a detector that sees these faces, and a net to which so much of each is left. */
async function attack(seen: readonly Face[], likeness: readonly number[], step = createStep()) {
  const compared: ComparedFaces[] = [];
  const report = await attackAnonymised(
    { original, result, nothing, scene: SCENE, step },
    {
      findFaces: async (picture) => (picture === result ? seen : []),
      async compareFaces(each) {
        compared.push(each);
        return likeness;
      },
    },
  );
  return { report, compared };
}

describe('an attack on an anonymised picture', () => {
  it('compares each hidden face with what is in its place, and finds nothing', async () => {
    const { report, compared } = await attack([], [0.02, 0.1]);
    expect(compared).toEqual([
      { original, result, nothing, faces: [{ points: LEFT.points }, { points: RIGHT.points }] },
    ]);
    expect(report).toMatchObject({ verdict: 'safe', careful: false });
    expect(report.entries.map(({ id, similarity, found }) => [id, similarity, found])).toEqual([
      ['face-1', 0.02, false],
      ['face-2', 0.1, false],
    ]);
    expect(report.entries[0]?.notes).toEqual([]);
    expect(report.entries[1]?.notes).toEqual([
      'The face is small: too few pixels to be compared well.',
      'The detector was not sure of this face.',
    ]);
    expect(describeVerdict(report)).toBe(
      '2 places hidden, found without looking closely (fast); attacked: safe, nobody hidden there is left to be recognised.',
    );
  });

  it('judges each face by what is left of it, and the whole by the worst', async () => {
    const { report } = await attack([], [0.4, 0.5]);
    expect(report.entries.map(({ verdict }) => verdict)).toEqual(['doubtful', 'failed']);
    expect(report.verdict).toBe('failed');
    expect(describeVerdict(report)).toMatch(/attacked: failed\.$/);
  });

  it('looks twice where a face is still seen in the place of one', async () => {
    const { report, compared } = await attack([LEFT], [0.1, 0.1]);
    expect(compared[0]?.faces[0]).toEqual({ points: LEFT.points, seen: LEFT.points });
    expect(report.entries[0]).toMatchObject({ found: true, verdict: 'safe' });
    expect(report.entries[0]?.notes).toContain('Something there still looks like a face.');
  });

  it('tells of a face that nobody hid, but not of one who was left out on purpose', async () => {
    const missed = await attack([ELSEWHERE], [0, 0]);
    expect(missed.report.verdict).toBe('doubtful');
    expect(missed.report.warnings).toContain('A face is still seen where nothing was hidden.');
    const spared = await attack([RIGHT], [0], createStep([LEFT]));
    expect(spared.report.verdict).toBe('safe');
    expect(spared.report.entries.map(({ id }) => id)).toEqual(['face-1']);
  });

  it('asks no net where nobody was hidden', async () => {
    const { report, compared } = await attack([], [], createStep([]));
    expect(compared).toEqual([]);
    expect(describeVerdict(report)).toBe('Nobody was found to hide.');
  });

  it('compares with a grey cover of the same outline', () => {
    const step = createStep();
    expect(toPlainCover(step)).toMatchObject({
      selection: step.selection,
      params: { style: 'solid', color: '#808080', fast: true },
    });
    expect(() => toPlainCover({ ...step, effect: 'tone' })).toThrow('Expected the step anonymize, got tone.');
  });

  it('refuses pictures of other sizes', async () => {
    const other = createPicture(SIZE, SIZE + 1);
    const tools = { findFaces: async () => [], compareFaces: async () => [] };
    for (const wrong of [{ result: other }, { nothing: other }]) {
      const given = { original, result, nothing, scene: SCENE, step: createStep(), ...wrong };
      await expect(attackAnonymised(given, tools)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });
});
