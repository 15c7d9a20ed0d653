import { readFileSync, writeFileSync } from 'node:fs';
import { createPixelPool } from '@focal/node';
import { readPhoto } from './photos.ts';
import { drawScene, RENDER_RECIPES, renderRecipe, share } from './render-recipes.ts';

// A process of its own, for its memory: renders the photo by the recipe named and prints how much it held at most.

/** From the kernel's own count. */
function held(key: string): number {
  const [, kb = '0'] = new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kb) * 1024;
}

const [path = '', name = ''] = process.argv.slice(2);
const steps = RENDER_RECIPES[name] ?? [];
const picture = share(await readPhoto(path));
const pool = createPixelPool(2);
// Threads, code and fonts are there before it counts.
const small = { ...picture, width: 64, height: 64, data: picture.data.slice(0, 64 * 64 * 4) };
await renderRecipe(pool, small, drawScene(small), steps);
const scene = drawScene(picture);
globalThis.gc?.();
// Sets the count of the most held back to what is held now.
writeFileSync('/proc/self/clear_refs', '5');
const before = held('VmRSS');
await renderRecipe(pool, picture, scene, steps);
console.log((held('VmHWM') - before) / picture.data.length + 1);
await pool.close();
