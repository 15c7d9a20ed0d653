import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { createMatte } from '../picture/matte.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import { createCover } from './cover.ts';
import { outlineHidden } from './hidden.ts';
import { type CoverOutline, convexHull, outlineHead, outlinePerson, outlineSilhouette } from './outline.ts';
import { type CoverOptions, type Hidden, planCovers } from './paint.ts';
import { isUnder } from './report.ts';

const UPRIGHT = { x: 1, y: 0 };
const STYLES: readonly CoverOptions['style'][] = [
  { kind: 'solid', color: [20, 40, 60] },
  { kind: 'mosaic', cells: 7 },
  { kind: 'blur', grain: 0.5 },
];

function fillNoise(picture: Picture, seed: number): Picture {
  let state = seed >>> 0;
  for (let i = 0; i < picture.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    picture.data[i] = i % 4 === 3 && state % 3 > 0 ? 255 : state >>> 24;
  }
  return picture;
}

function coverAll(picture: Picture, outlines: readonly CoverOutline[], options: Partial<CoverOptions> = {}): Picture {
  const hidden: readonly Hidden[] = outlines.map((outline, i) => ({
    outline,
    right: i % 2 === 0 ? UPRIGHT : { x: 0.8, y: 0.6 },
  }));
  const all = {
    style: STYLES[2] as CoverOptions['style'],
    seed: 3,
    softness: 0.05,
    allocate: allocateLocal,
    ...options,
  };
  return runPlan(planCovers(picture, () => hidden, hidden.length, all));
}

const fraction = fc.double({ min: -0.2, max: 1.2, noNaN: true });
const convex = fc
  .array(fc.record({ x: fraction, y: fraction }), { minLength: 1, maxLength: 9 })
  .map((points): CoverOutline => ({ kind: 'convex', points: convexHull(points) }));
const silhouette = fc
  .record({
    x: fraction,
    y: fraction,
    size: fc.double({ min: 0.05, max: 0.8, noNaN: true }),
    alpha: fc.uint8Array({ minLength: 12, maxLength: 12 }),
    margin: fc.double({ min: 0, max: 0.1, noNaN: true }),
  })
  .map(
    ({ x, y, size, alpha, margin }): CoverOutline => ({
      kind: 'matte',
      margin,
      matte: { box: { x, y, width: size, height: size }, matte: createMatte(4, 3, { data: alpha }) },
    }),
  );
const outlines = fc.array(fc.oneof(convex, silhouette), { minLength: 1, maxLength: 4 });
const sides = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) });

/** Which pixels any of the outlines covers. */
function toMask(all: readonly CoverOutline[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const outline of all) {
    const cover = createCover(outline, width, height);
    for (let y = 0; y < height; y++) {
      const spans = cover.spans(y);
      for (let s = 0; s < spans.length; s += 2) {
        mask.fill(1, y * width + (spans[s] as number), y * width + (spans[s + 1] as number));
      }
    }
  }
  return mask;
}

describe('covers', () => {
  it('give the same bytes whatever is changed within any of them', () => {
    const sticker = fillNoise(createPicture(9, 7), 5);
    fc.assert(
      fc.property(
        sides,
        outlines,
        fc.integer(),
        fc.integer(),
        fc.constantFrom(...STYLES),
        fc.boolean(),
        ({ width, height }, all, seed, otherSeed, style, hasSticker) => {
          const picture = fillNoise(createPicture(width, height), seed);
          const changed = fillNoise(createPicture(width, height), otherSeed);
          const mask = toMask(all, width, height);
          for (let i = 0; i < mask.length; i++) {
            if (mask[i] === 0) changed.data.set(picture.data.subarray(i * 4, i * 4 + 4), i * 4);
          }
          const options = { style, ...(hasSticker && { sticker }) };
          const one = coverAll(picture, all, options);
          const other = coverAll(changed, all, options);
          expect(one.data.findIndex((byte, i) => byte !== other.data[i])).toBe(-1);
          const clear = mask.findIndex((covered, i) => covered === 1 && one.data[i * 4 + 3] !== 255);
          expect(clear).toBe(-1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('may lie outside of the picture', () => {
    const outside: CoverOutline = { kind: 'convex', points: [{ x: -0.3, y: 0 }] };
    for (const style of STYLES) {
      const picture = fillNoise(createPicture(21, 5), 1);
      expect(coverAll(picture, [outside], { style }).data).toEqual(picture.data);
    }
  });

  it('leave pixels beyond their soft edge as they are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...STYLES), (seed, style) => {
        const picture = fillNoise(createPicture(40, 30), seed);
        const outline = outlineHead({ box: { x: 0.4, y: 0.4, width: 0.15, height: 0.2 } }, 40 / 30);
        const result = coverAll(picture, [outline], { style });
        const far = outlineHead({ box: { x: 0.4, y: 0.4, width: 0.15, height: 0.2 } }, 40 / 30, 0.7);
        const mask = toMask([far], 40, 30);
        expect(mask).toContain(0);
        const isSame = (byte: number, i: number): boolean => mask[i >> 2] === 1 || byte === picture.data[i];
        expect(Array.from(result.data).findIndex((byte, i) => !isSame(byte, i))).toBe(-1);
      }),
      { numRuns: 30 },
    );
  });

  it('work where nothing is left around them', () => {
    const everything: CoverOutline = {
      kind: 'convex',
      points: [
        { x: -1, y: -1 },
        { x: 2, y: -1 },
        { x: 2, y: 2 },
        { x: -1, y: 2 },
      ],
    };
    for (const style of STYLES) {
      const one = coverAll(fillNoise(createPicture(30, 20), 1), [everything], { style });
      expect(one.data).toEqual(coverAll(fillNoise(createPicture(30, 20), 2), [everything], { style }).data);
      expect(new Set(one.data).size).toBeGreaterThan(style.kind === 'solid' ? 2 : 3);
    }
  });

  it('take the colours around them, and other ones by another seed', () => {
    const picture = createPicture(60, 60);
    for (let i = 0; i < 3600; i++) picture.data.set([i % 60 < 30 ? 200 : 20, 90, 40, 255], i * 4);
    const outline = outlineHead({ box: { x: 0.35, y: 0.4, width: 0.3, height: 0.3 } }, 1);
    const blurred = coverAll(picture, [outline], { style: { kind: 'blur', grain: 0 } });
    const at = (x: number) => blurred.data[(30 * 60 + x) * 4] as number;
    expect(at(19)).toBeGreaterThan(150);
    expect(at(41)).toBeLessThan(70);
    expect(at(30)).toBeGreaterThan(80);
    expect(at(30)).toBeLessThan(140);
    const mosaic = coverAll(picture, [outline], { style: { kind: 'mosaic', cells: 6 } });
    const reds = new Set(Array.from({ length: 20 }, (_, i) => mosaic.data[(30 * 60 + 20 + i) * 4]));
    expect(reds.size).toBeGreaterThan(3);
    expect(Math.max(...[...reds].map(Number))).toBeLessThanOrEqual(200);
    expect(Math.min(...[...reds].map(Number))).toBeGreaterThanOrEqual(20);
    for (const style of STYLES.slice(1)) {
      const [one, same, other] = [3, 3, 4].map((seed) => coverAll(picture, [outline], { style, seed }).data);
      expect(one).toEqual(same);
      expect(one).not.toEqual(other);
    }
  });

  it('are drawn in bands of rows as in one', () => {
    const picture = fillNoise(createPicture(50, 41), 9);
    const all = [outlineHead({ box: { x: 0.4, y: 0.3, width: 0.3, height: 0.3 } }, 50 / 41)];
    for (const style of STYLES) {
      const options = { style, seed: 1, softness: 0.1, allocate: allocateLocal };
      const plan = planCovers(picture, () => all.map((outline) => ({ outline, right: UPRIGHT })), 1, options);
      for (const pass of plan.passes) for (let y = pass.rows - 1; y >= 0; y--) pass.run(y, y + 1);
      expect(plan.result.data).toEqual(coverAll(picture, all, options).data);
    }
  });

  it('draw a sticker as large as the cover, and nothing of what is beneath it', () => {
    const sticker = createPicture(8, 8);
    for (let i = 0; i < 64; i++) sticker.data.set(i % 8 < 4 ? [0, 255, 0, 255] : [0, 0, 0, 0], i * 4);
    const picture = createPicture(60, 60, { data: new Uint8Array(14_400).fill(255) });
    const outline = outlineHead({ box: { x: 0.35, y: 0.4, width: 0.3, height: 0.3 } }, 1);
    const result = coverAll(picture, [outline], { sticker, style: { kind: 'solid', color: [0, 0, 200] } });
    expect([...result.data.subarray((30 * 60 + 24) * 4, (30 * 60 + 24) * 4 + 4)]).toEqual([0, 255, 0, 255]);
    expect([...result.data.subarray((30 * 60 + 36) * 4, (30 * 60 + 36) * 4 + 4)]).toEqual([0, 0, 200, 255]);
  });
});

describe('an outline', () => {
  it('covers every pixel that it touches, and no others', () => {
    const triangle = [
      { x: 0.1, y: 0.15 },
      { x: 0.9, y: 0.4 },
      { x: 0.3, y: 0.85 },
    ];
    const size = 37;
    const mask = toMask([{ kind: 'convex', points: triangle }], size, size);
    const touched = new Uint8Array(size * size);
    // Many points of the triangle, by their shares of its corners.
    for (let i = 0; i <= 400; i++) {
      for (let j = 0; j <= 400 - i; j++) {
        const shares = [i / 400, j / 400, 1 - (i + j) / 400];
        const x = triangle.reduce((sum, point, k) => sum + point.x * (shares[k] as number), 0);
        const y = triangle.reduce((sum, point, k) => sum + point.y * (shares[k] as number), 0);
        touched[Math.floor(y * size) * size + Math.floor(x * size)] = 1;
      }
    }
    let more = 0;
    for (let i = 0; i < mask.length; i++) {
      expect((mask[i] as number) >= (touched[i] as number)).toBe(true);
      more += (mask[i] as number) - (touched[i] as number);
    }
    // Corners of pixels that the many points have missed.
    expect(more).toBeLessThan(12);
  });

  it('of a face takes in its box, hair and chin, however it is turned', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -180, max: 180 }),
        fc.double({ min: 0.4, max: 2.5, noNaN: true }),
        (roll, aspect) => {
          const box = { x: 0.4, y: 0.4, width: 0.1 / aspect, height: 0.1 };
          const outline = outlineHead({ box, rollDegrees: roll }, aspect);
          const cover = createCover(outline, Math.round(400 * aspect), 400);
          const centre = { x: (box.x + box.width / 2) * Math.round(400 * aspect), y: (box.y + box.height / 2) * 400 };
          const holds = (dx: number, dy: number): boolean => {
            const radians = (roll * Math.PI) / 180;
            const x = centre.x + 40 * (dx * Math.cos(radians) - dy * Math.sin(radians));
            const y = centre.y + 40 * (dx * Math.sin(radians) + dy * Math.cos(radians));
            const spans = cover.spans(Math.floor(y));
            return spans.length === 2 && x >= (spans[0] as number) && x <= (spans[1] as number);
          };
          // In sides of the box: chin, ears, the top of the head.
          for (const [dx, dy] of [
            [0, 0.7],
            [0.65, 0],
            [-0.65, 0],
            [0, -0.9],
          ] as const)
            expect(holds(dx, dy)).toBe(true);
          expect(holds(0, 0.9) || holds(0.9, 0) || holds(0, -1.2)).toBe(false);
        },
      ),
    );
  });

  it('of a face turned aside reaches further to the side that the nose does not point to', () => {
    const box = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 };
    const points = {
      rightEye: { x: 0.45, y: 0.45 },
      leftEye: { x: 0.55, y: 0.45 },
      nose: { x: 0.56, y: 0.5 },
      mouthRight: { x: 0.46, y: 0.56 },
      mouthLeft: { x: 0.54, y: 0.56 },
    };
    const ahead = outlineHead({ box, points: { ...points, nose: { x: 0.5, y: 0.5 } } }, 1);
    const aside = outlineHead({ box, points }, 1);
    const reach = (outline: CoverOutline) =>
      outline.kind === 'convex' ? outline.points.map(({ x }) => x).sort((a, b) => a - b) : [];
    expect(reach(aside)[0]).toBeLessThan((reach(ahead)[0] as number) - 0.03);
    expect(reach(aside).at(-1)).toBeCloseTo(reach(ahead).at(-1) as number, 6);
  });

  it('of a silhouette run smoothly, and leave out nothing that is within reach', () => {
    const [SIDE, PX] = [16, 640];
    const isIn = (column: number, row: number) => (column - 7.5) ** 2 + (row - 7.5) ** 2 < 30;
    const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (isIn(i % SIDE, Math.floor(i / SIDE)) ? 255 : 0));
    const matte = { box: { x: 0, y: 0, width: 1, height: 1 }, matte: createMatte(SIDE, SIDE, { data }) };
    const margin = 0.05;
    const cover = createCover({ kind: 'matte', margin, matte }, PX, PX);
    const rows = Array.from({ length: PX }, (_, y) => cover.spans(y)).filter((spans) => spans.length > 0);
    expect(rows.every((spans) => spans.length === 2)).toBe(true);
    // A row of the matte is 40 pixels high: in steps of that, the border would jump by as many.
    const lefts = rows.map(([left = 0]) => left).slice(60, -60);
    const jumps = lefts.slice(1).map((left, i) => Math.abs(left - (lefts[i] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(8);
    const mask = toMask([{ kind: 'matte', margin, matte }], PX, PX);
    const cell = PX / SIDE;
    const missed: number[][] = [];
    for (let y = 0; y < PX; y += 3) {
      for (let x = 0; x < PX; x += 3) {
        const near = Array.from({ length: SIDE * SIDE }, (_, i) => i).some((i) => {
          if (data[i] === 0) return false;
          const [left, top] = [(i % SIDE) * cell, Math.floor(i / SIDE) * cell];
          const far = Math.hypot(Math.max(left - x, 0, x - left - cell), Math.max(top - y, 0, y - top - cell));
          return far <= margin * PX;
        });
        if (near && mask[y * PX + x] === 0) missed.push([x, y]);
      }
    }
    expect(missed).toEqual([]);
  });

  it('of a whole person hides the silhouette, unless that is asked for', () => {
    // A person with a hole between arm and body.
    const matte = createMatte(6, 6, {
      data: Uint8Array.from(
        [
          0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0,
        ].map((each) => each * 255),
      ),
    });
    const region = { box: { x: 0.2, y: 0.2, width: 0.6, height: 0.6 }, matte };
    const hull = toMask([outlinePerson(region, [], 1)], 60, 60);
    const shape = toMask([outlineSilhouette(region, 1, 0)], 60, 60);
    const hole = 30 * 60 + 21;
    expect([hull[hole], shape[hole]]).toEqual([1, 0]);
    let area = 0;
    for (let i = 0; i < hull.length; i++) {
      expect((hull[i] as number) >= (shape[i] as number)).toBe(true);
      const [x, y] = [i % 60, Math.floor(i / 60)];
      const inside = x >= 12 && x < 48 && y >= 12 && y < 48;
      const alpha = inside ? (matte.data[Math.floor((y - 12) / 6) * 6 + Math.floor((x - 12) / 6)] as number) : 0;
      expect((shape[i] as number) * 255).toBeGreaterThanOrEqual(alpha);
      area += shape[i] as number;
    }
    expect(area).toBeLessThan(2200);
  });

  it('of a whole person takes in hands and feet that reach a little beyond the matte', () => {
    const matte = createMatte(2, 4);
    matte.data.fill(255);
    const box = { x: 0.4, y: 0.2, width: 0.2, height: 0.5 };
    const person = { id: 'person-1', kind: 'person', label: 'person', score: 1, box, faceIds: [] } as const;
    const options = { hide: 'people', outline: 'hull', margin: 0, unsure: true } as const;
    const whole = { ...person, anchor: { x: 0.5, y: 0.5 }, matte: { box, matte } };
    const outlines = outlineHidden([{ kind: 'person', person: whole, faces: [] }], 1, options);
    const covered = (x: number, y: number) => outlines.some(({ outline }) => isUnder(outline, { x, y }));
    expect([covered(0.5, 0.745), covered(0.355, 0.45)]).toEqual([true, true]);
    expect([covered(0.5, 0.77), covered(0.33, 0.45)]).toEqual([false, false]);
  });

  it('of a whole person near a border of the picture goes on to it', () => {
    const matte = createMatte(2, 4);
    matte.data.fill(255);
    const covers = (box: { x: number; y: number; width: number; height: number }, x: number, y: number) =>
      isUnder(outlinePerson({ box, matte }, [], 1, 0.1), { x, y });
    expect(covers({ x: 0.4, y: 0.34, width: 0.2, height: 0.55 }, 0.5, 0.995)).toBe(true);
    expect(covers({ x: 0.4, y: 0.2, width: 0.2, height: 0.55 }, 0.5, 0.995)).toBe(false);
    expect(covers({ x: 0.1, y: 0.2, width: 0.2, height: 0.55 }, 0.005, 0.5)).toBe(true);
    expect(covers({ x: 0.7, y: 0.2, width: 0.2, height: 0.55 }, 0.995, 0.5)).toBe(true);
  });

  it('that is none is refused', () => {
    for (const points of [[], [{ x: Number.NaN, y: 0 }], [{ x: 0, y: Number.POSITIVE_INFINITY }]]) {
      expect(() => createCover({ kind: 'convex', points }, 9, 9)).toThrow(/finite/);
    }
  });
});
