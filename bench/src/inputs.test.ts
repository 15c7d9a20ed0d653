import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInputs, defaultCacheFolder } from './inputs.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-bench-test-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('photos of 2 MP differ from each other and are the same each time', async () => {
  const lines: string[] = [];
  const first = await createInputs((line) => lines.push(line), join(folder, 'a')).photos2mp(8);
  const again = await createInputs(() => {}, join(folder, 'b')).photos2mp(8);
  expect(again.map((photo) => photo.sha256)).toEqual(first.map((photo) => photo.sha256));
  expect(new Set(first.map((photo) => photo.sha256)).size).toBe(8);
  expect(lines[0]).toBe(`input photo-2mp-0.jpg: ${first[0]?.bytes} bytes, sha256 ${first[0]?.sha256}`);
  const { width, height } = await sharp(first[7]?.path).metadata();
  expect([width, height]).toEqual([1632, 1224]);
});

test('the 12 MP photo is 4000×3000 and has grain of about σ 2', async () => {
  const inputs = createInputs(() => {}, join(folder, 'a'));
  const photo = await inputs.photo12mp();
  // Where the photo is smooth, what is left after a small blur is the grain, less what JPEG took.
  const image = sharp(photo.path).greyscale();
  const { width, height } = await sharp(photo.path).metadata();
  expect([width, height]).toEqual([4000, 3000]);
  const sharpened = await image.clone().raw().toBuffer();
  const smooth = await image.clone().blur(3).raw().toBuffer();
  const spreads: number[] = [];
  for (let y = 0; y + 50 <= height; y += 50) {
    let sum = 0;
    for (let i = 0; i < 50 * 50; i++) {
      const at = (y + Math.floor(i / 50)) * width + (i % 50);
      sum += ((sharpened[at] ?? 0) - (smooth[at] ?? 0)) ** 2;
    }
    spreads.push(Math.sqrt(sum / 2500));
  }
  const quietest = spreads.sort((a, b) => a - b)[5] ?? 0;
  expect(quietest).toBeGreaterThan(0.5);
  expect(quietest).toBeLessThan(4);
});

test('a file that is there is not made again, and no partial file stays', async () => {
  const inputs = createInputs(() => {}, join(folder, 'c'));
  const made = await inputs.file('x.bin', async () => Uint8Array.of(1, 2, 3));
  const found = await inputs.file('x.bin', () => Promise.reject(new Error('made twice')));
  expect(found).toEqual(made);
  expect([...(await readFile(made.path))]).toEqual([1, 2, 3]);
  expect((await readdir(join(folder, 'c'))).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('the cache lies in the usual place of the system, or where FOCAL_BENCH_CACHE says', () => {
  expect(defaultCacheFolder({ FOCAL_BENCH_CACHE: '/x' }, 'linux')).toBe('/x');
  expect(defaultCacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe('/c/focal-bench');
  expect(defaultCacheFolder({}, 'darwin')).toContain('Library/Caches/focal-bench');
});
