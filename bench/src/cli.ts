import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createOrtRuntime } from '@focal/node';
import { createFocal } from 'focal';
import { type Bench, type BenchContext, type BenchResult, median, timeRuns, withinMs } from './bench.ts';

const RUNS = 5;
const HELP_RUNS = 11;
const SIDE = 1024;
/** What a cold start may cost beside the model's own run. */
const COLD_START_MS = 2000;
const HELP_MS = 200;
const START_RUNS = 5;
const START_MS = 2000;

const ROWS = [
  'cold cutout of 2 MP beside a bare run',
  'cold cutout of 2 MP, shell to file',
  'bare run',
  'focal --help',
  'npm start, all built, to the first answer',
  'node alone, starting and ending',
] as const;

/** What a user at a shell waits for. */
export const cliBench: Bench = {
  name: 'cli',
  title: 'the command from a shell, nothing warm',
  rows: ROWS,
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'focal-bench-cli-'));
    try {
      return await measure(context, folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** Bare run and command in turns, so that whatever else the machine does falls on both. */
async function measure(context: BenchContext, folder: string): Promise<readonly BenchResult[]> {
  const calibration = await context.calibrate();
  const photos = await context.inputs.photos2mp(RUNS);
  const bare = await openBareRun();
  // The model is prepared once on every machine; that belongs to the first use, not to a cold start.
  await focalCommand(['cutout', photos[0]?.path ?? '', '-o', join(folder, 'first.png')]);
  const bareMs: number[] = [];
  const coldMs: number[] = [];
  for (const [index, photo] of photos.entries()) {
    bareMs.push(...(await timeRuns(() => bare.run(), { runs: 1, warmUp: 1 })));
    const cold = () => focalCommand(['cutout', photo.path, '-o', join(folder, `${index}.png`)]);
    coldMs.push(...(await timeRuns(cold, { runs: 1, warmUp: 0 })));
  }
  await bare.close();
  const help = await timeRuns(() => focalCommand(['--help']), { runs: HELP_RUNS });
  const started = await timeRuns(startAndStop, { runs: START_RUNS });
  const node = await timeRuns(() => run(process.execPath, ['-e', '0']), { runs: HELP_RUNS });
  const beside = coldMs.map((ms, index) => ms - (bareMs[index] ?? Number.NaN));
  return [
    withinMs(ROWS[0], median(beside), COLD_START_MS, calibration),
    { name: ROWS[1], value: median(coldMs), unit: 'ms' },
    { name: ROWS[2], value: median(bareMs), unit: 'ms' },
    withinMs(ROWS[3], median(help), HELP_MS, calibration),
    withinMs(ROWS[4], median(started), START_MS, calibration),
    { name: ROWS[5], value: median(node), unit: 'ms' },
  ];
}

/** The model alone on a made-up picture, in a session like the command's. */
async function openBareRun(): Promise<{ run(): Promise<unknown>; close(): Promise<void> }> {
  await using focal = await createFocal();
  const [path, { threads, profile }] = [await focal.modelPath('isnet-medium'), await focal.device()];
  const runtime = await createOrtRuntime({ device: 'cpu', threads, profile });
  const session = await runtime.load(path);
  const data = new Float32Array(3 * SIDE * SIDE).map((_, index) => ((index * 7919) % 256) / 256 - 0.5);
  const feeds = { [session.inputNames[0] ?? '']: { type: 'float32', data, dims: [1, 3, SIDE, SIDE] } } as const;
  return { run: () => session.run(feeds, { outputs: ['output'] }), close: () => runtime.close() };
}

function focalCommand(args: readonly string[]): Promise<unknown> {
  return run(process.execPath, [
    ...process.execArgv,
    fileURLToPath(new URL('../../scripts/focal.mjs', import.meta.url)),
    ...args,
  ]);
}

/**
 * What `npm start` runs, until its page has come. The stop that follows is part of the time: some milliseconds, since
 * nothing is in the works.
 */
async function startAndStop(): Promise<void> {
  const script = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
  // CI: no browser opens.
  const env = { ...process.env, CI: '1' };
  const child = spawn(process.execPath, [...process.execArgv, script, '--port', '0', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url } = JSON.parse(line.toString()) as { readonly url: string };
  await (await fetch(url)).arrayBuffer();
  child.kill('SIGINT');
  await ended;
}

/** To the end of the program. Throws where it ends with another code than 0. */
function run(program: string, args: readonly string[]): Promise<unknown> {
  return promisify(execFile)(program, [...args]);
}
