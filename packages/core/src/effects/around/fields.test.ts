import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, runPlan } from '../../async/plan.ts';
import { createMatte } from '../../picture/matte.ts';
import { allocateLocal } from '../../picture/picture.ts';
import { planDistance } from './distance.ts';
import { createFieldRows, type Field, planCoverage, toGrid } from './field.ts';
import { planGaussian } from './gaussian.ts';

const toField = (width: number, height: number, value: (x: number, y: number) => number): Field => ({
  width,
  height,
  data: Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});
const run = (plan: Plan<Field>) => runPlan(plan);

describe('distances', () => {
  it('are those to the nearest covered cell, to within the part of it that is covered', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(999),
        (width, height, seed) => {
          const noise = (x: number, y: number) => (Math.imul(x * 7 + y * 13 + seed, 0x9e3779b1) >>> 24) / 255;
          const coverage = toField(width, height, (x, y) => (noise(x, y) > 0.8 ? 1 : 0));
          const { data } = run(planDistance(coverage, allocateLocal));
          for (let i = 0; i < data.length; i++) {
            let nearest = Number.POSITIVE_INFINITY;
            for (let j = 0; j < data.length; j++) {
              if (coverage.data[j] !== 1) continue;
              nearest = Math.min(
                nearest,
                Math.hypot((i % width) - (j % width), Math.floor(i / width) - Math.floor(j / width)),
              );
            }
            expect(data[i]).toBeGreaterThanOrEqual(Math.min(1e5, nearest - 1.001));
            expect(data[i]).toBeLessThanOrEqual(
              Math.max(nearest, 1e5 * Number(nearest === Number.POSITIVE_INFINITY) * 100),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follow a slanting edge without steps', () => {
    const [dx, dy] = [Math.cos(0.3), Math.sin(0.3)];
    const signed = (x: number, y: number) => (x - 20) * dx + (y - 20) * dy;
    const coverage = toField(60, 40, (x, y) => Math.min(1, Math.max(0, 0.5 - signed(x, y))));
    const { data } = run(planDistance(coverage, allocateLocal));
    for (let y = 14; y < 26; y++) {
      for (let x = 26; x < 40; x++) expect(Math.abs((data[y * 60 + x] ?? 0) - signed(x, y))).toBeLessThan(0.4);
    }
  });
});

describe('a Gaussian blur', () => {
  it('keeps what is even, and the sum of a spot, which it spreads by the standard deviation', () => {
    const even = run(
      planGaussian(
        toField(9, 7, () => 0.4),
        2.5,
        1.5,
        allocateLocal,
      ),
    );
    for (const value of even.data) expect(value).toBeCloseTo(0.4, 5);
    const spot = run(
      planGaussian(
        toField(61, 61, (x, y) => Number(x === 30 && y === 30)),
        3,
        5,
        allocateLocal,
      ),
    );
    const moment = (power: number, axis: 'x' | 'y') =>
      spot.data.reduce(
        (sum, value, i) => sum + value * ((axis === 'x' ? i % 61 : Math.floor(i / 61)) - 30) ** power,
        0,
      );
    expect(moment(0, 'x')).toBeCloseTo(1, 4);
    expect(Math.sqrt(moment(2, 'x'))).toBeCloseTo(3, 0);
    expect(Math.sqrt(moment(2, 'y'))).toBeCloseTo(5, 0);
  });

  it('changes nothing at 0', () => {
    const field = toField(5, 4, (x, y) => x * y);
    expect(run(planGaussian(field, 0, 0, allocateLocal)).data).toEqual(field.data);
  });
});

describe('a field', () => {
  it('is read between its cells, moved as asked, and goes on at its ends', () => {
    const ramp = toField(10, 10, (x) => x);
    const row = new Float32Array(100);
    const read = (out: Float32Array, rightPx = 0) => {
      const rows = createFieldRows(ramp, { width: 100, height: 100 }, { rightPx });
      rows.enter(50);
      rows.read(out, 0, 100);
    };
    read(row);
    expect(row[0]).toBe(0);
    expect(row[99]).toBe(9);
    expect(row[50]).toBeCloseTo(4.55, 5);
    const moved = new Float32Array(100);
    read(moved, 20);
    expect(moved[70]).toBeCloseTo(row[50] ?? 0, 5);
    expect(moved[5]).toBe(0);
  });

  it('says which pixels are made from cells that are to be seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: -40, max: 40 }),
        fc.nat(4095),
        (cells, width, rightPx, which) => {
          const field = toField(cells, 1, (x) => (which >> x) & 1);
          const [all, seen] = [() => true, (value: number) => value > 0].map((isSeen) => {
            const out = new Float32Array(width);
            const rows = createFieldRows(field, { width, height: 1 }, { rightPx, isSeen });
            rows.read(out, ...rows.enter(0));
            return out;
          });
          expect(seen).toEqual(all);
        },
      ),
    );
    const rows = createFieldRows(
      toField(10, 1, (x) => Number(x === 5)),
      { width: 100, height: 1 },
      { isSeen: (value) => value > 0 },
    );
    const [from, to] = rows.enter(0);
    expect(from).toBeGreaterThan(40);
    expect(to).toBeLessThan(70);
  });

  it('holds the mean alpha of each cell', () => {
    const alpha = createMatte(40, 20);
    alpha.data.fill(255, 0, 400);
    expect([...run(planCoverage(alpha, toGrid(alpha, 4), allocateLocal)).data]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });
});
