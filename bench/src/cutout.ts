import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Session } from '@focal/models';
import { createNodeModelStore, createOrtRuntime, findHome } from '@focal/node';
import { createFocal, type Focal } from 'focal';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { atLeast, atMost, type Bench, type BenchContext, type BenchResult, median } from './bench.ts';

const RUNS = 5;
const SIDE = 1024;
/** Of one default run of ONNX Runtime where the limit in seconds was set. */
const REFERENCE_RUN_S = 1.72;

/** What a 12 MP cut-out costs beside the model alone, and beside the library that the model comes from. */
export const cutoutBench: Bench = {
  name: 'cutout',
  title: 'a 12 MP JPEG to a cut-out PNG, models warm',
  rows: [
    'cutout / bare run',
    'cutout',
    'bare run',
    'ONNX Runtime default run',
    'read',
    'analyse',
    'render',
    'encode',
    'PNG size',
    '@imgly/background-removal-node',
    '@imgly/background-removal-node / cutout',
  ],
  async run(context) {
    const photo = await context.inputs.photo12mp();
    const bytes = await readFile(photo.path);
    await using focal = await createFocal({ profile: 'fast' });
    const modelPath = await focal.modelPath('isnet-medium');
    const measured = await measure(focal, bytes, modelPath);
    return [...judge(measured), ...(await compareWithImgly(context, photo.path, measured.cutoutMs))];
  },
};

interface Measured {
  readonly cutoutMs: number;
  readonly bareMs: number;
  readonly defaultMs: number;
  readonly ratio: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly pngBytes: number;
}

/** The three kinds of run in turns, so that whatever else the machine does falls on all of them. */
async function measure(focal: Focal, photo: Uint8Array, modelPath: string): Promise<Measured> {
  const { threads } = await focal.device();
  const runtime = await createOrtRuntime({ device: 'cpu', threads, profile: 'fast' });
  const session = await runtime.load(modelPath);
  const plain = await InferenceSession.create(await readOriginal());
  const input = new Float32Array(3 * SIDE * SIDE).map((_, i) => ((i * 7919) % 256) / 256 - 0.5);
  const edit = () => focal.edit(photo, 'cutout');
  let edited = await edit();
  await runBare(session, input);
  const times = { cutout: [] as number[], bare: [] as number[], plain: [] as number[], ratio: [] as number[] };
  const stages: Record<string, number[]> = {};
  for (let i = 0; i < RUNS; i++) {
    const bare = await time(() => runBare(session, input));
    const cutout = await time(async () => {
      edited = await edit();
    });
    times.plain.push(await time(() => runPlain(plain, input)));
    times.bare.push(bare);
    times.cutout.push(cutout);
    times.ratio.push(cutout / bare);
    for (const [stage, ms] of Object.entries(edited.timings)) (stages[stage] ??= []).push(ms ?? 0);
  }
  await plain.release();
  await runtime.close();
  return {
    cutoutMs: median(times.cutout),
    bareMs: median(times.bare),
    defaultMs: median(times.plain),
    ratio: median(times.ratio),
    stages: Object.fromEntries(Object.entries(stages).map(([stage, values]) => [stage, median(values)])),
    pngBytes: edited.bytes.length,
  };
}

function judge({ cutoutMs, bareMs, defaultMs, ratio, stages, pngBytes }: Measured): readonly BenchResult[] {
  const factor = defaultMs / 1000 / REFERENCE_RUN_S;
  return [
    atMost('cutout / bare run', ratio, 1.4, 'ratio', 'median of the ratios of neighbouring runs'),
    {
      ...atMost('cutout', cutoutMs / 1000, 3 * factor, 's'),
      goal: `<= 3.0 × ${factor.toFixed(2)} (default run here / ${REFERENCE_RUN_S} s)`,
    },
    { name: 'bare run', value: bareMs / 1000, unit: 's', note: 'the same model file, settings and threads' },
    { name: 'ONNX Runtime default run', value: defaultMs / 1000, unit: 's', note: 'the original file, one output' },
    ...Object.entries(stages).map(([name, value]) => ({ name, value, unit: 'ms' })),
    { name: 'PNG size', value: pngBytes / 1e6, unit: 'MB' },
  ];
}

/** The other library in a process of its own, second call, so that its model is warm too. */
async function compareWithImgly(
  { log }: BenchContext,
  path: string,
  cutoutMs: number,
): Promise<readonly BenchResult[]> {
  const name = '@imgly/background-removal-node';
  try {
    const entry = pathToFileURL(createRequire(import.meta.url).resolve(name)).href;
    const script = `
      const { removeBackground } = await import(${JSON.stringify(entry)});
      const cut = () => removeBackground(${JSON.stringify(pathToFileURL(path).href)}, { model: 'medium' });
      await cut();
      const start = performance.now();
      const blob = await cut();
      console.log(JSON.stringify({ ms: performance.now() - start, bytes: blob.size }));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      maxBuffer: 1 << 26,
    });
    const { ms, bytes } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { ms: number; bytes: number };
    return [
      { name, value: ms / 1000, unit: 's', note: `its own API, second call, ${(bytes / 1e6).toFixed(1)} MB` },
      atLeast(`${name} / cutout`, ms / cutoutMs, 4, 'ratio'),
    ];
  } catch (error) {
    log(`${name} does not run here: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
    return [];
  }
}

async function readOriginal(): Promise<Uint8Array> {
  return createNodeModelStore({ cacheFolder: findHome().cache }).read('isnet-medium');
}

async function runBare(session: Session, data: Float32Array): Promise<void> {
  await session.run({ input: { type: 'float32', data, dims: [1, 3, SIDE, SIDE] } }, { outputs: ['output'] });
}

async function runPlain(session: InferenceSession, data: Float32Array): Promise<void> {
  await session.run({ input: new Tensor('float32', data, [1, 3, SIDE, SIDE]) }, ['output']);
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
