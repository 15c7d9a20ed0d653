import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absoluteBox,
  boxArea,
  boxCentre,
  boxIou,
  boxShareWithin,
  clampBox,
  intersectBoxes,
  isInBox,
  relativeBox,
} from './geometry.ts';

const boxes = fc.record({
  x: fc.double({ min: -1, max: 1, noNaN: true }),
  y: fc.double({ min: -1, max: 1, noNaN: true }),
  width: fc.double({ min: 0.01, max: 2, noNaN: true }),
  height: fc.double({ min: 0.01, max: 2, noNaN: true }),
});

describe('boxes', () => {
  it('overlap by a third when they share half of each', () => {
    expect(boxIou({ x: 0, y: 0, width: 0.4, height: 1 }, { x: 0.2, y: 0, width: 0.4, height: 1 })).toBeCloseTo(1 / 3);
  });

  it('overlap the same both ways, wholly with themselves and not with one beside them', () => {
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        expect(boxIou(a, b)).toBe(boxIou(b, a));
        expect(boxIou(a, a)).toBeCloseTo(1);
        expect(boxIou(a, { ...a, x: a.x + a.width })).toBeLessThan(1e-6);
      }),
    );
  });

  it('share a part that lies in both', () => {
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        const shared = intersectBoxes(a, b);
        if (shared === undefined) return;
        const centre = boxCentre(shared);
        expect(isInBox(centre, a) && isInBox(centre, b)).toBe(true);
        expect(boxShareWithin(shared, a)).toBeCloseTo(1);
      }),
    );
  });

  it('are cut to the picture, and are empty when they lie outside', () => {
    expect(clampBox({ x: -0.1, y: 0.5, width: 0.3, height: 0.7 })).toEqual({
      x: 0,
      y: 0.5,
      width: expect.closeTo(0.2),
      height: 0.5,
    });
    expect(boxArea(clampBox({ x: 1.2, y: 0, width: 0.5, height: 1 }))).toBe(0);
  });

  it('are given in fractions of another one, and back', () => {
    const frame = { x: 0.2, y: 0.4, width: 0.4, height: 0.2 };
    const half = relativeBox({ x: 0.4, y: 0.5, width: 0.2, height: 0.1 }, frame);
    for (const value of Object.values(half)) expect(value).toBeCloseTo(0.5);
    fc.assert(
      fc.property(boxes, boxes, (box, other) => {
        const back = absoluteBox(relativeBox(box, other), other);
        for (const side of ['x', 'y', 'width', 'height'] as const) expect(back[side]).toBeCloseTo(box[side]);
      }),
    );
  });
});
