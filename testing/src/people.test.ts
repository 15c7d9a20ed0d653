import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPicture, type Picture, type Point, type Subject } from '@focal/core';
import {
  detectFaces,
  type FaceSessions,
  loadModel,
  type ModelId,
  type PeopleSessions,
  personBoxesFrom,
  personSceneMatte,
  type Runtime,
  type Session,
  segmentPeople,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// People one by one on real models and photos. In testing/, because models may not import node.

const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
/** A person in the middle, and two at the borders who reach outside. */
const BORDERS = [
  { box: { x: 0.3, y: 0.1, width: 0.4, height: 0.9 }, score: 0.9 },
  { box: { x: -0.1, y: -0.1, width: 0.4, height: 0.8 }, score: 0.8 },
  { box: { x: 0.8, y: 0.5, width: 0.5, height: 0.8 }, score: 0.7 },
];

let folder = '';
let runtime: Runtime;
let sessions: PeopleSessions;
let faceSessions: FaceSessions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-people-'));
  runtime = await createOrtRuntime({ device: 'cpu' });
  const store = createNodeModelStore({ cacheFolder: folder });
  const load = (id: ModelId): Promise<Session> => loadModel(runtime, store, id);
  sessions = { pose: await load('pose-full'), selfie: await load('selfie') };
  faceSessions = { full: await load('face-full'), short: await load('face-short') };
});

afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

describe('segmentPeople', () => {
  it.each([1, 2, 3, 4, 5, 6])('makes one person of each face of sample %i, whose head is in their matte', async (n) => {
    const picture = await readSample(n);
    const faces = (await detectFaces(faceSessions, picture)).map((face, i) => ({ ...face, id: `face-${i + 1}` }));
    const people = await segmentPeople(sessions, picture, personBoxesFrom([], faces));
    expect(faces.length).toBeGreaterThan(0);
    expect(people.map(({ faceIds }) => faceIds[0]).sort()).toEqual(faces.map(({ id }) => id).sort());
    for (const { id, box } of faces) {
      const own = people.find(({ faceIds }) => faceIds.includes(id));
      expect(own && alphaAt(own, { x: box.x + box.width / 2, y: box.y + box.height / 2 })).toBeGreaterThanOrEqual(128);
    }
    expectSound(people);
  });

  it('keeps to the picture where boxes reach outside', async () => {
    const people = await segmentPeople(sessions, await readSample(1), BORDERS);
    expect(people.length).toBeGreaterThan(0);
    for (const { x, y, width, height } of people.map(({ box }) => box)) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1 + 1e-9);
    }
    expectSound(people);
  });

  it('gives nobody where no person is given', async () => {
    expect(await segmentPeople(sessions, await readSample(1), [])).toEqual([]);
  });

  it.each([
    ['one pixel', 1, 1],
    ['all black', 300, 200],
    ['a line', 1, 500],
  ])('takes a picture of %s', async (_, width, height) => {
    const picture = createPicture(width, height);
    for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
    const people = await segmentPeople(sessions, picture, BORDERS);
    expect(people.length).toBeLessThanOrEqual(BORDERS.length);
    expectSound(people);
  });

  it('stops when aborted', async () => {
    const picture = await readSample(1);
    const stop = segmentPeople(sessions, picture, BORDERS, { signal: AbortSignal.abort() });
    await expect(stop).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('personSceneMatte', () => {
  it('holds each person once, and nothing without people', async () => {
    const people = await segmentPeople(sessions, await readSample(1), BORDERS);
    const matte = personSceneMatte(people, 200, 150);
    for (const { anchor } of people) {
      expect(matte.data[Math.floor(anchor.y * 150) * 200 + Math.floor(anchor.x * 200)]).toBeGreaterThanOrEqual(128);
    }
    expect(personSceneMatte([], 20, 10).data.every((alpha) => alpha === 0)).toBe(true);
  });
});

/** What must hold of any people: anchors lie in the own matte and in no other's. */
function expectSound(people: readonly Subject[]): void {
  for (const person of people) {
    expect(alphaAt(person, person.anchor)).toBeGreaterThanOrEqual(128);
    expect(people.filter((other) => alphaAt(other, person.anchor) >= 128)).toEqual([person]);
  }
  expect(people.map(({ id }) => id)).toEqual(people.map((_, i) => `person-${i + 1}`));
}

function alphaAt({ matte: { box, matte } }: Subject, { x, y }: Point): number {
  const column = Math.floor(((x - box.x) / box.width) * matte.width);
  const row = Math.floor(((y - box.y) / box.height) * matte.height);
  if (column < 0 || row < 0 || column >= matte.width || row >= matte.height) return 0;
  return matte.data[row * matte.width + column] ?? 0;
}

async function readSample(n: number): Promise<Picture> {
  const { data, info } = await sharp(join(demo, `sample${n}.jpg`))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data });
}
