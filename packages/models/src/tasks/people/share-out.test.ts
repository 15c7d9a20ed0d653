import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plane } from './grid.ts';
import { shareOut } from './share-out.ts';

const SIDE = 8;

const claim: fc.Arbitrary<Plane> = fc
  .record({ x: fc.nat(7), y: fc.nat(7), across: fc.integer({ min: 1, max: 8 }), down: fc.integer({ min: 1, max: 8 }) })
  .chain(({ x, y, across, down }) => {
    const area = { x, y, width: Math.min(across, SIDE - x), height: Math.min(down, SIDE - y) };
    const length = area.width * area.height;
    // Also outside of 0..1, as a filter may give.
    return fc
      .array(fc.double({ min: -0.2, max: 1.2, noNaN: true }), { minLength: length, maxLength: length })
      .map((values) => ({ area, values: Float32Array.from(values) }));
  });

/** The same claims with shares of their own, 0..1 and beyond. */
const claimsWithShares = fc
  .array(fc.tuple(claim, fc.double({ min: -0.2, max: 1.2, noNaN: true })), { minLength: 1, maxLength: 5 })
  .map((pairs) => ({
    claims: pairs.map(([each]) => each),
    shares: pairs.map(([{ values }, share]) => values.map((value, i) => (i % 2 === 0 ? share : value))),
  }));

describe('shareOut', () => {
  it('never gives more than all of a pixel, and no less than the strongest claim on it', () => {
    fc.assert(
      fc.property(claimsWithShares, ({ claims, shares }) => {
        const mattes = shareOut(claims, shares, SIDE, SIDE);
        const sums = new Float64Array(SIDE * SIDE);
        const strongest = new Float64Array(SIDE * SIDE);
        for (const [i, { area, values }] of claims.entries()) {
          for (const [at, pixel] of pixelsOf(area).entries()) {
            sums[pixel] = (sums[pixel] as number) + (mattes[i]?.data[at] as number);
            const share = Math.min(1, Math.max(0, values[at] as number));
            strongest[pixel] = Math.max(strongest[pixel] as number, Math.round(share * 255));
          }
        }
        expect(Math.max(...sums)).toBeLessThanOrEqual(255);
        expect([...sums]).toEqual([...strongest]);
      }),
    );
  });

  it('gives a pixel of two people to the one with the larger share, whoever claims more', () => {
    const area = { x: 0, y: 0, width: 2, height: 1 };
    const [a, b] = shareOut(
      [
        { area, values: Float32Array.of(0.95, 0.5) },
        { area, values: Float32Array.of(0.5, 0.95) },
      ],
      [Float32Array.of(0.9, 0.9), Float32Array.of(0.1, 0.1)],
      2,
      1,
    );
    expect([...(a?.data ?? [])].every((alpha) => alpha > 220)).toBe(true);
    expect([...(b?.data ?? [])].every((alpha) => alpha < 20)).toBe(true);
  });

  it('leaves a person who is alone what they claim', () => {
    const values = Float32Array.of(0.2, 1);
    const [only] = shareOut([{ area: { x: 1, y: 1, width: 2, height: 1 }, values }], [values], 4, 4);
    expect([...(only?.data ?? [])]).toEqual([51, 255]);
  });
});

function pixelsOf({ x, y, width, height }: Plane['area']): readonly number[] {
  return Array.from({ length: width * height }, (_, i) => (y + Math.floor(i / width)) * SIDE + x + (i % width));
}
