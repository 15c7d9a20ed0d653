import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, type Bench, type BenchContext, type BenchResult } from './bench.ts';

/** Fewer, by this variable, for a quick look. */
const PHOTOS = Number(process.env.FOCAL_BENCH_BATCH ?? 100);
const DIFFERENT = 12;
const LEAST_CORES = 1.8;
const LEAST_GAIN = 1.15;
const KILL_AFTER_MS = 20_000;

const CORES = 'processor time over wall time, of 2 cores';
const GAIN = 'pictures a minute, beside --jobs 1';
const OF_FACES = 'anonymize: processor time over wall time, of 2 cores';
const GAIN_OF_FACES = 'anonymize: pictures a minute, beside --jobs 1';
const LOST = 'pictures missing after SIGKILL and --resume';
const TWICE = 'pictures done twice';
const RATE = 'pictures a minute';

/** Many pictures in one command. */
export const batchBench: Bench = {
  name: 'batch',
  title: `${PHOTOS} photos of 2 MP cut out, and anonymised, by one command`,
  rows: [CORES, GAIN, RATE, LOST, TWICE, OF_FACES, GAIN_OF_FACES],
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'focal-bench-batch-'));
    try {
      return await measure(context, folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function measure({ inputs, log }: BenchContext, folder: string): Promise<readonly BenchResult[]> {
  const photos = await inputs.photos2mp(DIFFERENT);
  const from = join(folder, 'in');
  await mkdir(from);
  for (let i = 0; i < PHOTOS; i++) {
    const name = `${String(i).padStart(3, '0')}.jpg`;
    await symlink(photos[i % photos.length]?.path ?? '', join(from, name));
  }
  const command = (effect: string, out: string, ...more: string[]) => [
    effect,
    from,
    '-o',
    join(folder, out),
    '-q',
    ...more,
  ];
  const args = (out: string, ...more: string[]) => command('cutout', out, ...more);
  const together = await runFocal(args('together/'));
  const single = await runFocal(args('single/', '--jobs', '1'));
  log(`  together ${together.wallMs.toFixed(0)} ms, one by one ${single.wallMs.toFixed(0)} ms`);
  // A model that runs on all cores leaves little to gain; finding faces is many small models, one after another.
  const faces = await runFocal(command('anonymize', 'faces/'));
  const facesSingle = await runFocal(command('anonymize', 'faces-single/', '--jobs', '1'));
  log(`  anonymize: together ${faces.wallMs.toFixed(0)} ms, one by one ${facesSingle.wallMs.toFixed(0)} ms`);
  await runFocal(args('killed/'), KILL_AFTER_MS);
  const whole = (await readdir(join(folder, 'killed'))).filter((name) => !name.startsWith('.'));
  log(`  killed after ${whole.length} of ${PHOTOS}`);
  const rest = await runFocal([...args('killed/'), '--resume', '--json'].filter((arg) => arg !== '-q'));
  const written = rest.stdout.split('\n').filter((line) => line.includes('"ok":true') && !line.includes('"skipped"'));
  const there = (await readdir(join(folder, 'killed'))).filter((name) => name.endsWith('.png'));
  return [
    atLeast(CORES, together.cpuMs / together.wallMs, LEAST_CORES, 'ratio'),
    atLeast(GAIN, single.wallMs / together.wallMs, LEAST_GAIN, 'ratio'),
    { name: RATE, value: (PHOTOS / together.wallMs) * 60_000, unit: '/min' },
    atMost(LOST, PHOTOS - there.length, 0, 'pictures'),
    atMost(TWICE, Math.max(0, written.length - (PHOTOS - whole.length)), 0, 'pictures'),
    atLeast(OF_FACES, faces.cpuMs / faces.wallMs, LEAST_CORES, 'ratio'),
    atLeast(GAIN_OF_FACES, facesSingle.wallMs / faces.wallMs, LEAST_GAIN, 'ratio'),
  ];
}

interface Run {
  readonly wallMs: number;
  /** User and system time of the command and its threads. */
  readonly cpuMs: number;
  readonly stdout: string;
}

/** The command under `time`, whose last line on stderr tells what it took; killed after a while where that is given. */
async function runFocal(args: readonly string[], killAfterMs?: number): Promise<Run> {
  const launcher = fileURLToPath(new URL('../../scripts/focal.mjs', import.meta.url));
  const started = performance.now();
  const child =
    killAfterMs === undefined
      ? spawn('bash', ['-c', 'time "$@"', 'bash', process.execPath, ...process.execArgv, launcher, ...args], {
          env: { ...process.env, TIMEFORMAT: '%R %U %S' },
        })
      : spawn(process.execPath, [...process.execArgv, launcher, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  await once(child, 'close');
  clearTimeout(timer);
  const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '')
    .replaceAll(',', '.')
    .split(' ')
    .map(Number);
  const wallMs = killAfterMs === undefined ? wall * 1000 : performance.now() - started;
  return { wallMs, cpuMs: (user + system) * 1000, stdout };
}
