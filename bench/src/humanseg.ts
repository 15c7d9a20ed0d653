import { join } from 'node:path';
import { allocateLocal, type Matte, planRefineMatte, resizeMatte, runPlan } from '@focal/core';
import { atLeast, type Bench, type BenchResult } from './bench.ts';
import { type MaskedPhoto, readCleanIds, readMaskedPhotos } from './eval-sets.ts';
import { createMatteMaker, type MatteMaker } from './mattes.ts';
import { intersectionOverUnion, mean } from './metrics.ts';
import { readMask, readPhoto } from './photos.ts';

const METHODS = ['selfie alone', 'selfie in four looks', 'IS-Net alone', 'shipped'] as const;
type Method = (typeof METHODS)[number];
const HALVES = ['even', 'odd'] as const;

const GAIN = 'shipped over the better single model, odd';
const GOAL = 0.935;
const GAIN_GOAL = 0.01;

/** People: the matte that Focal delivers must be better than each model alone. */
export const humansegBench: Bench = {
  name: 'humanseg',
  title: 'Mattes of people on humanseg290, clean photos: mean IoU of each model alone and of what Focal ships',
  rows: [
    ...HALVES.flatMap((half) => METHODS.map((method) => `${method}, ${half}`)),
    GAIN,
    'share of photos above .9, shipped, odd',
  ],
  needsData: true,
  async run({ data = '', log }) {
    const folder = join(data, 'humanseg290');
    const clean = await readCleanIds(folder);
    const photos = await readMaskedPhotos(folder, (id) => clean.has(id));
    const maker = await createMatteMaker();
    try {
      return toResults(photos, await measure(photos, maker, log));
    } finally {
      await maker.close();
    }
  },
};

type Overlaps = Readonly<Record<Method, number>>;

async function measure(
  photos: readonly MaskedPhoto[],
  maker: MatteMaker,
  log: (line: string) => void,
): Promise<readonly Overlaps[]> {
  const overlaps: Overlaps[] = [];
  for (const [i, photo] of photos.entries()) {
    const picture = await readPhoto(photo.image);
    const truth = await readMask(photo.mask);
    const { selfie, person, isnet, shipped } = await maker.make(picture);
    overlaps.push({
      'selfie alone': overlap(selfie, truth),
      'selfie in four looks': overlap(person, truth),
      'IS-Net alone': overlap(isnet, truth),
      shipped: overlap(runPlan(planRefineMatte(picture, shipped, allocateLocal)), truth),
    });
    if ((i + 1) % 25 === 0) log(`  ${i + 1} of ${photos.length}`);
  }
  return overlaps;
}

function toResults(photos: readonly MaskedPhoto[], overlaps: readonly Overlaps[]): readonly BenchResult[] {
  const of = (method: Method, half: (typeof HALVES)[number]) =>
    overlaps.filter((_, i) => (photos[i]?.index ?? 0) % 2 === HALVES.indexOf(half)).map((each) => each[method]);
  const singles = METHODS.filter((method) => method !== 'shipped');
  const shipped = mean(of('shipped', 'odd'));
  const best = Math.max(...singles.map((method) => mean(of(method, 'odd'))));
  return [
    ...HALVES.flatMap((half) =>
      METHODS.map((method) => {
        const name = `${method}, ${half}`;
        const value = mean(of(method, half));
        return method === 'shipped' && half === 'odd'
          ? atLeast(name, value, GOAL, 'IoU')
          : { name, value, unit: 'IoU' };
      }),
    ),
    atLeast(GAIN, shipped - best, GAIN_GOAL, 'IoU'),
    {
      name: 'share of photos above .9, shipped, odd',
      value: of('shipped', 'odd').filter((value) => value > 0.9).length / of('shipped', 'odd').length,
      unit: 'share',
    },
  ];
}

function overlap(matte: Matte, truth: Matte): number {
  return intersectionOverUnion(resizeMatte(matte, truth.width, truth.height).data, truth.data);
}
