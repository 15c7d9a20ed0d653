import { join } from 'node:path';
import { COCO_NAMES, type FindObjectsOptions, findObjects, loadModel, type Session } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { type HumanObject, openHuman } from '@focal/testing';
import { atLeast, type Bench, type BenchResult, median } from './bench.ts';
import { averagePrecision, meanAveragePrecision, measureAt, type PhotoResult, readObjectPhotos } from './coco.ts';
import { defaultCacheFolder } from './inputs.ts';
import { readPhoto } from './photos.ts';

/** Candidates down to here count for average precision, on both sides. */
const LEAST_SCORE = 0.03;
const LEAST_AREA = 0.02;
const IOU = 0.5;
const PERSON = COCO_NAMES.indexOf('person');
const WAYS = ['fast', 'quality'] as const;
const HALVES = ['', ', odd', ', even'] as const;
const FIGURES = ['mAP50', 'person AP50', 'person over 2 % recall', 'person over 2 % precision'] as const;
const TIMES = ['human (wasm) ms', ...WAYS.map((way) => `${way} ms`)];

interface Measured {
  readonly index: number;
  /** For average precision, and as shipped. */
  readonly candidates: PhotoResult;
  readonly shipped: PhotoResult;
}

/** Things and people found, beside the Human library's own run of the same net in the same process of measuring. */
export const objectsBench: Bench = {
  name: 'objects',
  title: 'Objects on coco_val128, beside Human with the same net',
  rows: [
    ...HALVES.flatMap((half) => FIGURES.slice(0, 2).map((figure) => `human ${figure}${half}`)),
    ...WAYS.flatMap((way) => HALVES.flatMap((half) => FIGURES.map((figure) => `${way} ${figure}${half}`))),
    ...TIMES,
  ],
  needsData: true,
  async run({ data = '', log }) {
    const photos = await readObjectPhotos(join(data, 'coco_val128'));
    log(`${photos.length} photos`);
    const runtime = await createOrtRuntime({ device: 'cpu' });
    const human = await openHuman({ objects: true, minScore: LEAST_SCORE });
    const measured = new Map<string, Measured[]>();
    const times = new Map<string, number[]>();
    const keep = <T>(lists: Map<string, T[]>, name: string, value: T): void => {
      lists.set(name, [...(lists.get(name) ?? []), value]);
    };
    try {
      const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
      const session: Session = await loadModel(runtime, store, 'centernet');
      for (const { image, truths, index } of photos) {
        const picture = await readPhoto(image);
        const find = async (options: FindObjectsOptions): Promise<PhotoResult> => ({
          truths,
          found: toScored(await findObjects(session, picture, options)),
        });
        const theirs = await human.detect(picture);
        const found = { truths, found: toScored(theirs.objects) };
        keep(measured, 'human', { index, candidates: found, shipped: found });
        keep(times, 'human', theirs.ms);
        for (const effort of WAYS) {
          const candidates = await find({ effort, minScore: LEAST_SCORE });
          const start = performance.now();
          const shipped = await find({ effort });
          keep(times, effort, performance.now() - start);
          keep(measured, effort, { index, candidates, shipped });
        }
      }
    } finally {
      await human.close();
      await runtime.close();
    }
    return [
      ...HALVES.flatMap((half) => judge(measured, half)),
      ...['human', ...WAYS].map((name, i) => ({
        name: TIMES[i] ?? '',
        value: median(times.get(name) ?? []),
        unit: 'ms',
      })),
    ];
  },
};

function toScored(objects: readonly HumanObject[]): PhotoResult['found'] {
  return objects.map(({ label, score, box }) => ({ classIndex: COCO_NAMES.indexOf(label), score, box }));
}

function judge(measured: ReadonlyMap<string, readonly Measured[]>, half: (typeof HALVES)[number]): BenchResult[] {
  const own = (name: string): readonly Measured[] =>
    (measured.get(name) ?? []).filter(({ index }) => half === '' || (index % 2 === 1) === (half === ', odd'));
  const precisionsOf = (name: string): readonly [number, number] => {
    const results = own(name).map(({ candidates }) => candidates);
    return [100 * meanAveragePrecision(results, IOU), 100 * averagePrecision(results, PERSON, IOU)];
  };
  const [theirMean, theirPerson] = precisionsOf('human');
  const rows: BenchResult[] = [
    { name: `human mAP50${half}`, value: theirMean, unit: '%' },
    { name: `human person AP50${half}`, value: theirPerson, unit: '%' },
  ];
  for (const way of WAYS) {
    const [ownMean, ownPerson] = precisionsOf(way);
    const large = measureAt(
      own(way).map(({ shipped }) => shipped),
      PERSON,
      LEAST_AREA,
    );
    const note = `${large.truths} persons`;
    rows.push(
      atLeast(`${way} mAP50${half}`, ownMean, theirMean + 2, '%'),
      atLeast(`${way} person AP50${half}`, ownPerson, theirPerson + 4, '%'),
      atLeast(`${way} person over 2 % recall${half}`, large.recall, 0.8, 'ratio', note),
      atLeast(`${way} person over 2 % precision${half}`, large.precision, 0.85, 'ratio', note),
    );
  }
  return rows;
}
