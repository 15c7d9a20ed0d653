import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  allocateLocal,
  createMatte,
  createRecipe,
  getEffect,
  type Matte,
  type Picture,
  parseParameters,
  parseRecipe,
  planRecipe,
  resolveRecipe,
  runPlan,
  type Scene,
} from '@focal/core';
import { openSourcePage, type SourcePage } from '@focal/testing/pages';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const [WIDTH, HEIGHT, MATTE_SIDE] = [601, 403, 256];

const PAGE = `<!doctype html><script type="module">
import {
  allocateLocal, createMatte, createPicture, getEffect, parseParameters, parseRecipe, planRecipe, resolveRecipe, runPlan,
} from '@focal/core';
import { createEffectHandlers, createPlanRunner } from '@focal/web';
globalThis.render = async (name, raw) => {
  const read = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const picture = { ...createPicture(${WIDTH}, ${HEIGHT}), data: await read('/picture') };
  const matte = createMatte(${MATTE_SIDE}, ${MATTE_SIDE}, { data: await read('/matte') });
  const scene = { version: 1, width: ${WIDTH}, height: ${HEIGHT}, facts: ['matte'], matte: { matte, provenance: { models: [] } } };
  const effect = getEffect(name);
  const params = parseParameters(effect, raw);
  const plan = effect.plan({ picture, scene, params, assets: { background: picture }, allocate: allocateLocal });
  const digest = await crypto.subtle.digest('SHA-256', runPlan(plan).data.slice());
  return toHex(digest);
};
globalThis.renderRecipe = async (json, path = '/picture', faces = []) => {
  const read = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const picture = { ...createPicture(${WIDTH}, ${HEIGHT}), data: await read(path) };
  const matte = createMatte(${MATTE_SIDE}, ${MATTE_SIDE}, { data: await read('/matte') });
  const provenance = { models: [] };
  const scene = {
    version: 1, width: ${WIDTH}, height: ${HEIGHT}, facts: ['matte', 'objects', 'faces', 'subjects', 'possible-faces'],
    matte: { matte, provenance }, subjects: { subjects: [], provenance },
    faces: { faces, provenance }, possibleFaces: { places: [], provenance },
  };
  const { steps } = resolveRecipe(parseRecipe(json), picture, scene);
  const plan = planRecipe({ picture, scene, steps, pictures: {}, allocate: allocateLocal });
  return toHex(await crypto.subtle.digest('SHA-256', runPlan(plan).data.slice()));
};
const toHex = (digest) => [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
// As the studio renders: by the effect worker's methods, what can be kept being kept from look to look.
globalThis.renderLooks = async (looks, photo = '/photo.png') => {
  const read = async (path) => await (await fetch(path)).blob();
  const handlers = createEffectHandlers(createPlanRunner({ helpers: 0, createHelper: () => undefined }));
  await handlers.open({ file: await read(photo) });
  const data = new Uint8Array(await (await read('/matte')).arrayBuffer());
  await handlers.setMatte({ matte: { width: ${MATTE_SIDE}, height: ${MATTE_SIDE}, data }, provenance: { models: [] } });
  const hashes = [];
  for (const steps of looks) {
    const { value } = await handlers.render({ steps, longSide: 9999 }, { signal: new AbortController().signal });
    hashes.push(toHex(await crypto.subtle.digest('SHA-256', value.data)));
  }
  return hashes;
};
</script>`;

/** A photo as decoded here, so that both engines start from the same pixels. */
async function readPicture(): Promise<Picture> {
  const photos = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
  const resized = sharp(join(photos, 'sample1.jpg')).resize(WIDTH, HEIGHT, { fit: 'fill' });
  const data = await resized.ensureAlpha().raw().toBuffer();
  return { width: WIDTH, height: HEIGHT, colorSpace: 'srgb', data: new Uint8Array(data) };
}

/** The photo with what is see-through: all of it, none of it, and everything between, in a slanting band. */
function makeClear(picture: Picture): Picture {
  const data = picture.data.slice();
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    data[i * 4 + 3] = Math.max(0, Math.min(255, x + y - 300));
    // What no decoder has to keep.
    if (data[i * 4 + 3] === 0) data.fill(0, i * 4, i * 4 + 3);
  }
  return { ...picture, data };
}

/** A figure with soft edges. */
function drawMatte(): Matte {
  const matte = createMatte(MATTE_SIDE, MATTE_SIDE);
  for (let i = 0; i < matte.data.length; i++) {
    const [x, y] = [i % MATTE_SIDE, Math.floor(i / MATTE_SIDE)];
    const distance = Math.hypot((x - 130) / 60, (y - 120) / 90);
    matte.data[i] = Math.max(0, Math.min(255, (1 - distance) * 900));
  }
  return matte;
}

const EVERY_EFFECT = [
  { effect: 'anonymize', on: 'faces' },
  { effect: 'background', params: { kind: 'pattern' } },
  { effect: 'background', params: { kind: 'blur' }, opacity: 0.6 },
  { effect: 'bokeh' },
  { effect: 'cutout', params: { edge: 0.2 } },
  { effect: 'tone', on: 'everything', params: { exposure: 0.7, warmth: 0.3 } },
  { effect: 'mono', params: { style: 'duotone' } },
  { effect: 'outline' },
  { effect: 'glow', params: { blend: 'paint' } },
  { effect: 'shadow' },
  { effect: 'frame', params: { style: 'film' } },
  { effect: 'reframe' },
];

describe('Node and Chromium', () => {
  let picture: Picture;
  let clear: Picture;
  let matte: Matte;
  let opened: SourcePage;
  let page: Page;

  beforeAll(async () => {
    picture = await readPicture();
    clear = makeClear(picture);
    const toPng = ({ data }: Picture) =>
      sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
        .png()
        .toBuffer();
    matte = drawMatte();
    const files = new Map<string, Uint8Array>([
      ['/picture', picture.data as Uint8Array],
      ['/matte', matte.data as Uint8Array],
      ['/clear', clear.data as Uint8Array],
      ['/photo.png', await toPng(picture)],
      ['/clear.png', await toPng(clear)],
    ]);
    opened = await openSourcePage({ html: PAGE, files, ready: 'render' });
    page = opened.page;
  });

  afterAll(() => opened?.close());

  it.each([
    ['cutout', {}],
    ['cutout', { background: 'color', color: '#f2c14e' }],
    ['cutout', { background: 'gradient' }],
    ['cutout', { background: 'picture' }],
    ['bokeh', {}],
    ['bokeh', { radius: 0.05, highlights: 1, ground: 0 }],
    ['bokeh', { radius: 0.03, aperture: 'hexagon', angleDeg: 17, falloff: 1 }],
    ['bokeh', { radius: 0.02, aperture: 'pentagon', angleDeg: 200 }],
  ])('give the same bytes of %s with %o', async (name, raw) => {
    const effect = getEffect(name);
    const params = parseParameters(effect, raw);
    const fact = { matte, provenance: { models: [] } };
    const scene: Scene = { version: 1, width: WIDTH, height: HEIGHT, facts: ['matte'], matte: fact };
    const input = { picture, scene, params, assets: { background: picture }, allocate: allocateLocal };
    const here = runPlan(effect.plan(input));
    expect(here.data).not.toEqual(picture.data);
    const there = await page.evaluate<string>(`render(${JSON.stringify(name)}, ${JSON.stringify(raw)})`);
    expect(there).toBe(createHash('sha256').update(here.data).digest('hex'));
  });

  it('give the same bytes of recipes of several steps, whatever was kept of the one before', async () => {
    const steps = (exposure: number, radius: number) => [
      { effect: 'tone', params: { exposure }, assets: {}, enabled: true, opacity: 1 },
      { effect: 'mono', params: {}, assets: {}, enabled: true, opacity: 0.5 },
      { effect: 'bokeh', params: { radius }, assets: {}, enabled: true, opacity: 1 },
      { effect: 'mono', params: { style: 'sepia' }, assets: {}, enabled: radius > 0.02, opacity: 1 },
      { effect: 'cutout', params: { background: 'gradient', edge: 0.1 }, assets: {}, enabled: true, opacity: 0.9 },
    ];
    const looks = [steps(0.4, 0.01), steps(0.4, 0.03), steps(-0.7, 0.03), steps(0.4, 0.01)];
    const fact = { matte, provenance: { models: [] } };
    const scene: Scene = { version: 1, width: WIDTH, height: HEIGHT, facts: ['matte'], matte: fact };
    const here = looks.map((look) => {
      const resolved = resolveRecipe(createRecipe(look), picture, scene);
      const plan = planRecipe({ picture, scene, steps: resolved.steps, pictures: {}, allocate: allocateLocal });
      return createHash('sha256').update(runPlan(plan).data).digest('hex');
    });
    expect(new Set(here).size).toBe(3);
    expect(await page.evaluate<readonly string[]>(`renderLooks(${JSON.stringify(looks)})`)).toEqual(here);
  });

  it.each([
    ...EVERY_EFFECT.map((step) => [step.effect, [step]] as const),
    ['all of them together', EVERY_EFFECT] as const,
  ])('give the same bytes of a picture that is see-through here and there: %s', async (_name, steps) => {
    const json = JSON.stringify({ format: 'focal-recipe', version: 1, look: { steps } });
    const at = (x: number, y: number) => ({ x: 0.4 + 0.1 * x, y: 0.3 + 0.12 * y });
    const points = {
      rightEye: at(0.3, 0.3),
      leftEye: at(0.7, 0.3),
      nose: at(0.5, 0.55),
      mouthRight: at(0.35, 0.8),
      mouthLeft: at(0.65, 0.8),
    };
    const box = { ...at(0, 0), width: 0.1, height: 0.12 };
    const quality = { overall: 1, size: 1, sharpness: 1, pose: 1 };
    const faces = [{ id: 'face-1', box, score: 0.9, points, rollDegrees: 0, quality }];
    const provenance = { models: [] };
    const scene: Scene = {
      version: 1,
      width: WIDTH,
      height: HEIGHT,
      facts: ['matte', 'objects', 'faces', 'subjects', 'possible-faces'],
      matte: { matte, provenance },
      subjects: { subjects: [], provenance },
      faces: { faces, provenance },
      possibleFaces: { places: [], provenance },
    };
    const { steps: resolved } = resolveRecipe(parseRecipe(json), clear, scene);
    const here = runPlan(planRecipe({ picture: clear, scene, steps: resolved, pictures: {}, allocate: allocateLocal }));
    expect(here.data).not.toEqual(clear.data);
    const there = await page.evaluate<string>(
      `renderRecipe(${JSON.stringify(json)}, '/clear', ${JSON.stringify(faces)})`,
    );
    expect(there).toBe(createHash('sha256').update(here.data).digest('hex'));
  });

  it('give the same bytes of such a file, as the studio reads it', async () => {
    const steps = [
      { effect: 'tone', params: { exposure: 0.4 }, assets: {}, enabled: true, opacity: 1 },
      { effect: 'bokeh', params: {}, assets: {}, enabled: true, opacity: 1 },
      { effect: 'glow', params: {}, assets: {}, enabled: true, opacity: 1 },
    ];
    const fact = { matte, provenance: { models: [] } };
    const scene: Scene = { version: 1, width: WIDTH, height: HEIGHT, facts: ['matte'], matte: fact };
    const resolved = resolveRecipe(createRecipe(steps), clear, scene);
    const plan = planRecipe({
      picture: clear,
      scene,
      steps: resolved.steps,
      pictures: {},
      allocate: allocateLocal,
    });
    const here = createHash('sha256').update(runPlan(plan).data).digest('hex');
    expect(await page.evaluate(`renderLooks(${JSON.stringify([steps])}, '/clear.png')`)).toEqual([here]);
  });

  it('give the same bytes of what was corrected by hand', async () => {
    const points = [
      { x: 0.1, y: 0.2, pressure: 0.3 },
      { x: 0.31, y: 0.44 },
      { x: 0.8, y: 0.35, pressure: 0.7 },
    ];
    const recipeOf = (corrections: readonly unknown[]) =>
      JSON.stringify({
        format: 'focal-recipe',
        version: 1,
        look: {
          steps: [
            { effect: 'cutout', params: { background: 'gradient' } },
            { effect: 'mono', on: 'background' },
          ],
        },
        edits: { corrections },
      });
    const corrections = [
      { kind: 'stroke', mode: 'add', radius: 0.06, softness: 0.7, points },
      { kind: 'shift', amount: 0.7 },
      { kind: 'stroke', mode: 'add', on: 'background', radius: 0.03, points: [{ x: 0.5, y: 0.5 }] },
      { kind: 'pick', mode: 'add', x: 0.5, y: 0.4 },
      { kind: 'feather', radius: 0.0043 },
    ];
    const provenance = { models: [] };
    const scene: Scene = {
      version: 1,
      width: WIDTH,
      height: HEIGHT,
      facts: ['matte', 'subjects'],
      matte: { matte, provenance },
      subjects: { subjects: [], provenance },
    };
    const hashHere = (json: string) => {
      const { steps } = resolveRecipe(parseRecipe(json), picture, scene);
      const plan = planRecipe({ picture, scene, steps, pictures: {}, allocate: allocateLocal });
      return createHash('sha256').update(runPlan(plan).data).digest('hex');
    };
    const json = recipeOf(corrections);
    expect(hashHere(json)).not.toBe(hashHere(recipeOf([])));
    expect(await page.evaluate<string>(`renderRecipe(${JSON.stringify(json)})`)).toBe(hashHere(json));
  });
});
