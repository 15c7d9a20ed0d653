import { join } from 'node:path';
import { type Fact, type Picture, resizePicture } from '@focal/core';
import { createAnalyser } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { openHuman } from '@focal/testing';
import { createFocal } from 'focal';
import { atLeast, type Bench, median, withinMs } from './bench.ts';
import { defaultCacheFolder, findSamples } from './inputs.ts';
import { readPhoto } from './photos.ts';

/** Place of the photo of four people among the demo photos. */
const PHOTO = 5;
const PIXELS = 2e6;
const RUNS = 9;
const GOAL_MS = 600;
const FASTER = 3;
const ALL: readonly Fact[] = ['subjects', 'saliency', 'expressions', 'identities'];
const LIKE_HUMAN: readonly Fact[] = ['objects', 'expressions', 'identities'];
/** Each by itself, those it rests on being known. */
const FACTS: readonly Fact[] = ['matte', 'objects', 'faces', 'expressions', 'identities', 'subjects', 'saliency'];

const EVERYTHING = 'everything, without IS-Net';
const SAME_WORK = 'the same work as Human: objects, faces, expressions, identities';
const HUMAN = 'Human (wasm, one thread): objects, faces, mesh, description, emotion';
const THREADED = 'the same with threads';
const RATIO = 'Human over Focal';
const WITH_ISNET = 'everything, with IS-Net';

/** How long it takes to find out all about a photo of 2 MP with four people, models warm. */
export const analyzeBench: Bench = {
  name: 'analyze',
  title: 'Everything about one 2 MP photo with four people, models warm, beside Human doing less',
  rows: [EVERYTHING, ...FACTS.map((fact) => `${fact} alone`), HUMAN, SAME_WORK, RATIO, THREADED, WITH_ISNET],
  async run({ calibrate, log }) {
    const photo = toTwoMegapixels(await readPhoto(findSamples()[PHOTO] ?? ''));
    const calibration = await calibrate();
    const withoutIsnet = ['isnet-medium', 'isnet-small'];
    const everything = await timeFocal(photo, ALL, withoutIsnet);
    const same = await timeFocal(photo, LIKE_HUMAN, withoutIsnet);
    const alone = await timeFacts(photo);
    const theirs = await timeHuman(photo, false, log);
    const threaded = await timeHuman(photo, true, log);
    return [
      withinMs(EVERYTHING, everything, GOAL_MS, calibration),
      ...FACTS.map((fact) => ({ name: `${fact} alone`, value: median(alone.get(fact) ?? []), unit: 'ms' })),
      { name: HUMAN, value: theirs, unit: 'ms' },
      { name: SAME_WORK, value: same, unit: 'ms', note: `Human takes ${(theirs / same).toFixed(2)} times as long` },
      atLeast(RATIO, theirs / everything, FASTER, 'ratio'),
      { name: THREADED, value: threaded, unit: 'ms' },
      { name: WITH_ISNET, value: await timeFocal(photo, ALL, []), unit: 'ms' },
    ];
  },
};

/** As the library does it, from the decoded picture on. */
async function timeFocal(photo: Picture, facts: readonly Fact[], withoutModels: readonly string[]): Promise<number> {
  await using focal = await createFocal({ withoutModels, home: join(defaultCacheFolder(), 'home') });
  const times: number[] = [];
  for (let run = 0; run < RUNS + 4; run++) {
    const start = performance.now();
    await focal.analyse(photo, facts);
    if (run >= 4) times.push(performance.now() - start);
  }
  return median(times);
}

async function timeHuman(photo: Picture, threads: boolean, log: (line: string) => void): Promise<number> {
  const human = await openHuman({ objects: true, faces: true, threads });
  const times: number[] = [];
  try {
    for (let run = 0; run < RUNS + 2; run++) {
      const { ms, faces, objects } = await human.detect(photo);
      if (run >= 2) times.push(ms);
      if (run === 0) log(`  Human finds ${faces} faces and ${objects.length} objects`);
    }
  } finally {
    await human.close();
  }
  return median(times);
}

async function timeFacts(photo: Picture): Promise<ReadonlyMap<Fact, readonly number[]>> {
  const store = createNodeModelStore({
    cacheFolder: join(defaultCacheFolder(), 'models'),
    without: ['isnet-medium', 'isnet-small'],
  });
  const runtime = await createOrtRuntime({ device: 'cpu' });
  const analyser = createAnalyser({ runtime, store });
  const times = new Map<Fact, number[]>(FACTS.map((fact) => [fact, []]));
  for (let run = 0; run < RUNS + 2; run++) {
    let known = await analyser.analyse(photo, []);
    for (const fact of FACTS) {
      const start = performance.now();
      known = await analyser.analyse(photo, [fact], { known });
      if (run >= 2) times.get(fact)?.push(performance.now() - start);
    }
  }
  await analyser.close();
  await runtime.close();
  return times;
}

function toTwoMegapixels(photo: Picture): Picture {
  const scale = Math.sqrt(PIXELS / (photo.width * photo.height));
  return resizePicture(photo, Math.round(photo.width * scale), Math.round(photo.height * scale));
}
