import { alphaAt, createPicture, type RegionMatte } from '@focal/core';
import { describe, expect, it } from 'vitest';
import type { Session } from '../ports.ts';
import { segmentPeople } from './people.ts';

const SIDE = 256;

/** A model that says the same everywhere. */
function constant(outputs: Readonly<Record<string, number>>): Session {
  return {
    inputNames: ['input'],
    outputNames: Object.keys(outputs),
    device: 'cpu',
    run: async () =>
      Object.fromEntries(
        Object.entries(outputs).map(([name, value]) => [
          name,
          { type: 'float32', data: new Float32Array(SIDE * SIDE).fill(value), dims: [SIDE, SIDE] },
        ]),
      ),
    close: async () => {},
  };
}

describe('segmentPeople', () => {
  it('takes the ellipse in the box where only the pose model sees a person', async () => {
    const sessions = { pose: pose(200), selfie: constant({ shares: 0 }) };
    const picture = createPicture(256, 256, { data: new Uint8ClampedArray(256 * 256 * 4).fill(90) });
    const [person] = await segmentPeople(sessions, picture, [
      { box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 }, score: 1 },
    ]);
    const { width, height, data } = person?.matte.matte ?? { width: 0, height: 0, data: [] };
    expect(data[(height >> 1) * width + (width >> 1)]).toBeGreaterThanOrEqual(128);
    const full = [...data].filter((alpha) => alpha >= 128).length;
    expect(full).toBeLessThan(0.9 * 128 * 128);
  });

  it('gives neighbours of whom the models see nothing but people the halves where their faces are', async () => {
    const sessions = { pose: pose(200), selfie: constant({ shares: 1 }) };
    const data = new Uint8ClampedArray(256 * 256 * 4);
    for (let i = 0; i < 256 * 256; i++) data.set(i % 256 < 128 ? [180, 90, 60, 255] : [60, 90, 180, 255], i * 4);
    const faces = [0.25, 0.65].map((x) => ({ x, y: 0.1, width: 0.1, height: 0.1 }));
    // Both boxes hold both people.
    const persons = faces.map((face, i) => ({
      box: { x: 0.1, y: 0.05, width: 0.8, height: 0.9 },
      score: 1,
      faceIds: [`${i}`],
      heads: [face],
    }));
    const people = await segmentPeople(sessions, createPicture(256, 256, { data }), persons);
    for (const [i, x] of [0.3, 0.7].entries()) {
      const person = people.find(({ faceIds }) => faceIds[0] === `${i}`);
      expect(
        [0.15, 0.3, 0.45].map((y) => alphaAt(person?.matte as RegionMatte, { x, y })).filter((a) => a < 200),
      ).toEqual([]);
      expect(alphaAt(person?.matte as RegionMatte, { x: 1 - x, y: 0.4 })).toBeLessThan(50);
    }
  });

  it('anchors a large person deep inside', async () => {
    const sessions = { pose: pose(200), selfie: constant({ shares: 1 }) };
    const picture = createPicture(200, 200, { data: new Uint8ClampedArray(200 * 200 * 4).fill(90) });
    const box = { x: 0.1, y: 0.1, width: 0.5, height: 0.8 };
    const [person] = await segmentPeople(sessions, picture, [{ box, score: 1 }]);
    expect(person?.anchor.x).toBeCloseTo(box.x + box.width / 2, 1);
  });
});

function pose(logit: number): Session {
  const session = constant({ Identity_1: 1, Identity_2: logit });
  const run: Session['run'] = async (feeds, options) => {
    const outputs = await session.run(feeds, options);
    return {
      ...outputs,
      Identity: { type: 'float32', data: new Float32Array(195), dims: [1, 195] },
      Identity_1: { type: 'float32', data: Float32Array.of(1), dims: [1, 1] },
    };
  };
  return { ...session, run };
}
