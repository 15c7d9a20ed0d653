import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';
import { createOutlineWriter, type Outline, VERB } from './outline.ts';
import { type FillOptions, planFillOutline } from './raster.ts';

type Corner = readonly [x: number, y: number];

function polygon(...contours: readonly (readonly Corner[])[]): Outline {
  const writer = createOutlineWriter();
  for (const corners of contours) {
    for (const [index, [x, y]] of corners.entries()) writer.add(index === 0 ? VERB.move : VERB.line, x, y);
    writer.add(VERB.close);
  }
  return writer.finish();
}

function rectangle(left: number, top: number, right: number, bottom: number): readonly Corner[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Four cubic arcs; 0.5523 is where their control points lie for a circle to within 0.03 % of its radius. */
function circle(x: number, y: number, radius: number): Outline {
  const writer = createOutlineWriter();
  const k = radius * 0.5522847;
  writer.add(VERB.move, x + radius, y);
  writer.add(VERB.cubic, x + radius, y + k, x + k, y + radius, x, y + radius);
  writer.add(VERB.cubic, x - k, y + radius, x - radius, y + k, x - radius, y);
  writer.add(VERB.cubic, x - radius, y - k, x - k, y - radius, x, y - radius);
  writer.add(VERB.cubic, x + k, y - radius, x + radius, y - k, x + radius, y);
  return writer.finish();
}

function fill(outline: Outline, options: FillOptions): Matte {
  return runPlan(planFillOutline(outline, options));
}

/** Area in px, from the bytes. */
function areaOf({ data }: Matte): number {
  let sum = 0;
  for (const value of data) sum += value;
  return sum / 255;
}

/** Exact to a fraction of a byte, so that what the outline keeps as 32-bit floats is what the test means. */
const place = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -most * 64, max: most * 128 }).map((n) => n / 64);
const side = fc.integer({ min: 1, max: 40 });

describe('filling an outline', () => {
  it('gives each pixel of a rectangle the share of its area inside', () => {
    fc.assert(
      fc.property(side, side, place(20), place(20), place(20), place(20), (width, height, x0, y0, x1, y1) => {
        const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
        const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
        const { data } = fill(polygon(rectangle(left, top, right, bottom)), { width, height });
        const covered = (from: number, to: number, at: number): number =>
          Math.max(0, Math.min(to, at + 1) - Math.max(from, at));
        for (let i = 0; i < data.length; i++) {
          const share = covered(left, right, i % width) * covered(top, bottom, Math.floor(i / width));
          expect(Math.abs((data[i] as number) - share * 255)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      }),
    );
  });

  it('keeps the area of any triangle', () => {
    const corner = fc.tuple(place(30), place(30));
    fc.assert(
      fc.property(corner, corner, corner, (a, b, c) => {
        const area = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
        const matte = fill(polygon([a, b, c]), { width: 95, height: 95, x: 32, y: 32 });
        // Half a byte for each pixel on the border.
        expect(Math.abs(areaOf(matte) - area)).toBeLessThan(1);
      }),
    );
  });

  it.each([0.7, 3, 10, 45.3])('keeps the area of a circle of radius %d', (radius) => {
    const matte = fill(circle(50.2, 49.7, radius), { width: 100, height: 100 });
    const area = Math.PI * radius * radius;
    expect(Math.abs(areaOf(matte) - area)).toBeLessThan(0.001 * area + 0.06);
  });

  it('gives the same bytes whatever rows are run together', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.array(fc.tuple(place(30), place(30)), { minLength: 3, maxLength: 9 }),
        fc.integer({ min: 1, max: 7 }),
        (width, height, corners, rows) => {
          const whole = fill(polygon(corners), { width, height });
          const plan = planFillOutline(polygon(corners), { width, height });
          for (let to = height; to > 0; to -= rows) plan.passes[0]?.run(Math.max(0, to - rows), to);
          expect(plan.result.data).toEqual(whole.data);
        },
      ),
    );
  });

  it('cuts off what reaches out of the matte', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place(30), place(30)), { minLength: 3, maxLength: 6 }),
        side,
        side,
        side,
        side,
        (corners, x, y, width, height) => {
          const whole = fill(polygon(corners), { width: 100, height: 100, x: 10, y: 10 });
          const part = fill(polygon(corners), { width, height, x: 10 - x, y: 10 - y });
          for (let i = 0; i < part.data.length; i++) {
            const expected = whole.data[(Math.floor(i / width) + y) * 100 + (i % width) + x] as number;
            expect(Math.abs((part.data[i] as number) - expected)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('unites contours of one direction and cuts holes with the other', () => {
    const outer = rectangle(2, 2, 14, 14);
    const inner = rectangle(5, 5, 11, 11);
    const size = { width: 16, height: 16 };
    expect(areaOf(fill(polygon(outer, inner), size))).toBe(144);
    expect(areaOf(fill(polygon(outer, inner.toReversed()), size))).toBe(144 - 36);
    expect(areaOf(fill(polygon(outer.toReversed()), size))).toBe(144);
  });

  it('writes every byte of memory that was used before', () => {
    const allocate = (length: number): ArrayBuffer => new Uint8Array(length).fill(77).buffer;
    expect(areaOf(fill(polygon(rectangle(1, 1, 3, 3)), { width: 5, height: 5, allocate }))).toBe(4);
    expect(areaOf(fill(createOutlineWriter().finish(), { width: 5, height: 5, allocate }))).toBe(0);
  });

  it('closes contours that end open', () => {
    const writer = createOutlineWriter();
    writer.add(VERB.move, 0, 0);
    writer.add(VERB.line, 4, 0);
    writer.add(VERB.line, 4, 4);
    writer.add(VERB.move, 4, 4);
    writer.add(VERB.line, 0, 4);
    writer.add(VERB.line, 0, 0);
    expect(areaOf(fill(writer.finish(), { width: 4, height: 4 }))).toBe(16);
  });

  it('draws quadratic curves', () => {
    const writer = createOutlineWriter();
    writer.add(VERB.move, 0, 10);
    writer.add(VERB.quad, 10, -10, 20, 10);
    // Under a parabola lie two thirds of the box around it.
    const area = areaOf(fill(writer.finish(), { width: 20, height: 10 }));
    expect(Math.abs(area - (2 / 3) * 20 * 10)).toBeLessThan(0.1);
  });

  it.each([
    ['a step that is none', { verbs: Uint8Array.of(9), points: new Float32Array(0) }],
    ['too few coordinates', { verbs: Uint8Array.of(VERB.move), points: new Float32Array(1) }],
    ['a coordinate that is no number', { verbs: Uint8Array.of(VERB.move), points: Float32Array.of(0, Number.NaN) }],
  ])('refuses %s', (_, outline) => {
    expect(() => planFillOutline(outline, { width: 4, height: 4 })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});
