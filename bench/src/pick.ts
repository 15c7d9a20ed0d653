import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createMatte,
  type Matte,
  type Pick,
  type PickScene,
  type Picture,
  type Point,
  pickSubject,
  resizeMatte,
  resizePicture,
  squaredDistances,
} from '@focal/core';
import { atLeast, type Bench, type BenchResult, median, percentile, withinMs } from './bench.ts';
import { halves, readMaskedPhotos } from './eval-sets.ts';
import { createMatteMaker, type MatteMaker } from './mattes.ts';
import { intersectionOverUnion, mean } from './metrics.ts';
import { readMask, readPhoto } from './photos.ts';

/** Pixels of the photos that picks are timed on. */
const TIMED_PIXELS = 1_000_000;
const TIMED_PHOTOS = 20;

/** One click at the point of the true subject that lies farthest from its border. */
export const pickBench: Bench = {
  name: 'pick',
  title: 'One click at the deepest point of the subject: ecssd300, odd half, and the first frames of davis2016val',
  rows: [
    'IoU, IS-Net’s matte',
    'IoU, IS-Net’s matte, ecssd300',
    'IoU, IS-Net’s matte, davis2016val',
    'IoU, people’s matte only',
    'IoU, no matte',
    'IoU, no matte, ecssd300',
    'IoU, no matte, davis2016val',
    'time at 1 MP, no matte',
    'time at 1 MP, no matte, slowest in twenty',
    'time at 1 MP, IS-Net’s matte',
  ],
  needsData: true,
  async run({ data = '', log, calibrate }) {
    const photos = [
      ...halves(await readMaskedPhotos(join(data, 'ecssd300'))).odd.map((photo) => ({ ...photo, set: 'ecssd300' })),
      ...(await readFirstFrames(join(data, 'davis2016val'))),
    ];
    const calibration = await calibrate();
    const maker = await createMatteMaker();
    try {
      const picks: Measured[] = [];
      for (const [i, { image, mask, set }] of photos.entries()) {
        const timed = i % Math.ceil(photos.length / TIMED_PHOTOS) === 0;
        picks.push({ set, ...(await measure(await readPhoto(image), await readMask(mask), maker, timed)) });
        if ((i + 1) % 25 === 0) log(`  ${i + 1} of ${photos.length}`);
      }
      return judge(picks, (name, ms) => withinMs(name, ms, 150, calibration));
    } finally {
      await maker.close();
    }
  },
};

interface Measured {
  readonly set: string;
  /** Intersection over union with the truth. */
  readonly salient: number;
  readonly people: number;
  readonly alone: number;
  /** Milliseconds at 1 MP, of some of the photos. */
  readonly salientMs?: number;
  readonly aloneMs?: number;
}

async function measure(
  picture: Picture,
  truth: Matte,
  maker: MatteMaker,
  timed: boolean,
): Promise<Omit<Measured, 'set'>> {
  const point = deepest(truth);
  const mattes = await maker.make(picture);
  const salient: PickScene = { matte: { matte: mattes.shipped, provenance: { models: ['isnet-medium'] } } };
  const people: PickScene = { matte: { matte: mattes.person, provenance: { models: ['selfie'] } } };
  const score = (scene: PickScene) => compare(pickSubject(picture, scene, point), truth);
  const scores = { salient: score(salient), people: score(people), alone: score({}) };
  if (!timed) return scores;
  const scale = Math.sqrt(TIMED_PIXELS / (picture.width * picture.height));
  const large = resizePicture(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
  return { ...scores, salientMs: time(large, salient, point), aloneMs: time(large, {}, point) };
}

function judge(picks: readonly Measured[], within: (name: string, ms: number) => BenchResult): readonly BenchResult[] {
  const average = (key: 'salient' | 'people' | 'alone', set?: string) =>
    mean(picks.filter((pick) => set === undefined || pick.set === set).map((pick) => pick[key]));
  const part = (name: string, key: 'salient' | 'alone', set: string): BenchResult => ({
    name: `${name}, ${set}`,
    value: average(key, set),
    unit: 'IoU',
  });
  const alone = picks.flatMap(({ aloneMs }) => aloneMs ?? []);
  return [
    atLeast('IoU, IS-Net’s matte', average('salient'), 0.8, 'IoU', `${picks.length} photos`),
    part('IoU, IS-Net’s matte', 'salient', 'ecssd300'),
    part('IoU, IS-Net’s matte', 'salient', 'davis2016val'),
    { name: 'IoU, people’s matte only', value: average('people'), unit: 'IoU' },
    atLeast('IoU, no matte', average('alone'), 0.6, 'IoU', 'GrabCut from the click alone'),
    part('IoU, no matte', 'alone', 'ecssd300'),
    part('IoU, no matte', 'alone', 'davis2016val'),
    within('time at 1 MP, no matte', median(alone)),
    { name: 'time at 1 MP, no matte, slowest in twenty', value: percentile(alone, 0.95), unit: 'ms' },
    within('time at 1 MP, IS-Net’s matte', median(picks.flatMap(({ salientMs }) => salientMs ?? []))),
  ];
}

/** The shortest of three, as other work on the machine only adds. */
function time(picture: Picture, scene: PickScene, point: Point): number {
  const times = [0, 1, 2].map(() => {
    const start = performance.now();
    pickSubject(picture, scene, point);
    return performance.now() - start;
  });
  return Math.min(...times);
}

async function readFirstFrames(folder: string) {
  const sequences = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = sequences.map(({ name }) => name).sort();
  return names.map((name) => ({
    image: join(folder, name, 'frames', '00000.jpg'),
    mask: join(folder, name, 'masks', '00000.png'),
    set: 'davis2016val',
  }));
}

/** The point of the mask farthest from its outside, which the picture's border is part of. */
function deepest(truth: Matte): Point {
  const width = truth.width + 2;
  const outside = new Uint8Array(width * (truth.height + 2)).fill(1);
  for (let y = 0, i = 0; y < truth.height; y++) {
    for (let x = 0; x < truth.width; x++, i++) {
      if ((truth.data[i] ?? 0) >= 128) outside[(y + 1) * width + x + 1] = 0;
    }
  }
  const distances = squaredDistances(outside, width, truth.height + 2);
  let best = 0;
  for (let i = 0; i < distances.length; i++) if ((distances[i] ?? 0) > (distances[best] ?? 0)) best = i;
  return { x: ((best % width) - 0.5) / truth.width, y: (Math.floor(best / width) - 0.5) / truth.height };
}

/** The picked matte, laid over the whole picture, against the truth; 0 where nothing was picked. */
function compare(pick: Pick | undefined, truth: Matte): number {
  const mask = createMatte(truth.width, truth.height);
  if (pick !== undefined) {
    const { box, matte } = pick.matte;
    const left = Math.round(box.x * truth.width);
    const top = Math.round(box.y * truth.height);
    const width = Math.max(1, Math.round((box.x + box.width) * truth.width) - left);
    const height = Math.max(1, Math.round((box.y + box.height) * truth.height) - top);
    const fitted = resizeMatte(matte, width, height);
    for (let y = 0; y < Math.min(height, truth.height - top); y++) {
      const row = fitted.data.subarray(y * width, y * width + Math.min(width, truth.width - left));
      mask.data.set(row, (y + top) * truth.width + left);
    }
  }
  return intersectionOverUnion(mask.data, truth.data);
}
