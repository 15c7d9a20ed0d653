import { join } from 'node:path';
import { allocateLocal, type Matte, planRefineMatte, resizeMatte, runPlan } from '@focal/core';
import { atLeast, type Bench, type BenchResult } from './bench.ts';
import { halves, type MaskedPhoto, readMaskedPhotos } from './eval-sets.ts';
import { createMatteMaker, type MatteMaker } from './mattes.ts';
import { createMaxF, intersectionOverUnion, mean, meanAbsoluteError } from './metrics.ts';
import { readMask, readPhoto } from './photos.ts';

// The delivered matte may be worse than the plain one by no more than this.
const SLACK = 0.001;

/** Salient objects: the matte that Focal delivers must not be worse than the plain model's. */
export const matteBench: Bench = {
  name: 'matte',
  title: 'Mattes of any subject on ecssd300, odd half: IS-Net with plain resizing, and as delivered in full size',
  rows: [
    'max F, plain',
    'max F, delivered',
    'IoU@.5, plain',
    'IoU@.5, delivered',
    'MAE, plain',
    'MAE, delivered',
    'photos in which the person model had a say',
  ],
  needsData: true,
  async run({ data = '', log }) {
    const { odd } = halves(await readMaskedPhotos(join(data, 'ecssd300')));
    const maker = await createMatteMaker();
    try {
      return await measure(odd, maker, log);
    } finally {
      await maker.close();
    }
  },
};

async function measure(
  photos: readonly MaskedPhoto[],
  maker: MatteMaker,
  log: (line: string) => void,
): Promise<readonly BenchResult[]> {
  const plain = createScore();
  const delivered = createScore();
  let fused = 0;
  for (const [i, photo] of photos.entries()) {
    const picture = await readPhoto(photo.image);
    const truth = await readMask(photo.mask);
    const mattes = await maker.make(picture);
    if (mattes.fused) fused++;
    plain.add(mattes.isnet, truth);
    delivered.add(runPlan(planRefineMatte(picture, mattes.shipped, allocateLocal)), truth);
    if ((i + 1) % 25 === 0) log(`  ${i + 1} of ${photos.length}`);
  }
  return [
    { name: 'max F, plain', value: plain.maxF(), unit: 'F' },
    atLeast('max F, delivered', delivered.maxF(), plain.maxF() - SLACK, 'F'),
    { name: 'IoU@.5, plain', value: plain.iou(), unit: 'IoU' },
    atLeast('IoU@.5, delivered', delivered.iou(), plain.iou() - SLACK, 'IoU'),
    { name: 'MAE, plain', value: plain.mae(), unit: 'MAE' },
    { name: 'MAE, delivered', value: delivered.mae(), unit: 'MAE' },
    { name: 'photos in which the person model had a say', value: fused, unit: `of ${photos.length}` },
  ];
}

interface Score {
  /** A matte of any size; it is brought to the truth's. */
  add(matte: Matte, truth: Matte): void;
  maxF(): number;
  iou(): number;
  mae(): number;
}

function createScore(): Score {
  const maxF = createMaxF();
  const ious: number[] = [];
  const errors: number[] = [];
  return {
    add(matte, truth) {
      const { data } = resizeMatte(matte, truth.width, truth.height);
      maxF.add(data, truth.data);
      ious.push(intersectionOverUnion(data, truth.data));
      errors.push(meanAbsoluteError(data, truth.data));
    },
    maxF: () => maxF.value(),
    iou: () => mean(ious),
    mae: () => mean(errors),
  };
}
