import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMatte, type Matte } from '../../picture/matte.ts';
import { createPicture, type Picture } from '../../picture/picture.ts';
import { cutAtPoint, cutByTrimap, cutInBox } from './subject-cut.ts';

const RED = [200, 40, 30] as const;
const BLUE = [30, 60, 190] as const;

interface Disc {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const anyDisc = fc
  .record({
    width: fc.integer({ min: 90, max: 260 }),
    height: fc.integer({ min: 90, max: 260 }),
    u: fc.double({ min: 0.35, max: 0.65, noNaN: true }),
    v: fc.double({ min: 0.35, max: 0.65, noNaN: true }),
    size: fc.double({ min: 0.18, max: 0.3, noNaN: true }),
  })
  .map(({ width, height, u, v, size }) => ({
    width,
    height,
    x: u * width,
    y: v * height,
    radius: size * Math.min(width, height),
  }));

function isInDisc({ x, y, radius }: Disc, column: number, row: number): boolean {
  return (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2 <= radius ** 2;
}

/** A red disc on blue, both with some grain. */
function paintDisc(disc: Disc): Picture {
  const picture = createPicture(disc.width, disc.height);
  for (let y = 0, i = 0; y < disc.height; y++) {
    for (let x = 0; x < disc.width; x++, i += 4) {
      const grain = ((x * 7 + y * 13) % 9) - 4;
      picture.data.set(
        (isInDisc(disc, x, y) ? RED : BLUE).map((value) => value + grain),
        i,
      );
      picture.data[i + 3] = 255;
    }
  }
  return picture;
}

function overlapWithDisc(matte: Matte, disc: Disc): number {
  let both = 0;
  let either = 0;
  for (let y = 0; y < matte.height; y++) {
    for (let x = 0; x < matte.width; x++) {
      const found = (matte.data[y * matte.width + x] as number) >= 128;
      const real = isInDisc(disc, x, y);
      if (found && real) both++;
      if (found || real) either++;
    }
  }
  return both / either;
}

test('a disc is found from a loose box around it', () => {
  fc.assert(
    fc.property(anyDisc, fc.double({ min: 1.1, max: 1.5, noNaN: true }), (disc, loose) => {
      const side = disc.radius * loose;
      const box = {
        x: (disc.x - side) / disc.width,
        y: (disc.y - side) / disc.height,
        width: (2 * side) / disc.width,
        height: (2 * side) / disc.height,
      };
      expect(overlapWithDisc(cutInBox(paintDisc(disc), box), disc)).toBeGreaterThan(0.97);
    }),
    { numRuns: 25 },
  );
});

test('a disc is found from a click anywhere well inside it', () => {
  fc.assert(
    fc.property(anyDisc, fc.double({ min: 0, max: 6.28, noNaN: true }), (disc, angle) => {
      const point = {
        x: (disc.x + 0.4 * disc.radius * Math.cos(angle)) / disc.width,
        y: (disc.y + 0.4 * disc.radius * Math.sin(angle)) / disc.height,
      };
      expect(overlapWithDisc(cutAtPoint(paintDisc(disc), point), disc)).toBeGreaterThan(0.97);
    }),
    {
      numRuns: 25,
      examples: [
        // Small beside the picture's diagonal: what is taken for surely subject around the click reaches past the disc.
        [{ width: 91, height: 260, x: 31.85, y: 91, radius: 16.38 }, 0],
        [{ width: 90, height: 260, x: 45, y: 130, radius: 10 }, 3],
      ],
    },
  );
});

test('a disc is found from a trimap that is sure of little', () => {
  const disc = { width: 200, height: 150, x: 90, y: 80, radius: 40 };
  const trimap = createMatte(200, 150);
  for (let y = 0; y < 150; y++) {
    for (let x = 0; x < 200; x++) {
      const away = Math.hypot(x - disc.x, y - disc.y);
      trimap.data[y * 200 + x] = away < 10 ? 255 : away < 60 ? 160 : away < 70 ? 100 : 0;
    }
  }
  expect(overlapWithDisc(cutByTrimap(paintDisc(disc), trimap), disc)).toBeGreaterThan(0.97);
});

test('pixels to avoid are not part of what is cut in a box', () => {
  const disc = { width: 160, height: 160, x: 80, y: 80, radius: 40 };
  const avoid = createMatte(160, 160);
  for (let y = 0; y < 160; y++) avoid.data.fill(255, y * 160, y * 160 + 80);
  const matte = cutInBox(paintDisc(disc), { x: 0.2, y: 0.2, width: 0.6, height: 0.6 }, { avoid });
  expect(matte.data[80 * 160 + 60]).toBe(0);
  expect(matte.data[80 * 160 + 100]).toBe(255);
});

test('pictures of any size and content give a matte, the same each time', () => {
  const anyPicture = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
        .map((data) => createPicture(width, height, { data })),
    );
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(anyPicture, share, share, (picture, x, y) => {
      const matte = cutAtPoint(picture, { x, y });
      expect([matte.width, matte.height]).toEqual([picture.width, picture.height]);
      expect(cutAtPoint(picture, { x, y })).toEqual(matte);
      const box = { x: x / 2, y: y / 2, width: 0.5, height: 0.4 };
      const boxed = cutInBox(picture, box);
      expect(cutInBox(picture, box)).toEqual(boxed);
      expect(boxed.data.length).toBe(picture.width * picture.height);
    }),
    { numRuns: 80 },
  );
});

test('long thin pictures are cut at their own shape', () => {
  const matte = cutAtPoint(createPicture(3000, 1), { x: 1, y: 1 });
  expect([matte.width, matte.height]).toEqual([320, 1]);
});

test('nothing is cut in a box outside of the picture', () => {
  const matte = cutInBox(createPicture(30, 30), { x: 1.2, y: 0, width: 0.3, height: 0.3 });
  expect(matte.data.every((value) => value === 0)).toBe(true);
});
