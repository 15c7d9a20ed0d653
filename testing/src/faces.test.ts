import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Box, boxCentre, boxIou, createPicture, isInBox, type Picture } from '@focal/core';
import {
  detectFaces,
  type FaceCandidate,
  type FaceSessions,
  loadModel,
  type ModelId,
  measureFaceQuality,
  type Runtime,
  type Session,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The face detector on real models and photos. In testing/, because models may not import node.

const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const SLOW = 240_000;
/** Faces in sample1.jpg to sample6.jpg, counted by eye; one of sample2 is in profile, one of sample1 lies on its side. */
const FACES = [3, 3, 3, 4, 5, 4];
const samples = FACES.map((count, i) => ({ name: `sample${i + 1}.jpg`, count }));

let folder = '';
let runtime: Runtime;
let sessions: FaceSessions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-faces-'));
  const store = createNodeModelStore({ cacheFolder: folder });
  runtime = await createOrtRuntime({ device: 'cpu' });
  const load = (id: ModelId): Promise<Session> => loadModel(runtime, store, id);
  sessions = { full: await load('face-full'), short: await load('face-short') };
});

afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a photo of people', () => {
  it.each(samples)('$name shows $count faces, each with its points', { timeout: SLOW }, async ({ name, count }) => {
    const picture = await read(open(name));
    const faces = await detectFaces(sessions, picture);
    expect(faces).toHaveLength(count);
    for (const { box, score, points, rollDegrees } of faces) {
      expect(score).toBeGreaterThan(0.4);
      expect(score).toBeLessThanOrEqual(1);
      expect(isInBox(points.nose, box)).toBe(true);
      expect(isInBox(points.mouth, box)).toBe(true);
      expect(Math.abs(rollDegrees)).toBeLessThan(60);
      expect(points.rightEye.x).toBeLessThan(points.leftEye.x);
      const quality = measureFaceQuality(picture, { box, points });
      expect(quality.size).toBe(1);
      expect(quality.sharpness).toBeGreaterThan(0.3);
    }
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).sort((a, b) => b - a));
  });

  it('gives the same numbers again, and nearly so from a reduction', { timeout: SLOW }, async () => {
    const picture = await read(open('sample4.jpg'));
    const faces = await detectFaces(sessions, picture);
    expect(await detectFaces(sessions, picture)).toEqual(faces);
    const reduced = await read(open('sample4.jpg').resize(1024, 1024, { fit: 'fill' }));
    expectSameBoxes(await detectFaces(sessions, picture, { reduced }), faces, 0.8);
  });

  it('gives the mirrored boxes when it is mirrored', { timeout: SLOW }, async () => {
    for (const { name } of samples) {
      const faces = await detectFaces(sessions, await read(open(name)));
      const mirrored = await detectFaces(sessions, await read(open(name).flop()));
      const back = mirrored.map((face) => ({ ...face, box: { ...face.box, x: 1 - face.box.x - face.box.width } }));
      expect(back).toHaveLength(faces.length);
      expectSameBoxes(back, faces, 0.6);
    }
  });

  it.each([45, -45])('shows nearly all of them turned by %i°, and by how much', { timeout: SLOW }, async (degrees) => {
    let found = 0;
    let told = 0;
    for (const { name } of samples) {
      const picture = await read(open(name).resize(900));
      const turned = await read(open(name).resize(900).rotate(degrees, { background: '#000' }));
      const faces = await detectFaces(sessions, turned);
      for (const upright of await detectFaces(sessions, picture)) {
        const place = turnPoint(boxCentre(upright.box), degrees, picture, turned);
        const face = faces.find(({ box }) => isInBox(place, box));
        if (face === undefined) continue;
        found++;
        const off = face.rollDegrees - upright.rollDegrees - degrees;
        if (Math.abs(off - 360 * Math.round(off / 360)) < 30) told++;
      }
    }
    expect(found).toBeGreaterThanOrEqual(21);
    // In profile there is no telling.
    expect(told).toBeGreaterThanOrEqual(21);
  });
});

describe('many, small and large faces', () => {
  it('a sheet of a hundred faces shows nearly all of them, each once', { timeout: SLOW }, async () => {
    const crops: Buffer[] = [];
    for (const { name } of samples) {
      const picture = await read(open(name));
      for (const face of await detectFaces(sessions, picture)) crops.push(await cutOut(open(name), picture, face.box));
    }
    const sheet = sharp({ create: { width: 1600, height: 1600, channels: 4, background: '#444' } }).composite(
      Array.from({ length: 100 }, (_, i) => ({
        input: crops[i % crops.length] ?? '',
        left: (i % 10) * 160 + 10,
        top: Math.floor(i / 10) * 160 + 10,
      })),
    );
    const faces = await detectFaces(sessions, await read(sheet));
    const cells = new Set(faces.map(({ box }) => cellOf(box)));
    expect(faces.length).toBe(cells.size);
    expect(cells.size).toBeGreaterThanOrEqual(90);
  });

  it('a face that fills the picture is found', { timeout: SLOW }, async () => {
    const picture = await read(open('sample6.jpg'));
    const [face] = await detectFaces(sessions, picture);
    if (face === undefined) throw new Error('There is no face.');
    const close = await read(sharp(await cutOut(open('sample6.jpg'), picture, face.box, 1.15)));
    const [found, ...others] = await detectFaces(sessions, close);
    expect(others).toEqual([]);
    expect(isInBox({ x: 0.5, y: 0.5 }, found?.box ?? { x: 0, y: 0, width: 0, height: 0 })).toBe(true);
    expect(found?.box.width).toBeGreaterThan(0.5);
  });

  it('faces too small for a first look are found where people are known to be, or with care', {
    timeout: SLOW,
  }, async () => {
    const input = await open('sample6.jpg').resize(170).png().toBuffer();
    const far = await read(
      sharp({ create: { width: 3000, height: 2000, channels: 4, background: '#345' } }).composite([
        { input, left: 1200, top: 900 },
      ]),
    );
    const person = { x: 0.4, y: 0.45, width: 0.057, height: 0.068 };
    const without = await detectFaces(sessions, far);
    const withPerson = await detectFaces(sessions, far, { persons: [person] });
    const careful = await detectFaces(sessions, far, { effort: 'careful' });
    expect(withPerson.length).toBeGreaterThan(without.length);
    expect(careful.length).toBe(4);
  });
});

describe('pictures without faces', () => {
  it.each([
    [1, 1],
    [1, 900],
    [900, 1],
    [5, 3],
    [400, 300],
    [3000, 40],
  ])('of %i×%i pixels in black or white give an empty list', { timeout: SLOW }, async (width, height) => {
    for (const value of [0, 255]) {
      const picture = createPicture(width, height);
      picture.data.fill(value);
      for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
      for (const effort of ['fast', 'careful'] as const) {
        expect(await detectFaces(sessions, picture, { effort })).toEqual([]);
      }
      const persons = [
        { x: 0, y: 0, width: 1, height: 1 },
        { x: 0.4, y: 0.4, width: 0, height: 0 },
      ];
      expect(await detectFaces(sessions, picture, { persons })).toEqual([]);
    }
  });
});

describe('ending', () => {
  it('comes with `aborted` before the next run of a net', { timeout: SLOW }, async () => {
    const picture = await read(open('sample1.jpg').resize(640));
    for (const after of [0, 1, 2]) {
      const control = new AbortController();
      let runs = 0;
      const counting = (session: Session): Session => ({
        ...session,
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        device: session.device,
        close: () => session.close(),
        async run(feeds) {
          const outputs = await session.run(feeds);
          if (++runs === after) control.abort();
          return outputs;
        },
      });
      if (after === 0) control.abort();
      const watched = { full: counting(sessions.full), short: counting(sessions.short) };
      await expect(detectFaces(watched, picture, { signal: control.signal })).rejects.toMatchObject({
        code: 'aborted',
      });
      expect(runs).toBe(after);
    }
  });
});

function open(name: string): Sharp {
  return sharp(join(demo, name));
}

async function read(image: Sharp): Promise<Picture> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data: new Uint8Array(data) });
}

/** The face and what is around it, `room` times as large, as a PNG of 140×140. */
async function cutOut(image: Sharp, { width, height }: Picture, box: Box, room = 2): Promise<Buffer> {
  const side = Math.round(Math.max(box.width * width, box.height * height) * room);
  const centre = boxCentre(box);
  const left = Math.max(0, Math.min(width - side, Math.round(centre.x * width - side / 2)));
  const top = Math.max(0, Math.min(height - side, Math.round(centre.y * height - side / 2)));
  return image.extract({ left, top, width: side, height: side }).resize(140, 140).png().toBuffer();
}

function cellOf(box: Box): string {
  const { x, y } = boxCentre(box);
  return `${Math.floor(x * 10)},${Math.floor(y * 10)}`;
}

/** Each box once in the other list, sharing so much of their union. */
function expectSameBoxes(found: readonly FaceCandidate[], expected: readonly FaceCandidate[], share: number): void {
  expect(found).toHaveLength(expected.length);
  for (const { box } of expected) {
    expect(Math.max(...found.map((face) => boxIou(face.box, box)))).toBeGreaterThan(share);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function turnPoint({ x, y }: { x: number; y: number }, degrees: number, from: Size, to: Size) {
  const [along, across] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const dx = (x - 0.5) * from.width;
  const dy = (y - 0.5) * from.height;
  return { x: (along * dx - across * dy) / to.width + 0.5, y: (across * dx + along * dy) / to.height + 0.5 };
}
