import { expect, test } from 'vitest';
import { createSrgbTables } from './srgb.ts';

const { toLinear, fromLinear } = createSrgbTables();

test('every byte comes back from linear light', () => {
  for (let byte = 0; byte < 256; byte++) {
    expect(fromLinear[((toLinear[byte] as number) * 65535 + 0.5) | 0]).toBe(byte);
  }
});

test('the tables rise, and hold the values of IEC 61966-2-1', () => {
  for (let byte = 1; byte < 256; byte++) expect(toLinear[byte]).toBeGreaterThan(toLinear[byte - 1] as number);
  expect(fromLinear.findIndex((byte, at) => byte < (fromLinear[at - 1] ?? 0))).toBe(-1);
  expect(toLinear[0]).toBe(0);
  expect(toLinear[255]).toBe(1);
  expect(toLinear[128]).toBeCloseTo(0.2158605, 6);
  expect(toLinear[10]).toBeCloseTo(10 / 255 / 12.92, 6);
});
