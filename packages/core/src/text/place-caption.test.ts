import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, intersectBoxes } from '../scene/geometry.ts';
import { type CaptionPlace, placeCaption } from './place-caption.ts';

const PICTURE = { width: 1000, height: 800 };
const CAPTION = { width: 400, height: 100 };

/** Whether a placed caption lies over a box. */
function isOver({ x, y }: { x: number; y: number }, box: Box): boolean {
  const { width, height } = PICTURE;
  const placed = { x: x / width, y: y / height, width: CAPTION.width / width, height: CAPTION.height / height };
  return intersectBoxes(placed, box) !== undefined;
}

describe('the place of a caption', () => {
  it('is the middle of the wished border when nothing is in the way', () => {
    expect(placeCaption(PICTURE, CAPTION, [], 'bottom')).toEqual({ x: 300, y: 668, covered: 0, fits: true });
    expect(placeCaption(PICTURE, CAPTION, [], 'top')).toEqual({ x: 300, y: 32, covered: 0, fits: true });
    expect(placeCaption(PICTURE, CAPTION, [])).toEqual(placeCaption(PICTURE, CAPTION, [], 'bottom'));
  });

  it('moves along the border past a face, the shorter way', () => {
    const face = { x: 0.5, y: 0.8, width: 0.1, height: 0.15 };
    const placed = placeCaption(PICTURE, CAPTION, [face], 'bottom');
    expect(placed.y).toBe(668);
    expect(placed.covered).toBe(0);
    expect(placed.x).toBeLessThan(100);
    expect(isOver(placed, face)).toBe(false);
  });

  it('goes to the top when faces take up the bottom', () => {
    const faces = [{ x: 0, y: 0.3, width: 1, height: 0.7 }];
    for (const place of ['bottom', 'auto'] as const) {
      expect(placeCaption(PICTURE, CAPTION, faces, place)).toMatchObject({ y: 32, covered: 0 });
    }
  });

  it('takes the middle of the top rather than a corner of the bottom when either will do', () => {
    const face = { x: 0.5, y: 0.7, width: 0.1, height: 0.3 };
    expect(placeCaption(PICTURE, CAPTION, [face], 'bottom')).toMatchObject({ x: 84, y: 668 });
    expect(placeCaption(PICTURE, CAPTION, [face], 'auto')).toMatchObject({ x: 300, y: 32 });
  });

  it('goes between faces at both borders', () => {
    const faces = [
      { x: 0, y: 0, width: 1, height: 0.3 },
      { x: 0, y: 0.7, width: 1, height: 0.3 },
    ];
    // As low as leaves some room to the faces below: 2 % of 800 px.
    expect(placeCaption(PICTURE, CAPTION, faces, 'bottom')).toMatchObject({ x: 300, y: 560 - 16 - 100, covered: 0 });
  });

  it('lies in the picture, and clear whenever a border is clear', () => {
    const share = fc.double({ min: -0.2, max: 1, noNaN: true });
    const box = fc.record({ x: share, y: share, width: fc.double({ min: 0, max: 0.4, noNaN: true }), height: share });
    const places = fc.constantFrom<CaptionPlace>('bottom', 'top', 'auto');
    fc.assert(
      fc.property(fc.array(box, { maxLength: 6 }), places, (boxes, place) => {
        const placed = placeCaption(PICTURE, CAPTION, boxes, place);
        expect(placed.x).toBeGreaterThanOrEqual(32);
        expect(placed.x + CAPTION.width).toBeLessThanOrEqual(1000 - 32);
        expect(placed.y).toBeGreaterThanOrEqual(32);
        expect(placed.y + CAPTION.height).toBeLessThanOrEqual(800 - 32);
        const isAnyOver = boxes.some((it) => isOver(placed, it));
        expect(isAnyOver).toBe(placed.covered > 1e-9);
        const borders = [32, 668].flatMap((y) => Array.from({ length: 68 }, (_, i) => ({ x: 32 + 8 * i, y })));
        const isBorderClear = borders.some((it) => boxes.every((box) => !isOver(it, box)));
        expect(isAnyOver && isBorderClear).toBe(false);
      }),
    );
  });

  it('covers as little as can be where no place is clear', () => {
    const faces = [
      { x: 0, y: 0, width: 1, height: 0.5 },
      { x: 0, y: 0.55, width: 1, height: 0.45 },
    ];
    const placed = placeCaption(PICTURE, CAPTION, faces, 'bottom');
    expect(placed.covered).toBeCloseTo(0.6, 1);
  });

  it('says when a caption does not fit, and centres it', () => {
    const placed = placeCaption(PICTURE, { width: 1200, height: 100 }, []);
    expect(placed).toEqual({ x: -100, y: 668, covered: 0, fits: false });
  });

  it('stays quick among many faces', () => {
    const faces = Array.from({ length: 400 }, (_, i) => ({
      x: (i % 20) / 20,
      y: Math.floor(i / 20) / 20,
      width: 0.03,
      height: 0.03,
    }));
    expect(placeCaption(PICTURE, CAPTION, faces).fits).toBe(true);
  });

  it('refuses sizes that are not positive', () => {
    expect(() => placeCaption(PICTURE, { width: 0, height: 10 }, [])).toThrow(/positive/);
  });
});
