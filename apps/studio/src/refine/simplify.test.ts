import { coverRow, toPixels } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StrokePoint, simplifyStroke } from './simplify.ts';

const size = { width: 400, height: 300 };

function cover(points: readonly StrokePoint[], radius: number): Uint8Array {
  const { width, height } = size;
  const stroke = toPixels({ radius, softness: 0.3, points }, width, height);
  const all = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) coverRow(stroke, y, all.subarray(y * width, (y + 1) * width));
  return all;
}

/** As a hand draws: a curve, sampled closely. */
const drawCurve = (phase: number, turns: number): readonly StrokePoint[] =>
  Array.from({ length: 240 }, (_, i) => {
    const t = i / 239;
    const y = 0.5 + 0.3 * Math.sin(phase + turns * 6.28 * t);
    return { x: 0.1 + 0.8 * t, y, pressure: 0.5 + 0.5 * Math.sin(4 * t) ** 2 };
  });
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('simplifyStroke', () => {
  it('needs a fraction of the points for nearly the same stroke', () => {
    fc.assert(
      fc.property(real(0, 6), real(0.2, 2), real(0.01, 0.1), (phase, turns, radius) => {
        const points = drawCurve(phase, turns);
        const simple = simplifyStroke(points, radius, size);
        expect(simple.length).toBeLessThan(points.length / 2);
        const [before, after] = [cover(points, radius), cover(simple, radius)];
        const covered = before.reduce((sum, value) => sum + value, 0);
        const changed = before.reduce((sum, value, i) => sum + Math.abs(value - (after[i] as number)), 0);
        expect(changed / covered).toBeLessThan(0.03);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps both ends, and a dot', () => {
    const line = [0.1, 0.2, 0.3, 0.4].map((x) => ({ x, y: 0.5 }));
    expect(simplifyStroke(line, 0.05, size)).toEqual([line[0], line[3]]);
    expect(simplifyStroke([{ x: 0.123456789, y: 0.5 }], 0.05, size)).toEqual([{ x: 0.12346, y: 0.5 }]);
  });

  it('keeps where the pressure changes on a straight line', () => {
    const line = [1, 1, 0.2, 1, 1].map((pressure, i) => ({ x: i / 10, y: 0.5, pressure }));
    expect(simplifyStroke(line, 0.05, size)).toContainEqual({ x: 0.2, y: 0.5, pressure: 0.2 });
  });

  it('never gives more points than there is room for', () => {
    const noise = Array.from({ length: 5000 }, (_, i) => ({ x: (i * 0.618) % 1, y: (i * 0.377) % 1 }));
    expect(simplifyStroke(noise, 0.001, size).length).toBeLessThanOrEqual(600);
  });
});
