import { expect, test } from 'vitest';
import { COLOR_WORDS, colorBit, colorBitsOf, nameColor } from './colors.ts';

test.each([
  [[200, 30, 30], 'red'],
  [[240, 140, 30], 'orange'],
  [[250, 220, 60], 'yellow'],
  [[60, 140, 50], 'green'],
  [[40, 90, 190], 'blue'],
  [[110, 60, 170], 'purple'],
  [[250, 170, 190], 'pink'],
  [[110, 70, 35], 'brown'],
  [[20, 20, 25], 'black'],
  [[245, 245, 240], 'white'],
  [[128, 128, 130], 'gray'],
] as const)('people call %j %s', (rgb, name) => {
  expect(nameColor(rgb)).toBe(name);
});

test('a photo has the colours of which there is much, also where it is in several shades', () => {
  const bits = colorBitsOf([
    { rgb: [40, 90, 190], share: 0.05 },
    { rgb: [60, 120, 220], share: 0.05 },
    { rgb: [245, 245, 240], share: 0.6 },
    { rgb: [200, 30, 30], share: 0.07 },
  ]);
  expect(COLOR_WORDS.filter((word) => (bits & (colorBit(word) ?? 0)) !== 0)).toEqual(['blue', 'white']);
  expect(colorBit('grey')).toBe(colorBit('gray'));
  expect(colorBit('#ffffff')).toBeUndefined();
});
