import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitViewport, keepInSight, panBy, zoomAt } from './viewport.ts';

const side = fc.integer({ min: 1, max: 8000 });
const size = fc.record({ width: side, height: side });
const stageSize = fc.record({
  width: fc.integer({ min: 200, max: 3000 }),
  height: fc.integer({ min: 200, max: 2000 }),
});
const insets = { top: 28, side: 32, bottom: 84 };

describe('the viewport', () => {
  it('fits every picture inside of what the insets leave', () => {
    fc.assert(
      fc.property(stageSize, size, fc.constantFrom(1, 1.5, 2), (stage, picture, ratio) => {
        const { x, y, scale } = fitViewport(stage, picture, ratio, insets);
        expect(x).toBeGreaterThanOrEqual(insets.side - 1e-6);
        expect(y).toBeGreaterThanOrEqual(insets.top - 1e-6);
        expect(x + picture.width * scale).toBeLessThanOrEqual(stage.width - insets.side + 1e-6);
        expect(y + picture.height * scale).toBeLessThanOrEqual(stage.height - insets.bottom + 1e-6);
      }),
    );
  });

  it('keeps what lies under the cursor there while zooming in', () => {
    const stage = { width: 1000, height: 800 };
    const picture = { width: 4000, height: 3000 };
    const view = fitViewport(stage, picture, 1, insets);
    const cursor = { x: 400, y: 300 };
    const before = { x: (cursor.x - view.x) / view.scale, y: (cursor.y - view.y) / view.scale };
    const next = zoomAt(view, cursor, 3, stage, picture);
    expect((cursor.x - next.x) / next.scale).toBeCloseTo(before.x, 6);
    expect((cursor.y - next.y) / next.scale).toBeCloseTo(before.y, 6);
  });

  it('never loses the picture out of sight', () => {
    fc.assert(
      fc.property(
        stageSize,
        size,
        fc.integer({ min: -9999, max: 9999 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (stage, picture, far, factor) => {
          const zoomed = zoomAt(fitViewport(stage, picture, 1), { x: 10, y: 10 }, factor, stage, picture);
          const { x, y, scale } = panBy(zoomed, far, -far, stage, picture);
          expect(x).toBeLessThan(stage.width);
          expect(y).toBeLessThan(stage.height);
          expect(x + picture.width * scale).toBeGreaterThan(0);
          expect(y + picture.height * scale).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('leaves a picture that is in sight where it is', () => {
    const view = { x: 50, y: 60, scale: 0.5 };
    expect(keepInSight(view, { width: 800, height: 600 }, { width: 400, height: 300 })).toEqual(view);
  });
});
