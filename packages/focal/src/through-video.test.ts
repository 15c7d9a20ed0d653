import type { Scene } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatherScenes, laterTimes } from './through-video.ts';

const provenance = { models: [] };

/** Faces by who they are (0, 1 …) and how well they are seen; things by their names. */
function sceneOf(faces: readonly (readonly [number, number])[], things: readonly string[] = [], score = 0.9): Scene {
  return {
    faces: {
      provenance,
      faces: faces.map(([who, quality], i) => ({
        id: `face-${i + 1}`,
        box: { x: 0.1 + i / 10, y: 0.1, width: quality / 4, height: quality / 4 },
        score,
        points: {} as never,
        rollDegrees: 0,
        quality: { overall: quality, size: quality, sharpness: quality, pose: quality },
        vector: Float32Array.from({ length: 128 }, (_, k) => Number(k === who)),
      })),
    },
    objects: {
      provenance,
      objects: things.map((label, i) => ({ label, score: score - i / 10, box: { x: 0, y: 0, width: 1, height: 1 } })),
    },
  } as unknown as Scene;
}

describe('a video is looked at', () => {
  test('once where it is short, every few seconds else, and not without end', () => {
    expect(laterTimes(0)).toEqual([]);
    expect(laterTimes(1400)).toEqual([]);
    expect(laterTimes(3000)).toEqual([2910]);
    expect(laterTimes(10_000)).toEqual([5350, 9700]);
    expect(laterTimes(60_000)).toHaveLength(14);
    expect(laterTimes(7_200_000)).toHaveLength(23);
  });

  test('within it, evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1500, max: 1e8 }), (durationMs) => {
        const times = laterTimes(durationMs);
        const steps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
        expect(Math.max(0, ...steps) - Math.min(...steps, Math.max(0, ...steps))).toBeLessThanOrEqual(1);
        expect(Math.min(...times)).toBeGreaterThan(0);
        expect(Math.max(...times)).toBeLessThan(durationMs);
      }),
    );
  });
});

describe('of frames of a video', () => {
  test('each face is kept once, as it is seen best', () => {
    const { faces } = gatherScenes(sceneOf([[0, 0.4]]), [
      { atMs: 4000, scene: sceneOf([[1, 0.5]]) },
      {
        atMs: 8000,
        scene: sceneOf([
          [0, 0.9],
          [1, 0.3],
        ]),
      },
    ]);
    expect(faces?.faces.map(({ id, atMs, quality }) => [id, atMs, quality.overall])).toEqual([
      ['face-1', 8000, 0.9],
      ['face-2', 4000, 0.5],
    ]);
  });

  test('two of one frame stay two, however alike', () => {
    const twins = sceneOf([
      [0, 0.8],
      [0, 0.7],
    ]);
    const { faces } = gatherScenes(twins, [{ atMs: 4000, scene: twins }]);
    expect(faces?.faces).toHaveLength(2);
  });

  test('what is seen in the frame that stands for it has no time', () => {
    const { faces } = gatherScenes(sceneOf([[0, 0.9]]), [{ atMs: 4000, scene: sceneOf([[0, 0.4]]) }]);
    expect(faces?.faces).toHaveLength(1);
    expect(faces?.faces[0]).not.toHaveProperty('atMs');
  });

  test('what only one of many shows has to be sure', () => {
    const odd = sceneOf([[0, 0.3]], ['frisbee'], 0.4);
    const empty = { atMs: 4000, scene: sceneOf([]) };
    const count = ({ faces, objects }: ReturnType<typeof gatherScenes>) =>
      [faces?.faces, objects?.objects].map((all) => all?.length);
    expect(count(gatherScenes(odd, [empty]))).toEqual([1, 1]);
    expect(count(gatherScenes(odd, [empty, { ...empty, atMs: 8000 }]))).toEqual([0, 0]);
    expect(count(gatherScenes(odd, [empty, { atMs: 8000, scene: odd }]))).toEqual([1, 1]);
    expect(count(gatherScenes(sceneOf([[0, 0.3]], ['dog']), [empty, { ...empty, atMs: 8000 }]))).toEqual([1, 1]);
  });

  test('of each kind the things of the frame that shows most of it are kept', () => {
    const { objects } = gatherScenes(sceneOf([], ['dog']), [
      { atMs: 4000, scene: sceneOf([], ['cat', 'dog', 'dog']) },
      { atMs: 8000, scene: sceneOf([], ['dog']) },
    ]);
    expect(objects?.objects.map(({ label, atMs }) => [label, atMs])).toEqual([
      ['cat', 4000],
      ['dog', 4000],
      ['dog', 4000],
    ]);
  });
});
