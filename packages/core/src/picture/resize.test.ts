import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMatte } from './matte.ts';
import { createPicture, type Picture } from './picture.ts';
import { planResizePicture, resizeMatte, resizePicture } from './resize.ts';
import type { ResizeFilter } from './taps.ts';

const filters: readonly ResizeFilter[] = ['area', 'bilinear', 'bicubic', 'mitchell', 'lanczos3'];
const anyFilter = fc.constantFrom(...filters);
const side = fc.integer({ min: 1, max: 23 });

/** Any picture, its bytes at an odd offset of their buffer. */
const anyPicture = fc.tuple(side, side).chain(([width, height]) =>
  fc.uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }).map((bytes): Picture => {
    const buffer = new Uint8Array(bytes.length + 3);
    buffer.set(bytes, 3);
    return createPicture(width, height, { data: buffer.subarray(3) });
  }),
);

test('a picture of one colour keeps it exactly at any size with any filter', () => {
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      anyFilter,
      fc.uint8Array({ minLength: 3, maxLength: 3 }),
      (w, h, w2, h2, filter, rgb) => {
        const picture = createPicture(w, h);
        for (let i = 0; i < w * h; i++) picture.data.set([...rgb, 255], i * 4);
        const resized = resizePicture(picture, w2, h2, { filter });
        expect([resized.width, resized.height]).toEqual([w2, h2]);
        for (let i = 0; i < w2 * h2; i++) expect([...resized.data.subarray(i * 4, i * 4 + 4)]).toEqual([...rgb, 255]);
      },
    ),
  );
});

test('the same size gives the same bytes, but for colours under alpha 0, which become 0', () => {
  fc.assert(
    fc.property(
      anyPicture,
      fc.constantFrom<ResizeFilter>('area', 'bilinear', 'bicubic', 'lanczos3'),
      (picture, filter) => {
        const expected = Uint8Array.from(picture.data);
        for (let i = 0; i < expected.length; i += 4) if (expected[i + 3] === 0) expected.fill(0, i, i + 4);
        expect(resizePicture(picture, picture.width, picture.height, { filter }).data).toEqual(expected);
      },
    ),
  );
});

test('rows can be computed in any order and in pieces, and the input is not touched', () => {
  fc.assert(
    fc.property(anyPicture, side, side, anyFilter, fc.nat(), (picture, width, height, filter, cut) => {
      const before = Uint8Array.from(picture.data);
      const whole = resizePicture(picture, width, height, { filter });
      const { passes, result } = planResizePicture(picture, width, height, { filter });
      for (const pass of passes) {
        const at = cut % (pass.rows + 1);
        pass.run(at, pass.rows);
        pass.run(0, at);
      }
      expect(result.data).toEqual(whole.data);
      expect(Uint8Array.from(picture.data)).toEqual(before);
    }),
  );
});

test('area gives the exact mean of what each pixel covers, as summed up by hand', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      side,
      side,
      fc.nat(),
      (fx, fy, w, h, seed) => {
        const matte = createMatte(w * fx, h * fy);
        for (let i = 0; i < matte.data.length; i++) matte.data[i] = ((i + seed) * 2654435761) >>> 24;
        const reduced = resizeMatte(matte, w, h, { filter: 'area' });
        for (let cell = 0; cell < w * h; cell++) {
          let sum = 0;
          for (let k = 0; k < fx * fy; k++) {
            const x = (cell % w) * fx + (k % fx);
            const y = Math.floor(cell / w) * fy + Math.floor(k / fx);
            sum += matte.data[y * matte.width + x] as number;
          }
          expect(Math.abs((reduced.data[cell] as number) - sum / (fx * fy))).toBeLessThan(0.53);
        }
      },
    ),
  );
});

test('transparent pixels do not bleed their colour into visible ones', () => {
  const picture = createPicture(8, 1);
  for (let x = 0; x < 8; x++) picture.data.set(x < 4 ? [255, 0, 0, 255] : [0, 255, 0, 0], x * 4);
  for (const filter of filters) {
    const { data, width } = resizePicture(picture, 5, 1, { filter });
    for (let x = 0; x < width; x++) {
      const [r, g, b, a] = [...data.subarray(x * 4, x * 4 + 4)];
      expect([r, g, b]).toEqual(a === 0 ? [0, 0, 0] : [255, 0, 0]);
    }
  }
});

test('a region shows that part and nothing else', () => {
  const picture = createPicture(6, 4);
  for (let i = 0; i < 24; i++) picture.data.set([i * 10, 0, 0, 255], i * 4);
  const part = resizePicture(picture, 2, 2, { filter: 'area', region: { x: 3, y: 1, width: 2, height: 2 } });
  expect([0, 4, 8, 12].map((i) => part.data[i])).toEqual([90, 100, 150, 160]);
  expect(() => resizePicture(picture, 2, 2, { region: { x: 5, y: 0, width: 2, height: 1 } })).toThrow(
    /region inside 6×4/,
  );
});

test('bicubic enlarges a step as Catmull-Rom does, with its overshoot', () => {
  // Keys' kernel with a = -0.5 evaluated at quarter pixels, cut off at the borders and normalised.
  const matte = createMatte(4, 1, { data: Uint8Array.of(50, 50, 150, 150) });
  expect([...resizeMatte(matte, 8, 1, { filter: 'bicubic' }).data]).toEqual([50, 48, 43, 70, 130, 157, 152, 150]);
});
