import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createThreadCache } from '../async/thread-cache.ts';
import { createPicture, type Picture } from './picture.ts';
import { createRowResampler } from './resample.ts';
import { createTaps, type ResizeFilter } from './taps.ts';

const side = fc.integer({ min: 1, max: 40 });
const anyFilter = fc.constantFrom<ResizeFilter>('area', 'bilinear', 'bicubic', 'mitchell', 'lanczos3');

/** Any bytes, where some rows are opaque: no row, each of two rows, or all. */
const anyPicture = fc.tuple(side, side, fc.integer({ min: 0, max: 2 })).chain(([width, height, opaque]) =>
  fc.uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }).map((bytes): Picture => {
    const data = new Uint8Array(new Uint8Array(bytes.length + 5).buffer, 5);
    data.set(bytes);
    for (let i = 0; i < width * height; i++) {
      if ((Math.floor(i / width) % 2) + opaque >= 2) data[i * 4 + 3] = 255;
    }
    return createPicture(width, height, { data });
  }),
);

test('SIMD gives the same bits as TypeScript, of any part, at any size, with any transparency', () => {
  fc.assert(
    fc.property(
      anyPicture,
      side,
      side,
      anyFilter,
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.boolean(),
      (picture, width, height, filter, cut, fromEnd) => {
        const { width: w, height: h } = picture;
        const columns = createTaps(w, width, filter, fromEnd ? w * cut : 0, w * (1 - cut));
        const rows = createTaps(h, height, filter, fromEnd ? 0 : h * cut, h * (1 - cut));
        const reference = createRowResampler(picture, columns, rows, { simd: false });
        const simd = createRowResampler(picture, columns, rows, { simd: 'always' });
        const expected = new Uint8Array(width * 4 + 3);
        const bytes = new Uint8Array(width * 4 + 3);
        for (let row = height - 1; row >= 0; row--) {
          expect(Array.from(simd.row(row))).toEqual(Array.from(reference.row(row)));
          reference.write(row, expected, 3);
          simd.write(row, bytes, 3);
          expect(bytes).toEqual(expected);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('SIMD is what resamples a photo', () => {
  // Bytes of a photo are summed in whole numbers by both; a program that did nothing would give zeros.
  const picture = createPicture(701, 499);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = i % 4 === 3 ? 255 : (i * 7919) >>> 3;
  const columns = createTaps(701, 97, 'area');
  const rows = createTaps(499, 61, 'area');
  const photo = createRowResampler(picture, columns, rows).row(30);
  expect(Array.from(photo)).toEqual(Array.from(createRowResampler(picture, columns, rows, { simd: false }).row(30)));
  expect(photo.buffer.byteLength % 65536).toBe(0);
});

test('SIMD is what resamples small pictures, too, once as many came as make a photo, and never tiny ones', () => {
  const resampleOf = (side: number, cache = createThreadCache()) => {
    const taps = createTaps(side, side >> 1, 'area');
    const picture = createPicture(side, side);
    return () => createRowResampler(picture, taps, taps, { cache }).row(0).buffer.byteLength % 65536 === 0;
  };
  const small = resampleOf(200);
  const areBySimd = Array.from({ length: 8 }, small);
  expect(areBySimd).toEqual([false, false, false, false, false, false, true, true]);
  expect(Array.from({ length: 99 }, resampleOf(80))).not.toContain(true);
});
