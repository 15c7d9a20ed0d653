import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Picture } from '@focal/core';
import { createPixelPool } from '@focal/node';
import { atMost, type Bench, median, timeRuns, withinMs } from './bench.ts';
import { readPhoto } from './photos.ts';
import { drawScene, RENDER_RECIPES, renderRecipe, type Steps, share } from './render-recipes.ts';

const LIMIT_MS = 2000;
const MOST_MEMORY = 8;
const RUNS = 5;

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

async function timeRecipe(picture: Picture, steps: Steps): Promise<readonly number[]> {
  const pool = createPixelPool(2);
  const scene = drawScene(picture);
  try {
    return await timeRuns(() => renderRecipe(pool, picture, scene, steps), { runs: RUNS, warmUp: 2 });
  } finally {
    await pool.close();
  }
}

/**
 * What a process holds at most while it renders, beyond what it held before with the photo decoded, and the photo: in
 * sizes of the photo. Linux only.
 */
async function measureMemory(path: string, name: string): Promise<number> {
  const child = fileURLToPath(new URL('./render.child.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, path, name]);
  return Number(stdout);
}
