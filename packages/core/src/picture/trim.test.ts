import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPicture } from './picture.ts';
import { cropPicture, trimToSubject } from './trim.ts';

const side = fc.integer({ min: 1, max: 20 });

/** A picture with one opaque rectangle, its pixels numbered. */
const anySubject = fc.tuple(side, side, fc.nat(), fc.nat(), side, side).map(([width, height, x, y, w, h]) => {
  const picture = createPicture(width, height);
  const left = x % width;
  const top = y % height;
  const right = Math.min(width, left + w);
  const bottom = Math.min(height, top + h);
  for (let j = top; j < bottom; j++) {
    for (let i = left; i < right; i++) picture.data.set([i, j, 77, 255], (j * width + i) * 4);
  }
  return { picture, left, top, right, bottom };
});

test('trimming leaves exactly the subject, pixel for pixel', () => {
  fc.assert(
    fc.property(anySubject, ({ picture, left, top, right, bottom }) => {
      const trimmed = trimToSubject(picture);
      expect([trimmed.width, trimmed.height]).toEqual([right - left, bottom - top]);
      for (let i = 0; i < trimmed.width * trimmed.height; i++) {
        const expected = [left + (i % trimmed.width), top + Math.floor(i / trimmed.width), 77, 255];
        expect([...trimmed.data.subarray(i * 4, i * 4 + 4)]).toEqual(expected);
      }
    }),
  );
});

test('a margin grows the crop by that share of the longer side, and never past the picture', () => {
  fc.assert(
    fc.property(
      anySubject,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ picture, left, top, right, bottom }, share) => {
        const margin = Math.round(Math.max(right - left, bottom - top) * share);
        const trimmed = trimToSubject(picture, share);
        expect(trimmed.width).toBe(Math.min(picture.width, right + margin) - Math.max(0, left - margin));
        expect(trimmed.height).toBe(Math.min(picture.height, bottom + margin) - Math.max(0, top - margin));
      },
    ),
  );
});

test('a stray pixel that nobody sees does not hold the crop open', () => {
  const picture = createPicture(9, 9);
  picture.data[3] = 5;
  picture.data[(4 * 9 + 4) * 4 + 3] = 200;
  expect(trimToSubject(picture)).toMatchObject({ width: 1, height: 1 });
});

test('nothing visible comes back as it is, and a margin out of range is refused', () => {
  const empty = createPicture(3, 2);
  expect(trimToSubject(empty)).toBe(empty);
  expect(() => trimToSubject(empty, 1.5)).toThrow('Expected a number from 0 to 1 for the margin, got 1.5.');
});

test('a crop outside the picture is refused', () => {
  expect(() => cropPicture(createPicture(4, 4), { x: 2, y: 0, width: 3, height: 1 })).toThrow(/inside 4×4/);
  expect(() => cropPicture(createPicture(4, 4), { x: 0.5, y: 0, width: 1, height: 1 })).toThrow(/whole pixels/);
});
