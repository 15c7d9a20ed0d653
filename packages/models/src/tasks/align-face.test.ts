import { applyAffine, createPicture, type FacePoints, fromTurnedCrop, type Point } from '@focal/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignFace, createFaceTemplate, fitSimilarity, fitTemplate } from './align-face.ts';

const place = fc.record({
  x: fc.double({ min: -50, max: 50, noNaN: true }),
  y: fc.double({ min: -50, max: 50, noNaN: true }),
});

test('points that were turned, scaled and moved are met exactly', () => {
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 2, maxLength: 6 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 1, max: 90, noNaN: true }),
      (points, radians, size) => {
        const [a, b] = points as [Point, Point, ...Point[]];
        fc.pre(Math.hypot(a.x - b.x, a.y - b.y) > 0.1);
        const map = fromTurnedCrop({ x: 7, y: -3, size, radians }, 10);
        const moved = points.map(({ x, y }) => applyAffine(map, x, y));
        const found = fitSimilarity(points, moved);
        points.forEach(({ x, y }, i) => {
          const again = applyAffine(found, x, y);
          expect(again.x).toBeCloseTo((moved[i] as Point).x, 5);
          expect(again.y).toBeCloseTo((moved[i] as Point).y, 5);
        });
      },
    ),
  );
});

test('no nearby turn or scale meets noisy points better', () => {
  const from = [0, 1, 2, 3, 4].map((i) => ({ x: i * i, y: 5 - 2 * i }));
  const to = from.map(({ x, y }, i) => ({ x: 2 * y + 0.3 * i, y: -2 * x + (i % 2) }));
  const errorOf = (map: ReturnType<typeof fitSimilarity>): number =>
    from.reduce((sum, { x, y }, i) => {
      const at = applyAffine(map, x, y);
      return sum + (at.x - (to[i] as Point).x) ** 2 + (at.y - (to[i] as Point).y) ** 2;
    }, 0);
  const best = fitSimilarity(from, to);
  for (const [scale, radians, shift] of [
    [1.02, 0, 0],
    [0.98, 0, 0],
    [1, 0.02, 0],
    [1, -0.02, 0],
    [1, 0, 0.1],
    [1, 0, -0.1],
  ] as const) {
    const cos = Math.cos(radians) * scale;
    const sin = Math.sin(radians) * scale;
    const other = {
      xx: cos * best.xx - sin * best.yx,
      xy: cos * best.xy - sin * best.yy,
      x0: best.x0 + shift,
      yx: sin * best.xx + cos * best.yx,
      yy: sin * best.xy + cos * best.yy,
      y0: best.y0,
    };
    expect(errorOf(other)).toBeGreaterThan(errorOf(best));
  }
});

test('points that all fall together give a map that can be read by', () => {
  const map = fitSimilarity(
    [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ],
    [
      { x: 5, y: 5 },
      { x: 5, y: 5 },
    ],
  );
  expect(map).toEqual({ xx: 1, xy: -0, x0: 3.5, yx: 0, yy: 1, y0: 3.5 });
});

test('a face that lies as the template does is cut out as it is', () => {
  const template = createFaceTemplate(0.25);
  const identity = fitTemplate({ width: 80, height: 80 }, template, template, 80);
  expect(applyAffine(identity, 13, 41).x).toBeCloseTo(13);
  expect(applyAffine(identity, 13, 41).y).toBeCloseTo(41);
  const picture = createPicture(80, 80);
  for (let i = 0; i < 80 * 80; i++) picture.data.set([i % 251, i % 13, 7, 255], i * 4);
  expect(alignFace(picture, template, template, 80).data).toEqual(picture.data);
});

test('any points in a picture of any size give a crop of the size that was asked for', () => {
  const point = fc.record({
    x: fc.double({ min: -1, max: 2, noNaN: true }),
    y: fc.double({ min: -1, max: 2, noNaN: true }),
  });
  const points: fc.Arbitrary<FacePoints> = fc.record({
    rightEye: point,
    leftEye: point,
    nose: point,
    mouthRight: point,
    mouthLeft: point,
  });
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (five, width, height) => {
      const picture = createPicture(width, height, { data: new Uint8Array(width * height * 4).fill(99) });
      const crop = alignFace(picture, five, createFaceTemplate(0.25), 12);
      expect([...crop.data].every((byte) => byte === 99)).toBe(true);
    }),
  );
});
