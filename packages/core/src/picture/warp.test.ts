import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Affine, applyAffine, fromTurnedCrop, invertAffine } from './affine.ts';
import { createPicture, type Picture } from './picture.ts';
import { warpPicture } from './warp.ts';

const side = fc.integer({ min: 1, max: 19 });

/** Any picture, its bytes at an odd offset of their buffer, without colour where nothing can be seen. */
const anyPicture = fc.tuple(side, side).chain(([width, height]) =>
  fc.uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }).map((bytes): Picture => {
    const data = new Uint8Array(bytes.length + 3).subarray(3);
    data.set(bytes);
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 0) data.fill(0, i, i + 4);
    return createPicture(width, height, { data });
  }),
);

const anyCrop = fc.record({
  x: fc.double({ min: -30, max: 50, noNaN: true }),
  y: fc.double({ min: -30, max: 50, noNaN: true }),
  size: fc.double({ min: 0.1, max: 300, noNaN: true }),
  radians: fc.double({ min: -7, max: 7, noNaN: true }),
});

test('a map that changes nothing gives the same bytes', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      const same = warpPicture(picture, { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 }, picture.width, picture.height);
      expect(same.data).toEqual(Uint8Array.from(picture.data));
    }),
  );
});

test('a turn by 90° moves each pixel whole', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      const { width, height } = picture;
      const turned = warpPicture(picture, { xx: 0, xy: 1, x0: 0, yx: -1, yy: 0, y0: height }, height, width);
      for (let y = 0; y < width; y++) {
        for (let x = 0; x < height; x++) {
          const from = ((height - 1 - x) * width + y) * 4;
          const to = (y * height + x) * 4;
          expect([...turned.data.subarray(to, to + 4)]).toEqual([...picture.data.subarray(from, from + 4)]);
        }
      }
    }),
  );
});

test('a crop turned by a right angle is exact, too', () => {
  const picture = createPicture(4, 4, { data: Uint8Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 255 : i * 3)) });
  const turned = warpPicture(picture, fromTurnedCrop({ x: 2, y: 2, size: 4, radians: Math.PI / 2 }, 4), 4, 4);
  const back = warpPicture(turned, fromTurnedCrop({ x: 2, y: 2, size: 4, radians: -Math.PI / 2 }, 4), 4, 4);
  expect(turned.data).not.toEqual(picture.data);
  expect(back.data).toEqual(picture.data);
});

test('the inverse of a map takes every place back', () => {
  fc.assert(
    fc.property(anyCrop, side, (crop, pixels) => {
      const map = fromTurnedCrop(crop, pixels);
      const there = applyAffine(map, 3, 5);
      const back = applyAffine(invertAffine(map), there.x, there.y);
      expect(back.x).toBeCloseTo(3, 4);
      expect(back.y).toBeCloseTo(5, 4);
    }),
  );
});

test('a picture of one colour keeps it in any crop, and what lies beyond has the colour that was asked for', () => {
  fc.assert(
    fc.property(side, side, anyCrop, side, fc.boolean(), (width, height, crop, pixels, replicates) => {
      const picture = createPicture(width, height);
      for (let i = 0; i < width * height; i++) picture.data.set([40, 90, 200, 255], i * 4);
      const options = replicates ? {} : { outside: [40, 90, 200] as const };
      const warped = warpPicture(picture, fromTurnedCrop(crop, pixels), pixels, pixels, options);
      for (let i = 0; i < pixels * pixels; i++) {
        expect([...warped.data.subarray(i * 4, i * 4 + 4)]).toEqual([40, 90, 200, 255]);
      }
    }),
  );
});

test('any picture gives a crop within the range of its own alpha and colours', () => {
  fc.assert(
    fc.property(anyPicture, anyCrop, side, (picture, crop, pixels) => {
      const warped = warpPicture(picture, fromTurnedCrop(crop, pixels), pixels, pixels);
      for (let c = 0; c < 3; c++) {
        const seen = [...picture.data].filter((_, i) => i % 4 === c);
        const got = [...warped.data].filter((_, i) => i % 4 === c && warped.data[i - c + 3] !== 0);
        if (got.length === 0) continue;
        expect(Math.max(...got)).toBeLessThanOrEqual(Math.max(...seen) + 1);
        // A colour that can be seen comes from pixels that can be seen.
        const visible = [...picture.data].filter((_, i) => i % 4 === c && picture.data[i - c + 3] !== 0);
        expect(Math.min(...got)).toBeGreaterThanOrEqual(Math.min(...visible) - 1);
      }
    }),
  );
});

test('stripes of one pixel become an even grey when they are reduced, at any angle', () => {
  const picture = createPicture(400, 300);
  for (let i = 0; i < 400 * 300; i++) {
    const value = i % 2 === 0 ? 0 : 200;
    picture.data.set([value, value, value, 255], i * 4);
  }
  for (const size of [110, 160, 260]) {
    for (const radians of [0, 0.3, Math.PI / 4, 2]) {
      const crop = warpPicture(picture, fromTurnedCrop({ x: 200, y: 150, size, radians }, 32), 32, 32);
      const greys = [...crop.data].filter((_, i) => i % 4 === 0);
      expect(Math.max(...greys) - Math.min(...greys), `${size} ${radians}`).toBeLessThan(70);
    }
  }
});

test('a picture that is reduced gives the same bytes wherever its own lie in their buffer', () => {
  const anyLarge = fc.record({
    width: fc.integer({ min: 1, max: 60 }),
    height: fc.integer({ min: 1, max: 60 }),
    seed: fc.integer({ min: 0, max: 255 }),
    step: fc.integer({ min: 0, max: 97 }),
    clear: fc.integer({ min: 0, max: 40 }),
    factor: fc.integer({ min: 2, max: 20 }),
  });
  fc.assert(
    fc.property(anyLarge, ({ width, height, seed, step, clear, factor }) => {
      const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
        const isHole = clear > 0 && (i >> 2) % (clear * 7) === 0;
        return i % 4 === 3 ? (isHole ? 100 : 255) : seed + i * step;
      });
      const odd = new Uint8Array(data.length + 1).subarray(1);
      odd.set(data);
      const map = { xx: factor, xy: 0, x0: 1, yx: 0, yy: factor, y0: -1 };
      const [one, other] = [data, odd].map((bytes) =>
        warpPicture(createPicture(width, height, { data: bytes }), map, 5, 4),
      );
      expect(one?.data).toEqual(other?.data);
    }),
  );
});

test('what lies beyond is filled with the colour, and the rest is not', () => {
  const picture = createPicture(2, 2, { data: new Uint8Array(16).fill(255) });
  const moved: Affine = { xx: 1, xy: 0, x0: -1, yx: 0, yy: 1, y0: 0 };
  const warped = warpPicture(picture, moved, 3, 2, { outside: [9, 8, 7] });
  expect([...warped.data.subarray(0, 12)]).toEqual([9, 8, 7, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
});

test('a transparent pixel does not bleed its colour', () => {
  const data = Uint8Array.from([255, 0, 0, 0, 0, 0, 255, 255]);
  const warped = warpPicture(createPicture(2, 1, { data }), { xx: 1, xy: 0, x0: 0.5, yx: 0, yy: 1, y0: 0 }, 1, 1);
  expect([...warped.data]).toEqual([0, 0, 255, 128]);
});

test('a map that flattens the plane is refused', () => {
  const picture = createPicture(2, 2);
  expect(() => warpPicture(picture, { xx: 0, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 }, 2, 2)).toThrow('affine');
  expect(() => warpPicture(picture, { xx: 1, xy: 0, x0: Number.NaN, yx: 0, yy: 1, y0: 0 }, 2, 2)).toThrow('affine');
});
