import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { planCutAlong } from '../matte/cut.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import { drawFlat, drawSubject, pixelAt } from './fixtures/edited.ts';
import { planShadeRun, type ShadeRow, type Shader, type ShadeStep } from './shade.ts';

const nobody = { subjects: [], faces: [] };
const shaderOf = (shade: (row: ShadeRow) => void): Shader => ({ passes: [], create: () => shade });

/** Adds to every channel. */
const add = (amount: number): Shader =>
  shaderOf(({ line }) => {
    for (let o = 0; o < line.length; o++) if (o % 4 !== 3) line[o] = (line[o] ?? 0) + amount;
  });

const run = (picture: Picture, steps: readonly ShadeStep[], target = createPicture(picture.width, picture.height)) =>
  runPlan(planShadeRun(picture, steps, target));

describe('a run of shaders', () => {
  it('that change nothing keeps every byte of an opaque picture, and what is seen of any', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(99),
        fc.boolean(),
        (width, height, seed, clear) => {
          const { picture } = drawSubject(width, height, seed, clear);
          const result = run(picture, [{ shader: shaderOf(() => {}), selection: nobody }]);
          const seen = Uint8Array.from(picture.data, (value, i) => (picture.data[(i & ~3) + 3] === 0 ? 0 : value));
          expect(result.data).toEqual(seen);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps values beyond 0..255 between its shaders', () => {
    const { picture } = drawSubject(20, 10, 7);
    const steps = [add(300), add(-300)].map((shader) => ({ shader, selection: nobody }));
    expect(run(picture, steps).data).toEqual(picture.data);
    expect(run(picture, steps.slice(0, 1)).data).toEqual(new Uint8Array(picture.data.length).fill(255));
  });

  it('rounds with dither: a value between two bytes becomes either, in its share', () => {
    const { picture } = drawFlat(64, 64, [100, 100, 100], [100, 100, 100]);
    const { data } = run(picture, [{ shader: add(0.25), selection: nobody }]);
    const values = Array.from({ length: 64 * 64 }, (_, i) => data[i * 4] ?? 0);
    expect(new Set(values)).toEqual(new Set([100, 101]));
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(100.25, 1);
  });

  it('may write into the picture it reads', () => {
    const { picture } = drawSubject(31, 17, 5);
    const steps = [{ shader: add(40), selection: nobody, opacity: 0.5 }];
    const apart = run(picture, steps);
    const copy = { ...picture, data: Uint8Array.from(picture.data) };
    expect(run(copy, steps, copy).data).toEqual(apart.data);
  });

  it('hands over premultiplied colours, and takes them back', () => {
    const picture = createPicture(1, 1, { data: Uint8Array.of(200, 100, 50, 51) });
    let seen: readonly number[] = [];
    const look = shaderOf(({ line }) => (seen = [...line]));
    expect(run(picture, [{ shader: look, selection: nobody }]).data).toEqual(picture.data);
    expect(seen.map((value) => Math.round(value))).toEqual([40, 20, 10, 51]);
  });

  it('keeps a share of a change by its opacity', () => {
    const { picture } = drawFlat(8, 8, [100, 100, 100], [100, 100, 100]);
    const result = run(picture, [{ shader: add(80), selection: nobody, opacity: 0.25 }]);
    expect(pixelAt(result, 3, 3)).toEqual([120, 120, 120, 255]);
  });

  it('shows each shader the selected alone, as the shaders before left it', () => {
    const { picture, alpha } = drawFlat(60, 60, [200, 40, 40], [40, 40, 200]);
    const cut = runPlan(planCutAlong(picture, alpha, allocateLocal));
    const selection = { ...nobody, alpha, cut };
    const seen: number[][] = [];
    const look = shaderOf(({ y, subject, alpha: share }) => {
      if (y === 30) seen.push([...(subject ?? [])], [...(share ?? [])]);
    });
    run(
      picture,
      [add(10), look].map((shader) => ({ shader, selection })),
    );
    const [subject = [], share = []] = seen;
    expect(share).toEqual([...alpha.data.subarray(30 * 60, 31 * 60)]);
    expect(subject.slice(30 * 4, 30 * 4 + 4)).toEqual([210, 50, 50, 255]);
    expect(subject.slice(0, 4)).toEqual([0, 0, 0, 0]);
    // At the edge the selected is of its own colour, with what was added in its share.
    const edge = share.findIndex((value) => value > 60 && value < 200);
    const part = (share[edge] ?? 0) / 255;
    expect(Math.abs((subject[edge * 4] ?? 0) - 210 * part)).toBeLessThan(12);
    expect(Math.abs((subject[edge * 4 + 2] ?? 0) - 50 * part)).toBeLessThan(12);
  });
});
