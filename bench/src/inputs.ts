import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { createRandom, gaussian } from './random.ts';

/** A file to measure with. */
export interface BenchInput {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Makes the inputs, seeded, on first use and keeps them outside the repository. Prints size and hash of each. */
export interface Inputs {
  /** Folder of the six demo photos of @vladmandic/face-api. */
  readonly samples: readonly string[];
  /** sample6.jpg at 4000×3000 by Lanczos with grain of σ 2, JPEG q92. */
  photo12mp(): Promise<BenchInput>;
  /** Photos of 1632×1224: different crops, flips and exposures of the six demo photos, JPEG q90. */
  photos2mp(count?: number): Promise<readonly BenchInput[]>;
  /** A file in the inputs' folder, made by `make` when it is not there. */
  file(name: string, make: () => Promise<Uint8Array>): Promise<BenchInput>;
}

// Part of the file names: raised when the recipe changes, so that old files are not taken for new ones.
const VERSION = 1;

export function createInputs(log: (line: string) => void, folder: string = defaultCacheFolder()): Inputs {
  const samples = findSamples();
  const told = new Set<string>();

  async function file(name: string, make: () => Promise<Uint8Array>): Promise<BenchInput> {
    const path = join(folder, `v${VERSION}-${name}`);
    if (!(await isFile(path))) {
      await mkdir(folder, { recursive: true });
      const partial = `${path}.${process.pid}.part`;
      await writeFile(partial, await make());
      await rename(partial, path);
    }
    const content = await readFile(path);
    const input = { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    if (!told.has(path)) log(`input ${name}: ${input.bytes} bytes, sha256 ${input.sha256}`);
    told.add(path);
    return input;
  }

  return {
    samples,
    file,
    photo12mp: () => file('photo-12mp.jpg', () => makePhoto12mp(samples[5] ?? '')),
    async photos2mp(count = 12) {
      const photos: BenchInput[] = [];
      for (let i = 0; i < count; i++) {
        const sample = samples[i % samples.length] ?? '';
        photos.push(await file(`photo-2mp-${i}.jpg`, () => makePhoto2mp(sample, i)));
      }
      return photos;
    },
  };
}

/** FOCAL_BENCH_CACHE, else a folder in the system's usual place for caches. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env.FOCAL_BENCH_CACHE) return env.FOCAL_BENCH_CACHE;
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'focal-bench');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'focal-bench');
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'focal-bench');
}

/** The six demo photos of @vladmandic/face-api. */
export function findSamples(): readonly string[] {
  const manifest = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json');
  return [1, 2, 3, 4, 5, 6].map((n) => join(dirname(manifest), 'demo', `sample${n}.jpg`));
}

async function makePhoto12mp(sample: string): Promise<Uint8Array> {
  const { data, info } = await sharp(sample)
    .resize(4000, 3000, { fit: 'cover', kernel: 'lanczos3' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  addGrain(data, 2, 12);
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

async function makePhoto2mp(sample: string, index: number): Promise<Uint8Array> {
  const random = createRandom(2000 + index);
  const { width, height } = await sharp(sample).metadata();
  const share = 0.7 + 0.3 * random();
  const cropWidth = Math.floor(Math.min(width, (height * 4) / 3) * share);
  const cropHeight = Math.floor((cropWidth * 3) / 4);
  return sharp(sample)
    .extract({
      left: Math.floor(random() * (width - cropWidth)),
      top: Math.floor(random() * (height - cropHeight)),
      width: cropWidth,
      height: cropHeight,
    })
    .resize(1632, 1224, { fit: 'fill', kernel: 'lanczos3' })
    .flop(random() < 0.5)
    .linear(0.75 + 0.5 * random(), 0)
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Adds normal noise of standard deviation `sigma` to every sample, in place. */
function addGrain(samples: Uint8Array, sigma: number, seed: number): void {
  const random = createRandom(seed);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round((samples[i] ?? 0) + sigma * gaussian(random));
    samples[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
