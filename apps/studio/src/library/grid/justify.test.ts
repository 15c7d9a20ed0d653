import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { justifyRows, toAspect } from './justify.ts';

const aspects = fc.array(fc.double({ min: 0.45, max: 3.2, noNaN: true }), { maxLength: 200 });
const options = fc.record({
  width: fc.integer({ min: 240, max: 3000 }),
  height: fc.integer({ min: 60, max: 400 }),
  gap: fc.integer({ min: 0, max: 12 }),
});

describe('justified rows', () => {
  it('hold every picture once, in order, below each other', () => {
    fc.assert(
      fc.property(aspects, options, (pictures, sizes) => {
        const rows = justifyRows(pictures, sizes);
        let [next, bottom] = [0, -sizes.gap];
        for (const { from, to, top, height } of rows) {
          expect(from).toBe(next);
          expect(to).toBeGreaterThan(from);
          expect(top).toBeCloseTo(bottom + sizes.gap, 6);
          [next, bottom] = [to, top + height];
        }
        expect(next).toBe(pictures.length);
      }),
    );
  });

  it('fill the width, all but the last, and never pass it', () => {
    fc.assert(
      fc.property(aspects, options, (pictures, sizes) => {
        const rows = justifyRows(pictures, sizes);
        const widths = rows.map(({ from, to, height }) => {
          const sum = pictures.slice(from, to).reduce((all, aspect) => all + aspect, 0);
          return sum * height + sizes.gap * (to - from - 1);
        });
        for (const width of widths.slice(0, -1)) expect(width).toBeCloseTo(sizes.width, 4);
        for (const width of widths) expect(width).toBeLessThanOrEqual(sizes.width + 1e-6);
      }),
    );
  });

  it('come close to the height that is wanted', () => {
    const pictures = Array.from({ length: 300 }, (_, i) => [1.5, 1.333, 0.667, 1.778][i % 4] ?? 1);
    const rows = justifyRows(pictures, { width: 1200, height: 200, gap: 4 });
    for (const { height } of rows) {
      expect(height).toBeGreaterThan(150);
      expect(height).toBeLessThan(260);
    }
  });

  it('do not stretch what is left over', () => {
    expect(justifyRows([1], { width: 1200, height: 200, gap: 4 })).toEqual([{ from: 0, to: 1, top: 0, height: 200 }]);
    expect(justifyRows([], { width: 1200, height: 200, gap: 4 })).toEqual([]);
  });

  it('cut very long shapes', () => {
    expect(toAspect({ width: 12_000, height: 1000 })).toBe(3.2);
    expect(toAspect({ width: 100, height: 4000 })).toBe(0.45);
    expect(toAspect({ width: 3, height: 0 })).toBe(3);
  });
});
