import { join } from 'node:path';
import { boxCentre, isInBox, type Picture } from '@focal/core';
import {
  detectFaces,
  type FaceCandidate,
  type FaceEffort,
  type FaceSessions,
  loadModel,
  type ModelId,
  type Session,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import {
  atLeast,
  atMost,
  type Bench,
  type BenchContext,
  type BenchResult,
  median,
  timeRuns,
  withinMs,
} from './bench.ts';
import { cover, type MarkedPicture, shrink, turn } from './face-changes.ts';
import { type FacePhoto, matchFaces, readFacePhotos, readFillingFaces, readPhotosWithoutPeople } from './face-sets.ts';
import { defaultCacheFolder } from './inputs.ts';
import { readPhoto } from './photos.ts';

const EFFORTS = ['fast', 'careful'] as const;

interface Change {
  readonly name: string;
  readonly goal?: number;
  readonly make: (photo: MarkedPicture) => Promise<MarkedPicture>;
}

/** The marked photos, as they are and changed. */
const CHANGES: readonly Change[] = [
  { name: 'as they are', goal: 0.97, make: async (photo) => photo },
  { name: 'turned by 45°', goal: 0.9, make: (photo) => turn(photo, 45) },
  { name: 'turned by -45°', goal: 0.9, make: (photo) => turn(photo, -45) },
  { name: 'turned by 90°', make: (photo) => turn(photo, 90) },
  { name: 'lower half covered', goal: 0.7, make: cover },
  { name: 'at half their size', make: (photo) => shrink(photo, 1 / 2) },
  { name: 'at a quarter of their size', make: (photo) => shrink(photo, 1 / 4) },
];
const FALSE_FACES = 'false faces on photos without people';
const FILLING = 'faces that fill the photo found';
const SHARED = ['face recall, as they are, odd', 'face recall, as they are, even'];
const SPEED = 'one photo of 2 MP';
const SPEED_GOAL_MS = 100;

/** Faces at the shipped thresholds: how many of the marked ones are found, and how many that are none. */
export const facesBench: Bench = {
  name: 'faces',
  title: 'Faces on faces_annotated and dlib_faces (recall of required ones), coco_val128 without people (false ones)',
  rows: EFFORTS.flatMap((effort) =>
    [
      ...CHANGES.flatMap(({ name }) => [`face recall, ${name}`, `false faces, ${name}`]),
      ...SHARED,
      FALSE_FACES,
      FILLING,
      SPEED,
    ].map((row) => label(row, effort)),
  ),
  needsData: true,
  async run(context) {
    const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
    const runtime = await createOrtRuntime({ device: 'cpu' });
    // One thread, as an analyser loads them: with a second one they take many times as long beside other work.
    const load = (id: ModelId): Promise<Session> => loadModel(runtime, store, id, { threads: 1 });
    try {
      const sessions = { full: await load('face-full'), short: await load('face-short') };
      return await measure(sessions, context);
    } finally {
      await runtime.close();
    }
  },
};

async function measure(sessions: FaceSessions, context: BenchContext): Promise<readonly BenchResult[]> {
  const { data = '', log } = context;
  const photos = await readFacePhotos(data);
  const results: BenchResult[] = [];
  for (const effort of EFFORTS) {
    // The goals are those of the shipped effort; the other stands beside it.
    const judge = effort === 'fast';
    const find = (picture: Picture) => detectFaces(sessions, picture, { effort });
    for (const { name, goal, make } of CHANGES) {
      const scores: PhotoScore[] = [];
      for (const photo of photos) scores.push(await scorePhoto(photo, make, find));
      const recall = recallOf(scores);
      const row = label(`face recall, ${name}`, effort);
      const note = `${sumOf(scores, 'found')} of ${sumOf(scores, 'required')}`;
      if (goal === undefined || !judge) results.push({ name: row, value: recall, unit: 'recall', note });
      else results.push(atLeast(row, recall, goal, 'recall', note));
      results.push({ name: label(`false faces, ${name}`, effort), value: sumOf(scores, 'falseFaces'), unit: 'faces' });
      if (name === CHANGES[0]?.name) {
        for (const [half, rest] of [
          ['odd', 1],
          ['even', 0],
        ] as const) {
          const some = scores.filter((score) => score.index % 2 === rest);
          results.push({ name: label(`face recall, ${name}, ${half}`, effort), value: recallOf(some), unit: 'recall' });
        }
      }
      log(`  ${row}: ${note}`);
    }
    results.push(await countFalseFaces(data, find, effort), await findFilling(data, find, effort));
    results.push(await time(context, find, effort));
  }
  return results;
}

type Find = (picture: Picture) => Promise<readonly FaceCandidate[]>;

interface PhotoScore {
  readonly index: number;
  readonly required: number;
  readonly found: number;
  readonly falseFaces: number;
}

async function scorePhoto(
  photo: FacePhoto,
  change: (marked: MarkedPicture) => Promise<MarkedPicture>,
  find: Find,
): Promise<PhotoScore> {
  const { picture, faces } = await change({ picture: await readPhoto(photo.image), faces: photo.faces });
  const { width, height } = picture;
  const boxes = (await find(picture)).map(({ box }) => ({
    x: box.x * width,
    y: box.y * height,
    width: box.width * width,
    height: box.height * height,
  }));
  const match = matchFaces(boxes, faces);
  return { index: photo.index, ...match, falseFaces: photo.complete ? match.falseFaces : 0 };
}

async function countFalseFaces(data: string, find: Find, effort: FaceEffort): Promise<BenchResult> {
  const paths = await readPhotosWithoutPeople(data);
  let count = 0;
  for (const path of paths) count += (await find(await readPhoto(path))).length;
  const row = label(FALSE_FACES, effort);
  const note = `${paths.length} photos`;
  return effort === 'fast' ? atMost(row, count, 1, 'faces', note) : { name: row, value: count, unit: 'faces', note };
}

/** A face counts when the middle of the photo lies in it. */
async function findFilling(data: string, find: Find, effort: FaceEffort): Promise<BenchResult> {
  const paths = await readFillingFaces(data);
  let count = 0;
  for (const path of paths) {
    const faces = await find(await readPhoto(path));
    if (faces.some(({ box }) => isInBox({ x: 0.5, y: 0.5 }, box) && isInBox(boxCentre(box), MIDDLE))) count++;
  }
  return {
    name: label(FILLING, effort),
    value: count / paths.length,
    unit: 'recall',
    note: `${count} of ${paths.length}`,
  };
}

const MIDDLE = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

async function time({ inputs, calibrate }: BenchContext, find: Find, effort: FaceEffort): Promise<BenchResult> {
  const times: number[] = [];
  for (const { path } of await inputs.photos2mp(6)) {
    const picture = await readPhoto(path);
    times.push(...(await timeRuns(() => find(picture), { runs: 3 })));
  }
  const row = label(SPEED, effort);
  if (effort === 'fast') return withinMs(row, median(times), SPEED_GOAL_MS, await calibrate());
  return { name: row, value: median(times), unit: 'ms' };
}

function recallOf(scores: readonly PhotoScore[]): number {
  return sumOf(scores, 'found') / sumOf(scores, 'required');
}

function sumOf(scores: readonly PhotoScore[], what: 'found' | 'required' | 'falseFaces'): number {
  return scores.reduce((sum, score) => sum + score[what], 0);
}

function label(row: string, effort: FaceEffort): string {
  return effort === 'fast' ? row : `${row}, ${effort}`;
}
