import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertRgb, createColorConverter } from './color-space.ts';
import { createSrgbTables } from './srgb.ts';

const tables = createSrgbTables();

test('sRGB red, green and blue have the Display P3 values of CSS Color 4', () => {
  // color(srgb 1 0 0) is color(display-p3 0.9175 0.2003 0.1386), and so on.
  expect(convertRgb([255, 0, 0], 'srgb', 'display-p3', tables)).toEqual([234, 51, 35]);
  expect(convertRgb([0, 255, 0], 'srgb', 'display-p3', tables)).toEqual([117, 251, 76]);
  expect(convertRgb([0, 0, 255], 'srgb', 'display-p3', tables)).toEqual([0, 0, 245]);
});

test('greys stay, and every sRGB colour comes back within rounding', () => {
  for (let byte = 0; byte < 256; byte++) {
    expect(convertRgb([byte, byte, byte], 'srgb', 'display-p3', tables)).toEqual([byte, byte, byte]);
  }
  fc.assert(
    fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), (color) => {
      const back = convertRgb(convertRgb(color, 'srgb', 'display-p3', tables), 'display-p3', 'srgb', tables);
      // One step near black is many in another space's curve: measured in light.
      for (const c of [0, 1, 2] as const) {
        const error = (tables.toLinear[back[c]] as number) - (tables.toLinear[color[c]] as number);
        expect(Math.abs(error)).toBeLessThan(0.012);
      }
    }),
  );
});

test('the same space needs no conversion', () => {
  expect(createColorConverter('srgb', 'srgb', tables)).toBeUndefined();
});
