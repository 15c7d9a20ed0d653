import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getModel, toRunnableOnnx } from '@focal/models';
import { createNodeModelStore } from '@focal/node';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { type Bench, type BenchResult, median, timeRuns } from './bench.ts';
import type { Calibration, MachineTimes } from './calibration.ts';
import { defaultCacheFolder, type Inputs } from './inputs.ts';

const ROWS = ['selfie, one run of 100', 'copy of 48 MB', 'JPEG decode, 12 MP', 'factor for absolute limits'] as const;

/** Times the jobs here and compares with the reference. Takes a few seconds. */
export async function calibrate(inputs: Inputs): Promise<Calibration> {
  const here = await timeMachine(inputs);
  const reference = await readReference();
  return { ...here, factor: factorOf(here, reference) };
}

/** The factor for absolute limits; never below 1, so that a faster machine gets no tighter goals. */
export function factorOf(here: MachineTimes, reference: MachineTimes): number {
  const slowness = [here.selfieMs / reference.selfieMs, here.copyMs / reference.copyMs, here.jpegMs / reference.jpegMs];
  return Math.max(1, median(slowness));
}

export function describeCalibration({ selfieMs, copyMs, jpegMs, factor }: Calibration): string {
  const times = `selfie ${selfieMs.toFixed(2)} ms, copy ${copyMs.toFixed(1)} ms, jpeg ${jpegMs.toFixed(0)} ms`;
  return `calibration: ${times}; absolute limits × ${factor.toFixed(2)}`;
}

export const calibrateBench: Bench = {
  name: 'calibrate',
  title: 'Speed of this machine beside the reference machine',
  rows: ROWS,
  async run(context) {
    const { selfieMs, copyMs, jpegMs, factor } = await context.calibrate();
    return [
      { name: ROWS[0], value: selfieMs, unit: 'ms' },
      { name: ROWS[1], value: copyMs, unit: 'ms' },
      { name: ROWS[2], value: jpegMs, unit: 'ms' },
      { name: ROWS[3], value: factor, unit: '×' },
    ] satisfies BenchResult[];
  },
};

async function timeMachine(inputs: Inputs): Promise<MachineTimes> {
  const selfie = await timeSelfie();
  const photo = await readFile((await inputs.photo12mp()).path);
  const jpeg = await timeRuns(() => sharp(photo).raw().toBuffer(), { runs: 5 });
  const source = new Uint8Array(48e6).fill(7);
  const target = new Uint8Array(48e6);
  const copy = await timeRuns(async () => target.set(source), { runs: 15, warmUp: 3 });
  return { selfieMs: median(selfie), copyMs: median(copy), jpegMs: median(jpeg) };
}

async function timeSelfie(): Promise<readonly number[]> {
  const entry = getModel('selfie');
  const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
  const session = await InferenceSession.create(toRunnableOnnx(entry, await store.read(entry.id)));
  const [input = ''] = session.inputNames;
  const feeds = { [input]: new Tensor('float32', new Float32Array(256 * 256 * 3).fill(0.5), [1, 256, 256, 3]) };
  const times = await timeRuns(() => session.run(feeds), { runs: 100, warmUp: 5 });
  await session.release();
  return times;
}

async function readReference(): Promise<MachineTimes> {
  const text = await readFile(new URL('../reference.json', import.meta.url), 'utf8');
  return JSON.parse(text) as MachineTimes;
}
