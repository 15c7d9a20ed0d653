import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { createMatte } from '../picture/matte.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import type { Scene } from '../scene/scene.ts';
import { bokeh } from './bokeh.ts';
import { parseParameters } from './describe.ts';

type Rgb = readonly [number, number, number];
type Paint = (x: number, y: number) => Rgb;

function paint(
  width: number,
  height: number,
  color: Paint,
  alpha: (x: number, y: number) => number = () => 255,
): Picture {
  const picture = createPicture(width, height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) picture.data.set([...color(x, y), alpha(x, y)], i);
  }
  return picture;
}

function sceneOf({ width, height }: Picture): Scene {
  const matte = createMatte(8, 8);
  return { version: 1, width, height, facts: ['matte'], matte: { matte, provenance: { models: [] } } };
}

function planFor(picture: Picture, cut: Picture, params: Record<string, unknown>, kept = {}) {
  return bokeh.plan({
    picture,
    cut,
    scene: sceneOf(picture),
    params: parseParameters(bokeh, params),
    assets: {},
    allocate: allocateLocal,
    kept,
  });
}

const render = (picture: Picture, cut: Picture, params: Record<string, unknown> = {}) =>
  runPlan(planFor(picture, cut, params));

const disc = (cx: number, cy: number, radius: number) => (x: number, y: number) =>
  Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(x + 0.5 - cx, y + 0.5 - cy)));

const mix = (share: number, front: Rgb, back: Rgb): Rgb => [
  Math.round(front[0] * share + back[0] * (1 - share)),
  Math.round(front[1] * share + back[1] * (1 - share)),
  Math.round(front[2] * share + back[2] * (1 - share)),
];

/** A subject of one colour before a background, with the cut that belongs to it. */
function subjectBefore(
  width: number,
  height: number,
  share: (x: number, y: number) => number,
  front: Rgb,
  back: Paint,
): { picture: Picture; cut: Picture } {
  return {
    picture: paint(width, height, (x, y) => mix(share(x, y), front, back(x, y))),
    cut: paint(
      width,
      height,
      (x, y) => (share(x, y) > 0 ? front : [0, 0, 0]),
      (x, y) => Math.round(share(x, y) * 255),
    ),
  };
}

const at = (picture: Picture, x: number, y: number): Rgb => {
  const i = (y * picture.width + x) * 4;
  return [picture.data[i] ?? 0, picture.data[i + 1] ?? 0, picture.data[i + 2] ?? 0];
};

/** Standard deviation of green over a rectangle: how much detail is left. */
function detail(picture: Picture, left: number, top: number, width: number, height: number): number {
  const values: number[] = [];
  for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) values.push(at(picture, x, y)[1]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** The largest value over all pixels. */
function worst({ width, height }: Picture, measure: (x: number, y: number) => number): number {
  let most = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) most = Math.max(most, measure(x, y));
  return most;
}

const farthest = (a: Rgb, b: Rgb) => Math.max(...a.map((value, c) => Math.abs(value - (b[c] ?? 0))));

const checks: Paint = (x, y) => (((x >> 2) + (y >> 2)) % 2 === 0 ? [60, 60, 60] : [180, 180, 180]);

const small = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 30 }),
  seed: fc.nat(1000),
  radius: fc.constantFrom(0.004, 0.02, 0.05),
  aperture: fc.constantFrom('disc', 'pentagon', 'hexagon', 'octagon'),
  highlights: fc.constantFrom(0, 0.5, 1),
});

/** A noisy picture and a cut with shares of all kinds. */
function noisy(width: number, height: number, seed: number): { picture: Picture; cut: Picture } {
  const noise = (x: number, y: number, n: number) =>
    (Math.imul(x * 31 + y * 17 + seed * 7 + n * 5, 2654435761) >>> 8) & 255;
  const picture = paint(
    width,
    height,
    (x, y) => [noise(x, y, 0), noise(x, y, 1), noise(x, y, 2)],
    (x, y) => (seed % 3 === 0 ? noise(x, y, 3) : 255),
  );
  const cut = paint(
    width,
    height,
    (x, y) => at(picture, x, y),
    (x, y) => Math.min(picture.data[(y * width + x) * 4 + 3] ?? 0, Math.max(0, noise(x >> 2, y >> 2, 4) * 3 - 250)),
  );
  return { picture, cut };
}

describe('bokeh', () => {
  it('blurs the background and keeps the subject byte by byte', () => {
    const share = disc(100, 75, 40);
    const { picture, cut } = subjectBefore(200, 150, share, [200, 40, 40], checks);
    const result = render(picture, cut, { radius: 0.03, falloff: 0, ground: 0 });
    expect(detail(picture, 4, 4, 48, 48)).toBeGreaterThan(50);
    expect(detail(result, 4, 4, 48, 48)).toBeLessThan(12);
    expect(worst(result, (x, y) => (share(x, y) >= 0.98 ? farthest(at(result, x, y), at(picture, x, y)) : 0))).toBe(0);
  });

  it('leaves the picture as it is at radius 0', () => {
    fc.assert(
      fc.property(small, ({ width, height, seed, ...params }) => {
        const { picture, cut } = noisy(width, height, seed);
        expect(render(picture, cut, { ...params, radius: 0 }).data).toEqual(picture.data);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps size and alpha, at any size from 1×1', () => {
    fc.assert(
      fc.property(small, ({ width, height, seed, ...params }) => {
        const { picture, cut } = noisy(width, height, seed);
        const result = render(picture, cut, params);
        expect([result.width, result.height]).toEqual([width, height]);
        expect(result.data.filter((_, i) => i % 4 === 3)).toEqual(picture.data.filter((_, i) => i % 4 === 3));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes whichever way the rows are shared out', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 9 }), ({ width, height, seed, ...params }, band) => {
        const { picture, cut } = noisy(width, height, seed);
        const whole = render(picture, cut, params);
        const plan = planFor(picture, cut, params);
        for (const pass of plan.passes) {
          for (let to = pass.rows; to > 0; to -= band) pass.run(Math.max(0, to - band), to);
        }
        expect(plan.result.data).toEqual(whole.data);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same bytes from steps that were kept, whatever other parameters they were kept for', () => {
    fc.assert(
      fc.property(small, small, ({ width, height, seed, ...params }, { radius, aperture }) => {
        const { picture, cut } = noisy(width, height, seed);
        const kept: Record<string, unknown> = {};
        for (const step of bokeh.steps ?? []) {
          const by = { radius, aperture, highlights: params.highlights };
          const input = { picture, cut, scene: sceneOf(picture), assets: {}, allocate: allocateLocal };
          const plan = step.plan({ ...input, params: parseParameters(bokeh, by), kept: { ...kept } });
          kept[step.name] = structuredClone(runPlan(plan));
        }
        const plan = planFor(picture, cut, params, kept);
        expect(plan.passes.map(({ name }) => name)).not.toContain('bokeh-light');
        expect(runPlan(plan).data).toEqual(render(picture, cut, params).data);
      }),
      { numRuns: 40 },
    );
  });

  it('reads pictures that do not begin at the start of their buffer', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 7 }), ({ width, height, seed, ...params }, offset) => {
        const { picture, cut } = noisy(width, height, seed);
        const shift = (from: Picture): Picture => {
          const data = new Uint8Array(from.data.length + offset).subarray(offset);
          data.set(from.data);
          return { ...from, data };
        };
        expect(render(shift(picture), shift(cut), params).data).toEqual(render(picture, cut, params).data);
      }),
      { numRuns: 20 },
    );
  });

  it('lets no colour of the subject into the background, which a plain blur does', () => {
    const radiusPx = 12;
    const [width, height] = [240, 200];
    const share = disc(120, 100, 50);
    const { picture, cut } = subjectBefore(width, height, share, [255, 0, 0], () => [0, 0, 255]);
    const worstRed = (result: Picture) =>
      worst(result, (x, y) => {
        const distance = Math.hypot(x + 0.5 - 120, y + 0.5 - 100) - 50;
        return distance >= 1 && distance <= radiusPx ? at(result, x, y)[0] : 0;
      });
    expect(worstRed(render(picture, cut, { radius: radiusPx / width, falloff: 0, ground: 0 }))).toBeLessThanOrEqual(1);
    const nothing = paint(
      width,
      height,
      () => [0, 0, 0],
      () => 0,
    );
    expect(worstRed(render(picture, nothing, { radius: radiusPx / width }))).toBeGreaterThan(50);
  });

  it('keeps an even background even, right up to the subject', () => {
    const { picture, cut } = subjectBefore(160, 120, disc(80, 60, 30), [250, 250, 250], () => [37, 90, 141]);
    const result = render(picture, cut, { radius: 0.05, highlights: 1 });
    const outside = (x: number, y: number) => Math.hypot(x + 0.5 - 80, y + 0.5 - 60) >= 31;
    expect(
      worst(result, (x, y) => (outside(x, y) ? farthest(at(result, x, y), [37, 90, 141]) : 0)),
    ).toBeLessThanOrEqual(1);
  });

  it('draws a point of light as an even disc with an outline, and as another shape through another aperture', () => {
    const [width, height] = [400, 300];
    const lamp: Paint = (x, y) => (Math.abs(x - 300) < 3 && Math.abs(y - 100) < 3 ? [255, 255, 255] : [8, 8, 10]);
    const { picture, cut } = subjectBefore(width, height, disc(60, 200, 30), [120, 80, 60], lamp);
    const options = { radius: 0.05, falloff: 0, ground: 0, highlights: 1 };
    const round = render(picture, cut, options);
    const inside = [0, 4, 8, 12, 16].map((dx) => at(round, 300 + dx, 100)[0]);
    expect(Math.min(...inside)).toBeGreaterThan(90);
    expect(Math.max(...inside) - Math.min(...inside)).toBeLessThan(12);
    expect(at(round, 300 + 25, 100)[0]).toBeLessThan(20);
    expect(at(round, 300, 100 + 25)[0]).toBeLessThan(20);
    const five = render(picture, cut, { ...options, aperture: 'pentagon' });
    expect(at(five, 300, 100 - 22)[0]).toBeGreaterThan(90);
    expect(at(five, 300, 100 + 25)[0]).toBeLessThan(20);
  });

  it('lets highlights shine the more they are boosted', () => {
    const lamp: Paint = (x, y) => (Math.hypot(x - 150, y - 40) < 3 ? [255, 240, 200] : [10, 10, 20]);
    const { picture, cut } = subjectBefore(200, 150, disc(50, 110, 30), [120, 80, 60], lamp);
    const shine = [0, 0.5, 1].map(
      (highlights) => at(render(picture, cut, { radius: 0.04, highlights, falloff: 0, ground: 0 }), 150, 40)[0],
    );
    expect(shine[1]).toBeGreaterThan((shine[0] ?? 0) + 20);
    expect(shine[2]).toBeGreaterThan((shine[1] ?? 0) + 20);
  });

  it('blurs more the farther from the subject, as falloff says', () => {
    const { picture, cut } = subjectBefore(400, 300, disc(60, 150, 40), [200, 40, 40], checks);
    const near = (falloff: number) =>
      detail(render(picture, cut, { radius: 0.015, falloff, ground: 0 }), 102, 140, 10, 20);
    const far = (falloff: number) =>
      detail(render(picture, cut, { radius: 0.015, falloff, ground: 0 }), 300, 140, 10, 20);
    expect(near(1)).toBeGreaterThan(far(1) + 10);
    expect(Math.abs(near(0) - far(0))).toBeLessThan(2);
  });

  it('keeps the ground sharp where the subject stands', () => {
    const { picture, cut } = subjectBefore(400, 300, disc(200, 180, 60), [200, 40, 40], checks);
    const atFeet = (ground: number) =>
      detail(render(picture, cut, { radius: 0.03, falloff: 0, ground }), 100, 236, 60, 8);
    const above = (ground: number) =>
      detail(render(picture, cut, { radius: 0.03, falloff: 0, ground }), 100, 20, 60, 60);
    expect(atFeet(1)).toBeGreaterThan(50);
    expect(atFeet(0)).toBeLessThan(15);
    expect(above(1)).toBeLessThan(15);
  });

  it('takes no ground for sure where the picture cuts the subject off', () => {
    const { picture, cut } = subjectBefore(400, 300, disc(200, 260, 60), [200, 40, 40], checks);
    expect(detail(render(picture, cut, { radius: 0.03, falloff: 0 }), 20, 280, 60, 16)).toBeLessThan(15);
  });

  it('mixes soft edges of the subject over the blurred background', () => {
    const soft = (x: number) => Math.max(0, Math.min(1, (x - 80) / 40));
    const { picture, cut } = subjectBefore(200, 100, soft, [200, 200, 200], checks);
    const result = render(picture, cut, { radius: 0.05, falloff: 0, ground: 0 });
    const columns = Array.from({ length: 32 }, (_, i) => 84 + i);
    const errors = columns.map((x) => Math.abs(at(result, x, 50)[0] - (soft(x) * 200 + (1 - soft(x)) * 135)));
    expect(Math.max(...errors)).toBeLessThan(22);
    expect(detail(picture, 84, 30, 6, 40)).toBeGreaterThan(40);
    expect(detail(result, 84, 30, 6, 40)).toBeLessThan(15);
  });

  it('blurs all of a picture without subject and nothing of one that is all subject', () => {
    const picture = paint(120, 90, checks);
    const nothing = paint(
      120,
      90,
      () => [0, 0, 0],
      () => 0,
    );
    expect(detail(render(picture, nothing, { radius: 0.05 }), 20, 20, 80, 50)).toBeLessThan(10);
    expect(render(picture, picture, { radius: 0.05 }).data).toEqual(picture.data);
  });

  it('works from the scene’s matte where no cut is given', () => {
    const share = disc(100, 75, 40);
    const { picture } = subjectBefore(200, 150, share, [200, 40, 40], checks);
    const data = Uint8Array.from(
      { length: 100 * 75 },
      (_, i) => 255 * share((i % 100) * 2 + 0.5, Math.floor(i / 100) * 2 + 0.5),
    );
    const matte = createMatte(100, 75, { data });
    const scene: Scene = { ...sceneOf(picture), matte: { matte, provenance: { models: [] } } };
    const params = parseParameters(bokeh, { radius: 0.03 });
    const result = runPlan(bokeh.plan({ picture, scene, params, assets: {}, allocate: allocateLocal }));
    expect(at(result, 100, 75)).toEqual(at(picture, 100, 75));
    expect(detail(result, 4, 4, 40, 40)).toBeLessThan(20);
  });

  it('refuses a scene without a matte', () => {
    const picture = paint(4, 4, checks);
    const scene: Scene = { version: 1, width: 4, height: 4, facts: [] };
    const params = parseParameters(bokeh, {});
    expect(() => bokeh.plan({ picture, scene, params, assets: {}, allocate: allocateLocal })).toThrow(/matte/);
  });
});
