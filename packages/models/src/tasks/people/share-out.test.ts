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

describe('shareOut', () => {
  it('never gives more than all of a pixel, and no less than the strongest claim on it', () => {
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 5 }), (claims) => {
        const mattes = shareOut(claims, SIDE, SIDE);
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

  it('gives a pixel of two people to the surer one', () => {
    const area = { x: 0, y: 0, width: 2, height: 1 };
    const [a, b] = shareOut(
      [
        { area, values: Float32Array.of(0.95, 0.5) },
        { area, values: Float32Array.of(0.5, 0.95) },
      ],
      2,
      1,
    );
    expect(a?.data[0]).toBeGreaterThan(220);
    expect(b?.data[0]).toBeLessThan(20);
    expect([...(b?.data ?? [])]).toEqual([...(a?.data ?? [])].reverse());
  });

  it('leaves a person who is alone what they claim', () => {
    const [only] = shareOut([{ area: { x: 1, y: 1, width: 2, height: 1 }, values: Float32Array.of(0.2, 1) }], 4, 4);
    expect([...(only?.data ?? [])]).toEqual([51, 255]);
  });
});

function pixelsOf({ x, y, width, height }: Plane['area']): readonly number[] {
  return Array.from({ length: width * height }, (_, i) => (y + Math.floor(i / width)) * SIDE + x + (i % width));
}
