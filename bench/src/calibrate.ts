import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { type Bench, type BenchResult, median, timeRuns } from './bench.ts';
import type { Inputs } from './inputs.ts';

/** How long three plain jobs take on a machine. */
export interface MachineTimes {
  /** One JPEG decode of the 12 MP input by sharp. */
  readonly jpegMs: number;
  /** One copy of 48 MB. */
  readonly copyMs: number;
}

/** A machine beside the reference machine of bench/reference.json. */
export interface Calibration extends MachineTimes {
  /** Median over the jobs of time here / time there, never below 1: what absolute limits are multiplied by. */
  readonly factor: number;
}

const ROWS = ['calibrate: jpeg decode', 'calibrate: copy', 'calibrate: factor'] as const;

/** Times the jobs here and compares with the reference. Takes a few seconds. */
export async function calibrate(inputs: Inputs): Promise<Calibration> {
  const here = await timeMachine(inputs);
  const reference = await readReference();
  return { ...here, factor: factorOf(here, reference) };
}

/** The factor for absolute limits; never below 1, so that a faster machine gets no tighter goals. */
export function factorOf(here: MachineTimes, reference: MachineTimes): number {
  return Math.max(1, median([here.jpegMs / reference.jpegMs, here.copyMs / reference.copyMs]));
}

export function describeCalibration({ jpegMs, copyMs, factor }: Calibration): string {
  return `calibration: jpeg ${jpegMs.toFixed(0)} ms, copy ${copyMs.toFixed(1)} ms, factor ${factor.toFixed(2)}`;
}

export const calibrateBench: Bench = {
  name: 'calibrate',
  title: 'Speed of this machine beside the reference machine',
  rows: ROWS,
  async run(context) {
    const { jpegMs, copyMs, factor } = await context.calibrate();
    return [
      { name: ROWS[0], value: jpegMs, unit: 'ms' },
      { name: ROWS[1], value: copyMs, unit: 'ms' },
      { name: ROWS[2], value: factor, unit: '×' },
    ] satisfies BenchResult[];
  },
};

async function timeMachine(inputs: Inputs): Promise<MachineTimes> {
  const photo = await readFile((await inputs.photo12mp()).path);
  const jpeg = await timeRuns(() => sharp(photo).raw().toBuffer(), { runs: 5 });
  const source = new Uint8Array(48e6).fill(7);
  const target = new Uint8Array(48e6);
  const copy = await timeRuns(async () => target.set(source), { runs: 15, warmUp: 3 });
  return { jpegMs: median(jpeg), copyMs: median(copy) };
}

async function readReference(): Promise<MachineTimes> {
  const text = await readFile(new URL('../reference.json', import.meta.url), 'utf8');
  return JSON.parse(text) as MachineTimes;
}
