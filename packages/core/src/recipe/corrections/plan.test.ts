import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../../async/plan.ts';
import { drawSubject } from '../../effects/fixtures/edited.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import { allocateLocal, createPicture } from '../../picture/picture.ts';
import { planCorrections, type ResolvedCorrection } from './plan.ts';

const correct = (alpha: Matte, corrections: readonly ResolvedCorrection[]): Matte =>
  runPlan(planCorrections(createPicture(alpha.width, alpha.height), alpha, corrections, allocateLocal));

const share = fc.double({ min: -0.2, max: 1.2, noNaN: true });
const part = fc.double({ min: 0, max: 1, noNaN: true });
const mode = fc.constantFrom('add' as const, 'remove' as const);
const stroke = fc.record({
  kind: fc.constant('stroke' as const),
  mode,
  radius: fc.double({ min: 0.001, max: 0.3, noNaN: true }),
  softness: part,
  points: fc.array(fc.record({ x: share, y: share, pressure: part }), { minLength: 1, maxLength: 5 }),
});
const correction: fc.Arbitrary<ResolvedCorrection> = fc.oneof(
  stroke,
  fc.record({ kind: fc.constant('feather' as const), radius: fc.double({ min: 0, max: 0.05, noNaN: true }) }),
  fc.record({ kind: fc.constant('shift' as const), amount: fc.double({ min: -1, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant('pick' as const),
    mode,
    matte: fc.nat(20).map((seed) => drawSubject(9, 7, seed).alpha),
  }),
);
const corrections = fc.array(correction, { maxLength: 6 });
const size = fc.integer({ min: 1, max: 40 });
const alphaOf = (width: number, height: number, seed: number): Matte => {
  const matte = createMatte(width, height);
  const { picture } = drawSubject(width, height, seed);
  for (let i = 0; i < matte.data.length; i++) matte.data[i] = picture.data[i * 4] as number;
  return matte;
};

/** The sum of alpha, as a share of the picture. */
const covered = ({ data }: Matte) => Array.from(data).reduce((sum, value) => sum + value, 0) / 255 / data.length;

describe('planCorrections', () => {
  it('leaves the alpha it is given as it is, and gives that where there are none', () => {
    fc.assert(
      fc.property(size, size, fc.nat(50), corrections, (width, height, seed, list) => {
        const alpha = alphaOf(width, height, seed);
        const before = Uint8Array.from(alpha.data);
        const result = correct(alpha, list);
        expect(alpha.data).toEqual(before);
        expect(result.data).not.toBe(alpha.data);
        expect(correct(alpha, []).data).toEqual(before);
      }),
    );
  });

  it('gives the same bytes in bands of rows, last band first', () => {
    fc.assert(
      fc.property(
        size,
        size,
        fc.nat(50),
        corrections,
        fc.integer({ min: 1, max: 9 }),
        (width, height, seed, list, band) => {
          const alpha = alphaOf(width, height, seed);
          const plan = planCorrections(createPicture(width, height), alpha, list, allocateLocal);
          for (const pass of plan.passes) {
            for (let to = pass.rows; to > 0; to -= band) pass.run(Math.max(0, to - band), to);
          }
          expect(plan.result.data).toEqual(correct(alpha, list).data);
        },
      ),
    );
  });

  it('only adds where it adds, and takes away the same of the rest', () => {
    const drawn = fc.oneof(
      stroke,
      correction.filter(({ kind }) => kind === 'pick' || kind === 'shift'),
    );
    fc.assert(
      fc.property(size, size, fc.nat(50), drawn, (width, height, seed, one) => {
        const alpha = alphaOf(width, height, seed);
        const inverse = createMatte(width, height, { data: alpha.data.map((value) => 255 - value) });
        const add = (
          one.kind === 'shift' ? { ...one, amount: Math.abs(one.amount) } : { ...one, mode: 'add' }
        ) as never;
        const away = (
          one.kind === 'shift' ? { ...one, amount: -Math.abs(one.amount) } : { ...one, mode: 'remove' }
        ) as never;
        const more = correct(alpha, [add]).data;
        expect(more.every((value, i) => value >= (alpha.data[i] as number))).toBe(true);
        expect(correct(inverse, [away]).data.map((value) => 255 - value)).toEqual(more);
      }),
    );
  });

  it('paints what its brush covers: all within, nothing without, half at half its pressure', () => {
    const paint = (points: readonly { x: number; y: number; pressure?: number }[], softness = 0) =>
      correct(createMatte(200, 100), [{ kind: 'stroke', mode: 'add', radius: 0.1, softness, points }]);
    const dot = paint([{ x: 0.5, y: 0.5 }]);
    const at = ({ data }: Matte, x: number, y: number) => data[y * 200 + x];
    expect([at(dot, 100, 50), at(dot, 118, 50), at(dot, 121, 50), at(dot, 100, 71)]).toEqual([255, 255, 0, 0]);
    expect(covered(dot)).toBeCloseTo((Math.PI * 20 * 20) / 20_000, 2);
    const light = paint([{ x: 0.5, y: 0.5, pressure: 0.5 }]);
    expect(covered(light)).toBeCloseTo((Math.PI * 10 * 10) / 20_000, 2);
    const line = paint([
      { x: 0.2, y: 0.5 },
      { x: 0.8, y: 0.5 },
    ]);
    expect(covered(line)).toBeCloseTo((Math.PI * 20 * 20 + 120 * 40) / 20_000, 2);
    const soft = paint([{ x: 0.5, y: 0.5 }], 1);
    expect(at(soft, 100, 50)).toBeGreaterThan(250);
    expect(at(soft, 121, 50)).toBe(0);
    expect(at(soft, 110, 50)).toBeGreaterThan(90);
    expect(at(soft, 110, 50)).toBeLessThan(165);
  });

  it('keeps the order: what is taken away after it was added is gone', () => {
    const one = { kind: 'stroke', radius: 0.2, softness: 0, points: [{ x: 0.5, y: 0.5 }] } as const;
    const [add, remove] = [{ ...one, mode: 'add' } as const, { ...one, mode: 'remove' } as const];
    const middle = ({ data }: Matte) => data[20 * 40 + 20];
    expect(middle(correct(createMatte(40, 40), [add, remove]))).toBe(0);
    expect(middle(correct(createMatte(40, 40), [remove, add]))).toBe(255);
  });

  it('covers the same share of a preview as of the full size', () => {
    const all: readonly ResolvedCorrection[] = [
      {
        kind: 'stroke',
        mode: 'add',
        radius: 0.05,
        softness: 0.5,
        points: [
          { x: 0.2, y: 0.3, pressure: 0.4 },
          { x: 0.6, y: 0.7 },
        ],
      },
      { kind: 'shift', amount: 1 },
      { kind: 'feather', radius: 0.02 },
    ];
    for (const [list, tolerance] of [
      [all.slice(0, 1), 18],
      [all, 26],
    ] as const) {
      const draw = (width: number) => correct(createMatte(width, (width * 3) / 4), list);
      const [small, large] = [draw(200), draw(800)];
      let [worst, total] = [0, 0];
      for (let y = 0; y < small.height; y++) {
        for (let x = 0; x < small.width; x++) {
          let sum = 0;
          for (let k = 0; k < 16; k++) sum += large.data[(y * 4 + (k >> 2)) * large.width + x * 4 + (k & 3)] as number;
          const off = Math.abs(sum / 16 - (small.data[y * small.width + x] as number));
          worst = Math.max(worst, off);
          total += off;
        }
      }
      expect(covered(large)).toBeGreaterThan(0.03);
      expect(worst).toBeLessThan(tolerance);
      expect(total / small.data.length).toBeLessThan(1);
    }
  });

  it('moves an edge by as much as it is told, all round', () => {
    const { alpha } = drawSubject(400, 400);
    const radius = (matte: Matte) => Math.sqrt((covered(matte) * 160_000) / Math.PI);
    const before = radius(alpha);
    // Half a hundredth of 400 px.
    expect(radius(correct(alpha, [{ kind: 'shift', amount: 1 }])) - before).toBeCloseTo(2, 0);
    expect(before - radius(correct(alpha, [{ kind: 'shift', amount: -1 }]))).toBeCloseTo(2, 0);
    expect(radius(correct(alpha, [{ kind: 'shift', amount: 0.5 }])) - before).toBeCloseTo(1, 0);
    expect(correct(alpha, [{ kind: 'shift', amount: 0 }]).data).toEqual(alpha.data);
  });

  it('softens an edge over as much as it is told, and leaves the picture’s own border alone', () => {
    const alpha = createMatte(400, 20);
    for (let i = 0; i < alpha.data.length; i++) alpha.data[i] = i % 400 < 200 ? 255 : 0;
    const { data } = correct(alpha, [{ kind: 'feather', radius: 0.05 }]);
    expect([data[0], data[179], data[220], data[399]]).toEqual([255, 255, 0, 0]);
    expect(data[185]).toBeLessThan(250);
    expect(data[214]).toBeGreaterThan(5);
    expect(Math.abs((data[199] ?? 0) - 127.5)).toBeLessThan(10);
    expect(correct(alpha, [{ kind: 'feather', radius: 0 }]).data).toEqual(alpha.data);
  });
});
