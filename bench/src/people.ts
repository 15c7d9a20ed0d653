import { join } from 'node:path';
import { boxCentre, boxIou, type Face, isInBox, type Matte, type Picture, type Subject } from '@focal/core';
import {
  detectFaces,
  findObjects,
  loadModel,
  type ModelId,
  type PeopleSessions,
  type PersonBox,
  personBoxesFrom,
  personSceneMatte,
  type Runtime,
  type Session,
  segmentPeople,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { atLeast, type Bench, type BenchContext, type BenchResult, median, timeRuns, withinMs } from './bench.ts';
import { type FacePhoto, readFacePhotos } from './face-sets.ts';
import { defaultCacheFolder } from './inputs.ts';
import { mean } from './metrics.ts';
import { MISSED, measurePerson, type PersonMeasures, touchesOthers, unite } from './people-measures.ts';
import { type PeoplePhoto, readPeoplePhotos, type TruePerson } from './people-sets.ts';
import { readPhoto } from './photos.ts';

/** Persons smaller than this share of the photo are not counted; scenes have people on more than that. */
const LEAST_AREA = 0.02;
const LEAST_SCENE = 0.05;
const TRUE_BOXES = 'each person, true boxes';
const OUR_BOXES = 'each person, boxes found';
const LEAK = 'people who touch, true boxes: pixels that are somebody else’s';
const COMPLETE = 'people who touch, true boxes: own pixels held';
const COMPLETE_TOP = 'people who touch, true boxes: own pixels of their top third held';
const LEAK_FOUND = 'people who touch, boxes found: pixels that are somebody else’s';
const SCENES = 'all people of a scene, true boxes';
const FACES = 'required faces that belong to a found person';
const CHESTS = 'required faces whose chest belongs to the same person';
const SPEED = '4 people of 2 MP, one thread';
const SPEED_TWO = '4 people of 2 MP, two threads';
const SPEED_GOAL_MS = 150;
const ROWS = [
  TRUE_BOXES,
  `${TRUE_BOXES}, odd`,
  `${TRUE_BOXES}, even`,
  OUR_BOXES,
  `${OUR_BOXES}, odd`,
  `${OUR_BOXES}, even`,
  LEAK,
  COMPLETE,
  COMPLETE_TOP,
  LEAK_FOUND,
  SCENES,
  FACES,
  CHESTS,
  SPEED,
  SPEED_TWO,
];
const POSES = ['pose-full', 'pose-lite'] as const;

/** People one by one: how well each is cut out, and whether faces find their people. */
export const peopleBench: Bench = {
  name: 'people',
  title: 'People on coco_val128 (outlined persons over 2 % of the photo), faces of faces_annotated and dlib_faces',
  rows: POSES.flatMap((pose) => ROWS.map((row) => label(row, pose))),
  needsData: true,
  async run(context) {
    const results: BenchResult[] = [];
    const [one, two] = [
      await createOrtRuntime({ device: 'cpu', threads: 1 }),
      await createOrtRuntime({ device: 'cpu' }),
    ];
    try {
      for (const pose of POSES) {
        const sessions = await load(one, pose);
        const measured = await measureMattes(sessions, context);
        const speed = await measureSpeed(sessions, await load(two, pose), context);
        results.push(...[...measured, ...speed].map((result) => ({ ...result, name: label(result.name, pose) })));
      }
    } finally {
      await one.close();
      await two.close();
    }
    return results;
  },
};

interface AllSessions {
  readonly people: PeopleSessions;
  readonly faces: { readonly full: Session; readonly short: Session };
  readonly objects: Session;
}

async function load(runtime: Runtime, pose: ModelId): Promise<AllSessions> {
  const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
  const session = (id: ModelId): Promise<Session> => loadModel(runtime, store, id);
  return {
    people: { pose: await session(pose), selfie: await session('selfie') },
    faces: { full: await session('face-full'), short: await session('face-short') },
    objects: await session('centernet'),
  };
}

async function measureMattes(sessions: AllSessions, { data = '', log }: BenchContext): Promise<readonly BenchResult[]> {
  const photos = await readPeoplePhotos(join(data, 'coco_val128'));
  const given: Measured[] = [];
  const found: Measured[] = [];
  const scenes: number[] = [];
  for (const photo of photos) {
    const picture = await readPhoto(photo.image);
    const truths = photo.persons.filter(({ area }) => area > LEAST_AREA);
    const persons = truths.map(({ box }, i) => ({ box, score: 1, faceIds: [`${i}`] }));
    const people = await segmentPeople(sessions.people, picture, persons);
    const guessed = await segmentPeople(sessions.people, picture, await findBoxes(sessions, picture));
    for (const [i, truth] of truths.entries()) {
      const own = people.find(({ faceIds }) => faceIds[0] === `${i}`);
      const about = { isEven: photo.index % 2 === 0, touches: touchesOthers(truth, photo) };
      given.push({ ...about, ...measure(own, truth, photo) });
      found.push({ ...about, ...measure(nearest(guessed, truth.box), truth, photo) });
    }
    if (photo.persons.reduce((sum, { area }) => sum + area, 0) > LEAST_SCENE) {
      const everyone = photo.persons.map(({ box }) => ({ box, score: 1 }));
      const all = await segmentPeople(sessions.people, picture, everyone);
      scenes.push(overlapOf(personSceneMatte(all, photo.width, photo.height), unite(photo), photo.ignored));
    }
  }
  log(`  ${given.length} persons on ${photos.length} photos`);
  const touching = given.filter(({ touches }) => touches);
  const note = `${touching.length} persons`;
  return [
    ...ious(TRUE_BOXES, given, 0.72, `${given.length} persons`),
    ...ious(OUR_BOXES, found, 0.64, 'a miss counts 0'),
    { name: LEAK, value: mean(touching.map(({ leak }) => leak)), unit: 'share', note },
    { name: COMPLETE, value: mean(touching.map(({ complete }) => complete)), unit: 'share', note },
    { name: COMPLETE_TOP, value: mean(touching.map(({ completeTop }) => completeTop)), unit: 'share', note },
    { name: LEAK_FOUND, value: mean(found.filter(({ touches }) => touches).map(({ leak }) => leak)), unit: 'share' },
    atLeast(SCENES, mean(scenes), 0.73, 'IoU', `${scenes.length} scenes, without a matte of the picture`),
    ...(await measureFaces(sessions, await readFacePhotos(data))),
  ];
}

/**
 * Whether the middle of a required face lies in a person's matte, and whether the chest below it lies in the same one.
 * A found face is given to its owner's matte whatever the models say, so the first says little more than that the face
 * was found; the second cannot be had that way.
 */
async function measureFaces(sessions: AllSessions, photos: readonly FacePhoto[]): Promise<readonly BenchResult[]> {
  let [required, owned, chests, whole] = [0, 0, 0, 0];
  for (const photo of photos) {
    const picture = await readPhoto(photo.image);
    const people = await segmentPeople(sessions.people, picture, await findBoxes(sessions, picture));
    for (const { box } of photo.faces.filter(({ optional }) => !optional)) {
      const { x, y } = boxCentre(box);
      const face = { x: x / picture.width, y: y / picture.height };
      // One face's height below the chin.
      const chest = { x: face.x, y: (box.y + 2 * box.height) / picture.height };
      const owner = people.find((person) => alphaAt(person, face) >= 128);
      required++;
      if (owner !== undefined) owned++;
      if (chest.y >= 1) continue;
      chests++;
      if (owner !== undefined && alphaAt(owner, chest) >= 128) whole++;
    }
  }
  return [
    atLeast(FACES, owned / required, 0.9, 'share', `${owned} of ${required}; faces are given to their owners' mattes`),
    { name: CHESTS, value: whole / chests, unit: 'share', note: `${whole} of ${chests} in the picture` },
  ];
}

async function measureSpeed(
  one: AllSessions,
  two: AllSessions,
  context: BenchContext,
): Promise<readonly BenchResult[]> {
  const [photo] = await context.inputs.photos2mp(1);
  const picture = await readPhoto(photo?.path ?? '');
  const persons: readonly PersonBox[] = [0.02, 0.26, 0.5, 0.74].map((x) => ({
    box: { x, y: 0.1, width: 0.24, height: 0.85 },
    score: 1,
  }));
  const time = async ({ people }: AllSessions) =>
    median(await timeRuns(() => segmentPeople(people, picture, persons), { runs: 7, warmUp: 2 }));
  const calibration = await context.calibrate();
  return [
    withinMs(SPEED, await time(one), SPEED_GOAL_MS, calibration),
    { name: SPEED_TWO, value: await time(two), unit: 'ms' },
  ];
}

async function findBoxes(sessions: AllSessions, picture: Picture): Promise<readonly PersonBox[]> {
  return personBoxesFrom(await findObjects(sessions.objects, picture), await facesOf(sessions, picture));
}

async function facesOf(
  sessions: AllSessions,
  picture: Picture,
): Promise<readonly Pick<Face, 'id' | 'box' | 'score'>[]> {
  const faces = await detectFaces(sessions.faces, picture);
  return faces.map(({ box, score }, i) => ({ id: `face-${i + 1}`, box, score }));
}

function nearest(people: readonly Subject[], box: PersonBox['box']): Subject | undefined {
  return [...people].sort((a, b) => boxIou(b.box, box) - boxIou(a.box, box))[0];
}

interface Measured extends PersonMeasures {
  readonly isEven: boolean;
  readonly touches: boolean;
}

function measure(person: Subject | undefined, truth: TruePerson, photo: PeoplePhoto): PersonMeasures {
  if (person === undefined) return MISSED;
  return measurePerson(personSceneMatte([person], photo.width, photo.height), truth, photo);
}

function ious(name: string, all: readonly Measured[], goal: number, note: string): readonly BenchResult[] {
  const half = (even: boolean) => mean(all.filter(({ isEven }) => isEven === even).map(({ iou }) => iou));
  return [
    atLeast(name, mean(all.map(({ iou }) => iou)), goal, 'IoU', note),
    { name: `${name}, odd`, value: half(false), unit: 'IoU' },
    { name: `${name}, even`, value: half(true), unit: 'IoU' },
  ];
}

function overlapOf({ data }: Matte, truth: Uint8Array, ignored: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (ignored[i] === 1) continue;
    const inside = (data[i] as number) >= 128;
    if (inside && truth[i] === 1) both++;
    if (inside || truth[i] === 1) either++;
  }
  return either === 0 ? 1 : both / either;
}

function alphaAt({ matte: { box, matte } }: Subject, point: { readonly x: number; readonly y: number }): number {
  if (!isInBox(point, box)) return 0;
  const x = Math.min(matte.width - 1, Math.floor(((point.x - box.x) / box.width) * matte.width));
  const y = Math.min(matte.height - 1, Math.floor(((point.y - box.y) / box.height) * matte.height));
  return matte.data[y * matte.width + x] as number;
}

function label(row: string, pose: (typeof POSES)[number]): string {
  return pose === 'pose-full' ? row : `${row}, ${pose}`;
}
