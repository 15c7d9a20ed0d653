import {
  allocateLocal,
  createMatte,
  createPicture,
  getEffect,
  type Matte,
  type Picture,
  parseParameters,
  planCut,
  runPlan,
  type Scene,
} from '@focal/core';
import { createFocal } from 'focal';
import { atLeast, atMost, type Bench, type BenchContext, type BenchResult, median, withinMs } from './bench.ts';
import { measureColorShift, measureRedLeak } from './bokeh-leaks.ts';
import { readPhoto } from './photos.ts';
import { findPython, NO_OPENCV, runPython } from './python.ts';

const RADIUS_12MP = 0.02;
const RADIUS_RING = 0.03;
const ROUNDS = 3;
const EVENTS = 15;

/** Bokeh: its speed beside a plain convolution, and what of the subject gets into the background. */
export const bokehBench: Bench = {
  name: 'bokeh',
  title: '12 MP with radii up to 2 % of the long side; subject colours in the background',
  rows: [
    'bokeh 12 MP',
    'filter2D 12 MP',
    'bokeh / filter2D',
    'bokeh / filter2D, processor time',
    'slider event at 1 MP',
    'slider event at 1 MP, widest blur',
    'slider event at 1 MP, highlights',
    'red leak',
    'red leak of a plain blur',
    'colour shift',
    'colour shift of a plain blur',
    'colour shift / plain blur',
    'mean colour shift',
    'mean colour shift of a plain blur',
    'mean colour shift of the background alone',
  ],
  async run(context) {
    return [
      ...(await measureSpeed(context)),
      ...(await measureStudio(context)),
      ...measureRed(),
      ...(await measureShift(context)),
    ];
  },
};

/** The whole effect, from matte to picture, on two threads; runs alternate with OpenCV's. */
async function measureSpeed(context: BenchContext): Promise<readonly BenchResult[]> {
  const photo = await context.inputs.photo12mp();
  const picture = await readPhoto(photo.path);
  const scene = toScene(picture, drawFigure(1024, 1024));
  await using focal = await createFocal({ threads: 2 });
  const render = () => focal.render(picture, scene, 'bokeh', { radius: RADIUS_12MP });
  for (let n = 0; n < 3; n++) await render();
  const python = await findPython();
  const ours: Timing[] = [];
  const theirs: Timing[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let n = 0; n < 2; n++) {
      const start = performance.now();
      const before = process.cpuUsage();
      await render();
      const { user, system } = process.cpuUsage(before);
      ours.push({ wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 });
    }
    if (python !== undefined) theirs.push(...(await timeFilter2d(python, photo.path, RADIUS_12MP)));
  }
  context.log(`bokeh ${describe(ours)}, filter2D ${describe(theirs)}`);
  const wall = (timings: readonly Timing[]) => median(timings.map((timing) => timing.wall));
  const cpu = (timings: readonly Timing[]) => median(timings.map((timing) => timing.cpu));
  const own = { name: 'bokeh 12 MP', value: wall(ours), unit: 's', note: 'matte refinement and colours included' };
  if (python === undefined) {
    const note = NO_OPENCV;
    return [own, { name: 'bokeh / filter2D', value: Number.NaN, unit: 'ratio', goal: '<= 0.8', note }];
  }
  return [
    own,
    { name: 'filter2D 12 MP', value: wall(theirs), unit: 's', note: 'one disc all over, 8 bit, 2 threads' },
    atMost('bokeh / filter2D', wall(ours) / wall(theirs), 0.8, 'ratio'),
    {
      name: 'bokeh / filter2D, processor time',
      value: cpu(ours) / cpu(theirs),
      unit: 'ratio',
      note: `${cpu(ours).toFixed(2)} s beside ${cpu(theirs).toFixed(2)} s: what a busy machine disturbs least`,
    },
  ];
}

/** Seconds on the clock, and of all threads together. */
interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

function describe(timings: readonly Timing[]): string {
  return `${timings.map(({ wall, cpu }) => `${wall.toFixed(2)}/${cpu.toFixed(2)}`).join(' ')} s`;
}

/** What slider events cost: the plan on one thread at screen size, given the cut and what is kept of the event before. */
async function measureStudio(context: BenchContext): Promise<readonly BenchResult[]> {
  const { path } = await context.inputs.photo12mp();
  const picture = shrink(await readPhoto(path), 1152, 864);
  const matte = drawFigure(1024, 1024);
  const scene = toScene(picture, matte);
  const cut = runPlan(planCut(picture, matte, allocateLocal));
  const effect = getEffect('bokeh');
  const kept = new Map<string, { readonly key: string; readonly result: unknown }>();
  const render = (raw: Readonly<Record<string, number>>): void => {
    const params = parseParameters(effect, raw);
    const input = { picture, scene, cut, params, assets: {}, allocate: allocateLocal };
    const known: Record<string, unknown> = {};
    for (const step of effect.steps ?? []) {
      const { name } = step;
      const key = JSON.stringify(step.by.map((parameter) => params[parameter]));
      if (kept.get(name)?.key !== key)
        kept.set(name, { key, result: runPlan(step.plan({ ...input, kept: { ...known } })) });
      known[name] = kept.get(name)?.result;
    }
    runPlan(effect.plan({ ...input, kept: known }));
  };
  const time = (paramsOf: (event: number) => Readonly<Record<string, number>>): number => {
    const times: number[] = [];
    for (let event = 0; event < EVENTS + 5; event++) {
      const start = performance.now();
      render(paramsOf(event));
      if (event >= 5) times.push(performance.now() - start);
    }
    return median(times);
  };
  const calibration = await context.calibrate();
  return [
    withinMs(
      'slider event at 1 MP',
      time((event) => ({ radius: 0.008 + 0.0005 * event })),
      50,
      calibration,
    ),
    withinMs(
      'slider event at 1 MP, widest blur',
      time((event) => ({ radius: 0.05 - 1e-4 * event })),
      50,
      calibration,
    ),
    withinMs(
      'slider event at 1 MP, highlights',
      time((event) => ({ highlights: 0.04 * event })),
      50,
      calibration,
    ),
  ];
}

function measureRed(): readonly BenchResult[] {
  const { leak, plain } = measureRedLeak(RADIUS_RING);
  return [
    atMost('red leak', leak, 1 / 255, 'of full'),
    atLeast('red leak of a plain blur', plain, 2 / 255, 'of full', 'the test must find it'),
  ];
}

async function measureShift(context: BenchContext): Promise<readonly BenchResult[]> {
  if (context.data === undefined) {
    context.log('colour shift: skipped, needs --data');
    return [];
  }
  const { shift, plainShift, mean, plainMean, leastMean, photos } = await measureColorShift(context.data, RADIUS_RING);
  return [
    { name: 'colour shift', value: shift, unit: 'of 255', note: `${photos} photos, subject recoloured` },
    { name: 'colour shift of a plain blur', value: plainShift, unit: 'of 255' },
    atMost('colour shift / plain blur', shift / plainShift, 1 / 3, 'ratio'),
    { name: 'mean colour shift', value: mean, unit: 'of 255', note: 'mean colour of the ring, after against before' },
    { name: 'mean colour shift of a plain blur', value: plainMean, unit: 'of 255' },
    { name: 'mean colour shift of the background alone', value: leastMean, unit: 'of 255', note: 'no subject in it' },
  ];
}

function toScene({ width, height }: Picture, matte: Matte): Scene {
  return { version: 1, width, height, facts: ['matte'], matte: { matte, provenance: { models: [] } } };
}

/** Head and body of somebody who stands in the middle of the picture, a seventh of its area. */
function drawFigure(width: number, height: number): Matte {
  const matte = createMatte(width, height);
  const inside = (x: number, y: number) =>
    ((x - 0.5) / 0.06) ** 2 + ((y - 0.22) / 0.09) ** 2 < 1 || ((x - 0.5) / 0.13) ** 4 + ((y - 0.6) / 0.31) ** 4 < 1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) matte.data[i] = inside((x + 0.5) / width, (y + 0.5) / height) ? 255 : 0;
  }
  return matte;
}

/** Every so manieth pixel: a bench of speed needs no more. */
function shrink(picture: Picture, width: number, height: number): Picture {
  const result = createPicture(width, height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor((y * picture.height) / height) * picture.width;
    for (let x = 0; x < width; x++, i += 4) {
      const from = (row + Math.floor((x * picture.width) / width)) * 4;
      result.data.set(picture.data.subarray(from, from + 4), i);
    }
  }
  return result;
}

const FILTER_2D = `
import cv2, json, sys, time
import numpy as np
cv2.setNumThreads(2)
image = cv2.imread(sys.argv[1])
r = round(float(sys.argv[2]) * max(image.shape[:2]))
y, x = np.mgrid[-r:r + 1, -r:r + 1]
kernel = (x * x + y * y <= r * r).astype(np.float32)
kernel /= kernel.sum()
times = []
for _ in range(3):
    start, before = time.perf_counter(), time.process_time()
    cv2.filter2D(image, -1, kernel)
    times.append({"wall": time.perf_counter() - start, "cpu": time.process_time() - before})
print(json.dumps(times[1:]))
`;

async function timeFilter2d(python: string, path: string, radius: number): Promise<readonly Timing[]> {
  return (await runPython(python, FILTER_2D, [path, String(radius)])) as Timing[];
}
