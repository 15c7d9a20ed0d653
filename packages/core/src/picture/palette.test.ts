import { describe, expect, test } from 'vitest';
import { findPalette } from './palette.ts';

const fill = (...parts: readonly (readonly [number, number, number, number])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap(([n, r, g, b]) => Array.from({ length: n }, () => [r, g, b]).flat()));

describe('findPalette', () => {
  test('gives the largest share first', () => {
    const palette = findPalette(fill([30, 250, 10, 10], [60, 10, 10, 240], [10, 20, 200, 20]));
    expect(palette.map(({ rgb }) => rgb)).toEqual([
      [10, 10, 240],
      [250, 10, 10],
      [20, 200, 20],
    ]);
    expect(palette.map(({ share }) => share)).toEqual([0.6, 0.3, 0.1]);
  });

  test('takes like colours together, as their mean', () => {
    expect(findPalette(fill([1, 200, 100, 0], [1, 210, 110, 10]))).toEqual([{ rgb: [205, 105, 5], share: 1 }]);
  });

  test('gives so many and no more, and nothing of nothing', () => {
    expect(findPalette(fill([4, 255, 0, 0], [3, 0, 255, 0], [2, 0, 0, 255]), 2)).toHaveLength(2);
    expect(findPalette(new Uint8Array(0))).toEqual([]);
  });
});
