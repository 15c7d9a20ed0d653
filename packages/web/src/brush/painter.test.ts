import {
  allocateLocal,
  createMatte,
  createPicture,
  type Matte,
  planCorrections,
  type ResolvedCorrection,
  runPlan,
} from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPainter, type Painter } from './painter.ts';

const [WIDTH, HEIGHT] = [61, 43];

/** A disc with a soft rim. */
function drawDisc(): Matte {
  const matte = createMatte(WIDTH, HEIGHT);
  for (let i = 0; i < matte.data.length; i++) {
    const far = Math.hypot((i % WIDTH) - 30, Math.floor(i / WIDTH) - 20);
    matte.data[i] = Math.max(0, Math.min(255, (14 - far) * 60));
  }
  return matte;
}

const corrected = (corrections: readonly ResolvedCorrection[]): Matte =>
  runPlan(planCorrections(createPicture(WIDTH, HEIGHT), drawDisc(), corrections, allocateLocal));

/** The alpha that `black` shows: what is not black. */
const shown = ({ pixels }: Painter): readonly number[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => 255 - (pixels[i * 4 + 3] as number));

/** In thousandths: the squares of lesser steps than any hand makes leave the range of numbers. */
const place = fc.integer({ min: -200, max: 1200 }).map((value) => value / 1000);
const point = fc.record({
  x: place,
  y: place,
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
});
const stroke = fc.record({
  kind: fc.constant('stroke' as const),
  mode: fc.constantFrom('add' as const, 'remove' as const),
  radius: fc.double({ min: 0.001, max: 0.3, noNaN: true }),
  softness: fc.double({ min: 0, max: 1, noNaN: true }),
  points: fc.array(point, { minLength: 1, maxLength: 6 }),
});

function paintOn(
  painter: Painter,
  number: number,
  { mode, radius, softness, points }: typeof stroke extends fc.Arbitrary<infer T> ? T : never,
): void {
  painter.begin(number, { mode, radius, softness });
  for (const each of points) painter.extend([each]);
}

describe('painting a selection', () => {
  it('shows a stroke under way as the correction that it becomes, piece by piece', () => {
    fc.assert(
      fc.property(stroke, (drawn) => {
        const painter = createPainter();
        painter.setSelection(drawDisc(), 0);
        painter.setStyle('black');
        paintOn(painter, 1, drawn);
        expect(shown(painter)).toEqual([...corrected([drawn]).data]);
      }),
      { numRuns: 150 },
    );
  });

  it('paints strokes again over a selection that does not hold them yet, and only those', () => {
    fc.assert(
      fc.property(stroke, stroke, stroke, (first, second, third) => {
        const painter = createPainter();
        painter.setSelection(drawDisc(), 0);
        painter.setStyle('black');
        for (const [index, drawn] of [first, second].entries()) {
          paintOn(painter, index + 1, drawn);
          painter.end(true);
        }
        paintOn(painter, 3, third);
        const all = [...corrected([first, second, third]).data];
        expect(shown(painter)).toEqual(all);
        painter.setSelection(corrected([first]), 1);
        expect(shown(painter)).toEqual(all);
        painter.setSelection(corrected([first, second]), 2);
        expect(shown(painter)).toEqual(all);
      }),
      { numRuns: 100 },
    );
  });

  it('leaves nothing of a stroke that is given up', () => {
    const painter = createPainter();
    painter.setSelection(drawDisc(), 0);
    const before = painter.pixels.slice();
    painter.begin(1, { mode: 'add', radius: 0.2, softness: 0.5 });
    painter.extend([{ x: 0.1, y: 0.1 }]);
    expect(painter.pixels).not.toEqual(before);
    painter.end(false);
    expect(painter.pixels).toEqual(before);
  });

  it('says which pixels changed', () => {
    const painter = createPainter();
    painter.setSelection(drawDisc(), 0);
    const before = painter.pixels.slice();
    painter.begin(1, { mode: 'remove', radius: 0.1, softness: 0 });
    const dirty = painter.extend([{ x: 0.5, y: 0.5 }]);
    const changed = [...painter.pixels.keys()].filter((i) => painter.pixels[i] !== before[i]).map((i) => i >> 2);
    expect(changed.length).toBeGreaterThan(50);
    for (const i of changed) {
      expect(i % WIDTH).toBeGreaterThanOrEqual(dirty?.left ?? WIDTH);
      expect(i % WIDTH).toBeLessThan(dirty?.right ?? 0);
      expect(Math.floor(i / WIDTH)).toBeGreaterThanOrEqual(dirty?.top ?? HEIGHT);
      expect(Math.floor(i / WIDTH)).toBeLessThan(dirty?.bottom ?? 0);
    }
  });

  it('shows only the stroke where the result is looked at', () => {
    const painter = createPainter();
    painter.setSelection(drawDisc(), 0);
    painter.setStyle('stroke');
    const alphas = () => painter.pixels.filter((_, i) => i % 4 === 3);
    expect(Math.max(...alphas())).toBe(0);
    painter.begin(1, { mode: 'remove', radius: 0.1, softness: 0 });
    painter.extend([{ x: 0.5, y: 0.5 }]);
    expect(Math.max(...alphas())).toBeGreaterThan(100);
  });
});
