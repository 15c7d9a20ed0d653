import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { planCut } from '../matte/cut.ts';
import { createMatte } from '../picture/matte.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import type { Scene } from '../scene/scene.ts';
import { cutout } from './cutout.ts';
import { describeParameters, parseParameters } from './describe.ts';

/** A red square on blue, its matte at a third of the size with a soft border. */
function drawSubject(width = 90, height = 60): { picture: Picture; scene: Scene } {
  const picture = createPicture(width, height);
  const matte = createMatte(Math.ceil(width / 3), Math.ceil(height / 3));
  const inside = (x: number, y: number) => x >= 0.3 && x < 0.7 && y >= 0.25 && y < 0.75;
  for (let i = 0; i < width * height; i++) {
    const subject = inside((i % width) / width, Math.floor(i / width) / height);
    picture.data.set(subject ? [220, 30, 20, 255] : [20, 40, 230, 255], i * 4);
  }
  for (let i = 0; i < matte.data.length; i++) {
    const x = ((i % matte.width) + 0.5) / matte.width;
    const y = (Math.floor(i / matte.width) + 0.5) / matte.height;
    const near = [-1, 0, 1].flatMap((dx) =>
      [-1, 0, 1].map((dy) => inside(x + dx / matte.width, y + dy / matte.height)),
    );
    matte.data[i] = (255 * near.filter(Boolean).length) / 9;
  }
  const scene: Scene = {
    version: 1,
    width,
    height,
    facts: ['matte'],
    matte: { matte, provenance: { models: ['test'] } },
  };
  return { picture, scene };
}

const { picture, scene } = drawSubject();

function render(params: object, assets: Readonly<Record<string, Picture>> = {}, cut?: Picture): Picture {
  const input = { picture, scene, params: parseParameters(cutout, params), assets, allocate: allocateLocal };
  return runPlan(cutout.plan(cut === undefined ? input : { ...input, cut }));
}

function pixel(of: Picture, x: number, y: number): readonly number[] {
  return [...of.data.subarray((y * of.width + x) * 4, (y * of.width + x) * 4 + 4)];
}

test('the subject stays as it is and the background is gone, with its colour', () => {
  const result = render({});
  expect(pixel(result, 45, 30)).toEqual([220, 30, 20, 255]);
  expect(pixel(result, 3, 3)).toEqual([0, 0, 0, 0]);
  expect(result.data).not.toEqual(picture.data);
});

test('the photo is not touched', () => {
  const before = Uint8Array.from(picture.data);
  render({ background: 'gradient' });
  expect(picture.data).toEqual(before);
});

test('a colour fills what is behind the subject and leaves no fringe of the old background', () => {
  const result = render({ background: 'color', color: '#00ff00' });
  expect(pixel(result, 3, 3)).toEqual([0, 255, 0, 255]);
  expect(pixel(result, 45, 30)).toEqual([220, 30, 20, 255]);
  // Neither red nor green holds blue: what there is beyond 20 came from the old background, which has 230 of it.
  for (let i = 0; i < result.data.length; i += 4) expect(result.data[i + 2]).toBeLessThanOrEqual(60);
});

test('every result onto a background is opaque, of the photo’s size, and the subject’s pixels are its own', () => {
  const asset = createPicture(7, 5);
  for (let i = 0; i < 35; i++) asset.data.set([i * 7, 100, 9, i % 3 === 0 ? 0 : 255], i * 4);
  fc.assert(
    fc.property(
      fc.record({
        background: fc.constantFrom('color', 'gradient', 'picture'),
        gradientAngleDeg: fc.double({ min: 0, max: 360, noNaN: true }),
        fit: fc.constantFrom('cover', 'contain', 'stretch'),
        positionX: fc.double({ min: 0, max: 1, noNaN: true }),
        positionY: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      (params) => {
        const result = render(params, { background: asset });
        expect([result.width, result.height]).toEqual([90, 60]);
        for (let i = 3; i < result.data.length; i += 4) if (result.data[i] !== 255) throw new Error('not opaque');
        expect(pixel(result, 45, 30)).toEqual([220, 30, 20, 255]);
      },
    ),
    { numRuns: 40 },
  );
});

test('a gradient runs from its first colour to its last in the given direction, without bands', () => {
  const down = render({
    background: 'gradient',
    gradientFrom: '#000000',
    gradientTo: '#101010',
    gradientAngleDeg: 180,
  });
  expect(pixel(down, 0, 0)[0]).toBeLessThanOrEqual(1);
  expect(pixel(down, 0, 59)[0]).toBeGreaterThanOrEqual(15);
  const right = render({ background: 'gradient', gradientFrom: 'black', gradientTo: 'white', gradientAngleDeg: 90 });
  expect(pixel(right, 0, 0)[0]).toBeLessThan(10);
  expect(pixel(right, 89, 0)[0]).toBeGreaterThan(245);
  // Between two steps both values occur in one row: dithered.
  const rows = Array.from(
    { length: 60 },
    (_, y) => new Set(Array.from({ length: 20 }, (__, x) => pixel(down, x, y)[0])),
  );
  expect(rows.filter((values) => values.size > 1).length).toBeGreaterThan(30);
});

test('cover crops the background picture, contain shows all of it, stretch bends it', () => {
  const asset = createPicture(40, 10);
  for (let x = 0; x < 400; x++) asset.data.set([x % 40 < 20 ? 0 : 250, 200, 0, 255], x * 4);
  const assets = { background: asset };
  const stretch = render({ background: 'picture', fit: 'stretch' }, assets);
  expect([pixel(stretch, 0, 0)[0], pixel(stretch, 89, 0)[0]]).toEqual([0, 250]);
  const contain = render({ background: 'picture', fit: 'contain', color: '#0000ff' }, assets);
  expect(pixel(contain, 5, 0)).toEqual([0, 0, 255, 255]);
  const top = render({ background: 'picture', fit: 'contain', positionY: 0 }, assets);
  expect(pixel(top, 5, 2)).toEqual([0, 200, 0, 255]);
  const left = render({ background: 'picture', fit: 'cover', positionX: 0 }, assets);
  expect([pixel(left, 0, 0)[0], pixel(left, 89, 0)[0]]).toEqual([0, 0]);
  const right = render({ background: 'picture', fit: 'cover', positionX: 1 }, assets);
  expect([pixel(right, 0, 0)[0], pixel(right, 89, 0)[0]]).toEqual([250, 250]);
});

test('a cut computed before gives the same bytes', () => {
  const matte = scene.matte?.matte ?? createMatte(1, 1);
  const cut = runPlan(planCut(picture, matte, allocateLocal));
  for (const params of [{}, { background: 'color' }, { background: 'gradient' }]) {
    expect(render(params, {}, cut).data).toEqual(render(params).data);
  }
});

test('the picture’s own transparency stays transparent', () => {
  const { picture: own, scene: facts } = drawSubject();
  for (let i = 0; i < 90 * 60; i++) if (i % 90 < 45) own.data[i * 4 + 3] = 0;
  const params = parseParameters(cutout, {});
  const result = runPlan(cutout.plan({ picture: own, scene: facts, params, assets: {}, allocate: allocateLocal }));
  expect(pixel(result, 40, 30)).toEqual([0, 0, 0, 0]);
  expect(pixel(result, 50, 30)).toEqual([220, 30, 20, 255]);
});

test('the edge control takes soft edges in or lets them out, and 0 changes nothing', () => {
  const cover = (result: Picture) => {
    let sum = 0;
    for (let i = 3; i < result.data.length; i += 4) sum += result.data[i] as number;
    return sum;
  };
  const [tight, plain, loose] = [-0.6, 0, 0.6].map((edge) => render({ edge }));
  expect(cover(tight as Picture)).toBeLessThan(cover(plain as Picture) * 0.99);
  expect(cover(loose as Picture)).toBeGreaterThan(cover(plain as Picture) * 1.01);
  expect(plain?.data).toEqual(render({}).data);
  for (const result of [tight, loose]) {
    expect(pixel(result as Picture, 45, 30)).toEqual([220, 30, 20, 255]);
    expect(pixel(result as Picture, 3, 3)).toEqual([0, 0, 0, 0]);
  }
  expect(render({ edge: -0.6, background: 'color' }).data).not.toEqual(render({ background: 'color' }).data);
});

test('colours and background pictures are converted to the photo’s colour space', () => {
  const wide = createPicture(90, 60, { data: picture.data, colorSpace: 'display-p3' });
  const asset = createPicture(3, 2);
  for (let i = 0; i < 6; i++) asset.data.set([255, 0, 0, 255], i * 4);
  for (const given of [{ background: 'color', color: 'red' }, { background: 'picture' }] as const) {
    const params = parseParameters(cutout, given);
    const assets = { background: asset };
    const result = runPlan(cutout.plan({ picture: wide, scene, params, assets, allocate: allocateLocal }));
    expect(result.colorSpace).toBe('display-p3');
    expect(pixel(result, 3, 3)).toEqual([234, 51, 35, 255]);
  }
});

test('one pixel can be cut out', () => {
  const tiny = createPicture(1, 1, { data: Uint8Array.of(9, 8, 7, 255) });
  const matte = createMatte(1, 1, { data: Uint8Array.of(255) });
  const facts: Scene = {
    version: 1,
    width: 1,
    height: 1,
    facts: ['matte'],
    matte: { matte, provenance: { models: [] } },
  };
  const params = parseParameters(cutout, {});
  const result = runPlan(cutout.plan({ picture: tiny, scene: facts, params, assets: {}, allocate: allocateLocal }));
  expect([...result.data]).toEqual([9, 8, 7, 255]);
});

test('a missing matte, a missing picture and a wrong colour are told', () => {
  const { matte: _, ...bare } = scene;
  const params = parseParameters(cutout, {});
  expect(() => cutout.plan({ picture, scene: bare, params, assets: {}, allocate: allocateLocal })).toThrow(
    /fact matte/,
  );
  expect(() => render({ background: 'picture' })).toThrow('Expected a background picture, got none.');
  expect(() => parseParameters(cutout, { color: 'nope' })).toThrow(
    'Expected a colour such as #3366ff or white for color',
  );
  expect(() => parseParameters(cutout, { blur: 1 })).toThrow('cutout has no option blur.');
});

test('every parameter can be drawn as a control', () => {
  const infos = describeParameters(cutout);
  expect(infos.map((info) => info.name)).toContain('background');
  for (const info of infos) {
    expect(info.title).not.toBe('');
    expect(info.description).toMatch(/\.$/);
  }
});
