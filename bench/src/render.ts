import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createMatte, createRecipe, type Matte, type Picture, type Scene, type Subject } from '@focal/core';
import { createPixelPool, runPlanParallel } from '@focal/node';
import { atMost, type Bench, median, timeRuns, withinMs } from './bench.ts';
import { readPhoto } from './photos.ts';

const LIMIT_MS = 2000;
const MOST_MEMORY = 8;
const RUNS = 5;

type Steps = Parameters<typeof createRecipe>[0];

/** The recipes of the figures, by their names in the table. */
export const RENDER_RECIPES: Readonly<Record<string, Steps>> = {
  'five steps': [
    { effect: 'background', params: { kind: 'gradient' } },
    { effect: 'bokeh', on: { role: 'things' } },
    { effect: 'tone' },
    { effect: 'frame' },
    { effect: 'caption', params: { text: 'Five steps, one recipe' } },
  ],
  'ten steps': [
    { effect: 'tone' },
    { effect: 'mono', opacity: 0.4 },
    { effect: 'background', params: { kind: 'pattern', pattern: 'lights' }, opacity: 0.6 },
    { effect: 'bokeh' },
    { effect: 'shadow' },
    { effect: 'glow' },
    { effect: 'outline', params: { width: 0.004 } },
    { effect: 'tone', on: { role: 'main' }, params: { exposure: 0.3, detail: 0 } },
    { effect: 'frame', params: { style: 'rounded' } },
    { effect: 'caption', params: { text: 'Ten steps, one recipe' } },
  ],
};

/** Recipes of many steps on a 12 MP photo whose scene is known: time on two threads, and memory. */
export const renderBench: Bench = {
  name: 'render',
  title: 'recipes of five and of ten steps on 12 MP, scene given, two threads',
  rows: Object.keys(RENDER_RECIPES).flatMap((name) => [name, `${name}, peak memory`]),
  async run(context) {
    const { path } = await context.inputs.photo12mp();
    const picture = share(await readPhoto(path));
    const calibration = await context.calibrate();
    const results = [];
    for (const [name, steps] of Object.entries(RENDER_RECIPES)) {
      const times = await timeRecipe(picture, steps);
      context.log(`${name}: ${times.map((ms) => ms.toFixed(0)).join(' ')} ms`);
      results.push(withinMs(name, median(times), LIMIT_MS, calibration));
      if (process.platform !== 'linux') continue;
      const share = await measureMemory(path, name);
      results.push(atMost(`${name}, peak memory`, share, MOST_MEMORY, '× picture', 'the photo itself included'));
    }
    return results;
  },
};

/** On shared memory, as Focal decodes. */
export function share(picture: Picture): Picture {
  const data = new Uint8Array(new SharedArrayBuffer(picture.data.length));
  data.set(picture.data);
  return { ...picture, data };
}

async function timeRecipe(picture: Picture, steps: Steps): Promise<readonly number[]> {
  const pool = createPixelPool(2);
  try {
    return await timeRuns(() => renderRecipe(pool, picture, steps), { runs: RUNS, warmUp: 2 });
  } finally {
    await pool.close();
  }
}

/** Resolves and renders as Focal does, with the scene of {@link drawScene}. */
export async function renderRecipe(
  pool: ReturnType<typeof createPixelPool>,
  picture: Picture,
  steps: Steps,
): Promise<Picture> {
  const scene = drawScene(picture);
  const recipe = createRecipe(steps);
  const resolved = await pool.run('resolve-recipe', { recipe, picture, scene, options: {} });
  return runPlanParallel(pool, { kind: 'recipe', picture, scene, steps: resolved.steps, pictures: {} });
}

/** Somebody in the middle and a dog beside, at model resolution. */
export function drawScene({ width, height }: Picture): Scene {
  const provenance = { models: [] };
  const person = drawOval(0.42, 0.62, 0.2, 0.5);
  const dog = drawOval(0.78, 0.8, 0.12, 0.16);
  const matte = createMatte(1024, 1024, { data: person.data.map((value, i) => Math.max(value, dog.data[i] ?? 0)) });
  const subject = (id: string, label: string, of: Matte): Subject => ({
    id,
    kind: label === 'person' ? 'person' : 'object',
    label,
    score: 1,
    box: { x: 0, y: 0, width: 1, height: 1 },
    anchor: { x: 0.5, y: 0.5 },
    matte: { box: { x: 0, y: 0, width: 1, height: 1 }, matte: of },
    faceIds: [],
  });
  return {
    version: 1,
    width,
    height,
    facts: ['matte', 'objects', 'faces', 'subjects'],
    matte: { matte, provenance },
    faces: { faces: [], provenance },
    subjects: { subjects: [subject('person-1', 'person', person), subject('dog-1', 'dog', dog)], provenance },
  };
}

/** An oval with a soft edge. */
function drawOval(cx: number, cy: number, rx: number, ry: number): Matte {
  const matte = createMatte(1024, 1024);
  for (let i = 0; i < matte.data.length; i++) {
    const [x, y] = [((i % 1024) + 0.5) / 1024, (Math.floor(i / 1024) + 0.5) / 1024];
    const far = Math.hypot((x - cx) / rx, (y - cy) / ry);
    matte.data[i] = Math.round(255 * Math.min(1, Math.max(0, (1 - far) * 40 + 0.5)));
  }
  return matte;
}

/**
 * What a process holds at most while it renders, beyond what it held before with the photo decoded, and the photo: in
 * sizes of the photo. From the kernel's own count, which is set back before. Linux only.
 */
async function measureMemory(path: string, name: string): Promise<number> {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { createPixelPool } from ${JSON.stringify(import.meta.resolve('@focal/node'))};
    import { RENDER_RECIPES, renderRecipe, share } from ${JSON.stringify(import.meta.url)};
    import { readPhoto } from ${JSON.stringify(new URL('./photos.js', import.meta.url).href)};
    const held = (key) => Number(new RegExp(key + ':\\\\s+(\\\\d+)').exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
    const picture = share(await readPhoto(${JSON.stringify(path)}));
    const pool = createPixelPool(2);
    await renderRecipe(pool, { ...picture, width: 64, height: 64, data: picture.data.slice(0, 64 * 64 * 4) }, RENDER_RECIPES[${JSON.stringify(name)}]);
    globalThis.gc();
    writeFileSync('/proc/self/clear_refs', '5');
    const before = held('VmRSS');
    await renderRecipe(pool, picture, RENDER_RECIPES[${JSON.stringify(name)}]);
    console.log((held('VmHWM') - before) / picture.data.length + 1);
    await pool.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--input-type=module', '-e', script]);
  return Number(stdout);
}
