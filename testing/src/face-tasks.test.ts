import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createPicture,
  type FacePoints,
  faceDistance,
  fromTurnedCrop,
  type Picture,
  type Point,
  warpPicture,
} from '@focal/core';
import {
  describeFace,
  detectFaces,
  type ExpressionSessions,
  type FaceCandidate,
  type FaceLandmarks,
  loadModel,
  MESH_POINTS,
  type ModelId,
  readExpression,
  readLandmarks,
  type Session,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Landmarks, expression and identity on real models and photos. In testing/, because models may not import node.

const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const SLOW = 240_000;

interface Person {
  readonly face: FaceCandidate;
  readonly landmarks: FaceLandmarks;
}

let folder = '';
let close: () => Promise<void> = async () => {};
let mesh: Session;
let identity: Session;
let expressions: ExpressionSessions;
/** sample6: four women; the third one does not smile, the others do. */
let picture: Picture;
let people: readonly Person[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-faces-'));
  const runtime = await createOrtRuntime({ device: 'cpu' });
  close = () => runtime.close();
  const store = createNodeModelStore({ cacheFolder: folder });
  const load = (id: ModelId): Promise<Session> => loadModel(runtime, store, id);
  mesh = await load('facemesh');
  identity = await load('face-recognition');
  expressions = { expression: await load('face-expression'), emotion: await load('emotion') };
  picture = await readSample(6);
  const full = await load('face-full');
  const short = await load('face-short');
  const faces = [...(await detectFaces({ full, short }, picture))].sort((a, b) => a.box.x - b.box.x);
  people = await Promise.all(
    faces.map(async (face) => ({ face, landmarks: await readLandmarks(mesh, picture, face) })),
  );
}, SLOW);

afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

it('gives 468 points on each face, and five that lie as in a face', { timeout: SLOW }, () => {
  expect(people).toHaveLength(4);
  for (const { face, landmarks } of people) {
    expect(landmarks.mesh).toHaveLength(MESH_POINTS * 3);
    expect(landmarks.confidence).toBeGreaterThan(0.9);
    expect(shareOnFace(landmarks.mesh, face)).toBeGreaterThan(0.95);
    const { rightEye, leftEye, nose, mouthRight, mouthLeft } = landmarks.points;
    // The person's right eye is on the left in the photo; the detector's own eyes are near.
    expect(rightEye.x).toBeLessThan(nose.x);
    expect(leftEye.x).toBeGreaterThan(nose.x);
    expect(mouthRight.x).toBeLessThan(mouthLeft.x);
    expect(nose.y).toBeGreaterThan(rightEye.y);
    expect(mouthLeft.y).toBeGreaterThan(nose.y);
    expect(gap(rightEye, face.points.rightEye)).toBeLessThan(0.15 * face.box.width);
    expect(gap(leftEye, face.points.leftEye)).toBeLessThan(0.15 * face.box.width);
  }
});

it('finds the same points, turned along, in a photo that was turned', { timeout: SLOW }, async () => {
  for (const { landmarks } of people) {
    for (const degrees of [45, -45, 180]) {
      const turned = turn(picture, landmarks.points.nose, degrees);
      const around = boxAround(landmarks.points, turned);
      // As a detector would: the box around the face, and its roll to within 10°.
      const again = await readLandmarks(mesh, turned.picture, {
        box: around,
        rollDegrees: landmarks.rollDegrees + degrees + 10,
      });
      expect(again.confidence).toBeGreaterThan(0.9);
      const size = around.width;
      for (const name of ['rightEye', 'leftEye', 'nose', 'mouthRight', 'mouthLeft'] as const) {
        const expected = turned.map(landmarks.points[name]);
        expect(gap(again.points[name], expected), `${name} at ${degrees}`).toBeLessThan(0.08 * size);
      }
      const difference = again.rollDegrees - landmarks.rollDegrees - degrees;
      expect(Math.abs(difference - 360 * Math.round(difference / 360))).toBeLessThan(8);
    }
  }
});

it('tells the head that turns to one side from its mirror image', { timeout: SLOW }, async () => {
  const [person] = people;
  if (person === undefined) throw new Error('There is no face.');
  const mirrored = mirror(picture);
  const { box, rollDegrees } = person.face;
  const again = await readLandmarks(mesh, mirrored, {
    box: { ...box, x: 1 - box.x - box.width },
    rollDegrees: -rollDegrees,
  });
  expect(Math.abs(person.landmarks.yawDegrees)).toBeGreaterThan(5);
  expect(Math.abs(again.yawDegrees + person.landmarks.yawDegrees)).toBeLessThan(6);
  expect(again.yawDegrees * person.landmarks.yawDegrees).toBeLessThan(0);
  expect(Math.abs(again.rollDegrees + person.landmarks.rollDegrees)).toBeLessThan(5);
});

it('keeps a face near to its mirror image and to itself turned, and far from others', { timeout: SLOW }, async () => {
  const vectors = await Promise.all(people.map(({ landmarks }) => describeFace(identity, picture, landmarks)));
  const mirrored = mirror(picture);
  for (const [i, { landmarks }] of people.entries()) {
    const vector = vectors[i] as Float32Array;
    expect(vector).toHaveLength(128);
    const flipped = await describeFace(identity, mirrored, { points: mirrorPoints(landmarks.points) });
    expect(faceDistance(vector, flipped)).toBeLessThan(0.4);
    const turned = turn(picture, landmarks.points.nose, 45);
    const again = await describeFace(identity, turned.picture, { points: mapPoints(landmarks.points, turned.map) });
    expect(faceDistance(vector, again)).toBeLessThan(0.15);
    for (const other of vectors.slice(i + 1)) expect(faceDistance(vector, other)).toBeGreaterThan(0.6);
  }
});

it('sees who smiles, also mirrored and turned', { timeout: SLOW }, async () => {
  const smiles: number[] = [];
  for (const { landmarks } of people) {
    const expression = await readExpression(expressions, picture, landmarks);
    const shares = Object.values(expression.distribution);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    smiles.push(expression.smile);
    const mirrored = await readExpression(expressions, mirror(picture), { points: mirrorPoints(landmarks.points) });
    expect(Math.abs(mirrored.smile - expression.smile)).toBeLessThan(0.25);
    const turned = turn(picture, landmarks.points.nose, -45);
    const points = mapPoints(landmarks.points, turned.map);
    expect(
      Math.abs((await readExpression(expressions, turned.picture, { points })).smile - expression.smile),
    ).toBeLessThan(0.25);
    // What shows most agrees with the smile.
    expect(expression.distribution.happy > 0.5).toBe(expression.smile > 0.5);
  }
  expect(smiles.map((smile) => smile > 0.8)).toEqual([true, true, false, true]);
  expect(smiles[2]).toBeLessThan(0.2);
});

it('gives numbers, and no face, for pictures without one', { timeout: SLOW }, async () => {
  for (const [width, height] of [
    [1, 1],
    [300, 200],
  ] as const) {
    const black = createPicture(width, height);
    for (let i = 3; i < black.data.length; i += 4) black.data[i] = 255;
    const landmarks = await readLandmarks(mesh, black, { box: { x: 0.2, y: 0.2, width: 0.5, height: 0.5 } });
    expect(landmarks.confidence).toBeLessThan(0.5);
    expect([...landmarks.mesh].every(Number.isFinite)).toBe(true);
    const expression = await readExpression(expressions, black, landmarks);
    expect([expression.smile, ...Object.values(expression.distribution)].every(Number.isFinite)).toBe(true);
    expect([...(await describeFace(identity, black, landmarks))].every(Number.isFinite)).toBe(true);
  }
});

it('is not very sure of a drawn face that has a mouth but no eyes', { timeout: SLOW }, async () => {
  const drawing = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="300" height="300" fill="white"/><circle cx="150" cy="150" r="90" fill="gold"/><path d="M100 190 L200 190" stroke="black" stroke-width="8"/></svg>',
  );
  const { data, info } = await sharp(drawing).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const drawn = createPicture(info.width, info.height, { data });
  const landmarks = await readLandmarks(mesh, drawn, { box: { x: 0.2, y: 0.2, width: 0.6, height: 0.6 } });
  expect(landmarks.confidence).toBeLessThan(0.9);
  expect((await readExpression(expressions, drawn, landmarks)).smile).toBeLessThanOrEqual(1);
});

it('refuses a box without an area, and stops when it is told to', { timeout: SLOW }, async () => {
  const flat = { x: 0.5, y: 0.5, width: 0, height: 0 };
  await expect(readLandmarks(mesh, picture, { box: flat })).rejects.toThrow('an area');
  const options = { signal: AbortSignal.abort() };
  const points = people[0]?.landmarks.points as FacePoints;
  await expect(readLandmarks(mesh, picture, { box: { ...flat, width: 1 } }, options)).rejects.toMatchObject({
    code: 'aborted',
  });
  await expect(readExpression(expressions, picture, { points }, options)).rejects.toMatchObject({ code: 'aborted' });
  await expect(describeFace(identity, picture, { points }, options)).rejects.toMatchObject({ code: 'aborted' });
});

async function readSample(number: number): Promise<Picture> {
  const { data, info } = await sharp(join(demo, `sample${number}.jpg`))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data });
}

/** In widths of the photo; close enough for photos that are nearly square. */
function gap(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Share of the mesh within the detector's box, which ends at the brows, and a third more on each side. */
function shareOnFace(points: Float32Array, { box }: FaceCandidate): number {
  let inside = 0;
  for (let i = 0; i < points.length; i += 3) {
    const x = ((points[i] as number) - box.x) / box.width;
    const y = ((points[i + 1] as number) - box.y) / box.height;
    if (x > -0.34 && x < 1.34 && y > -0.34 && y < 1.34) inside++;
  }
  return inside / MESH_POINTS;
}

const TURNED_SIDE = 700;

/** A square around a place, turned clockwise, and where points of the whole photo lie in it. */
function turn(
  source: Picture,
  centre: Point,
  degrees: number,
): { readonly picture: Picture; readonly map: (point: Point) => Point } {
  const { width, height } = source;
  const radians = (-degrees * Math.PI) / 180;
  const crop = { x: centre.x * width, y: centre.y * height, size: TURNED_SIDE, radians };
  return {
    picture: warpPicture(source, fromTurnedCrop(crop, TURNED_SIDE), TURNED_SIDE, TURNED_SIDE),
    map: ({ x, y }) => {
      const dx = (x - centre.x) * width;
      const dy = (y - centre.y) * height;
      return {
        x: (Math.cos(radians) * dx + Math.sin(radians) * dy) / TURNED_SIDE + 0.5,
        y: (Math.cos(radians) * dy - Math.sin(radians) * dx) / TURNED_SIDE + 0.5,
      };
    },
  };
}

/** A square box as a detector gives it, from the five points in the turned picture. */
function boxAround(points: FacePoints, turned: { readonly map: (point: Point) => Point }): FaceCandidate['box'] {
  const five = Object.values(mapPoints(points, turned.map));
  const x = five.reduce((sum, point) => sum + point.x / 5, 0);
  const y = five.reduce((sum, point) => sum + point.y / 5, 0);
  const side = 3.2 * Math.max(...five.map((point) => gap(point, { x, y })));
  return { x: x - side / 2, y: y - side / 2, width: side, height: side };
}

function mapPoints(points: FacePoints, map: (point: Point) => Point): FacePoints {
  return {
    rightEye: map(points.rightEye),
    leftEye: map(points.leftEye),
    nose: map(points.nose),
    mouthRight: map(points.mouthRight),
    mouthLeft: map(points.mouthLeft),
  };
}

function mirror(source: Picture): Picture {
  const { width, height } = source;
  return warpPicture(source, { xx: -1, xy: 0, x0: width, yx: 0, yy: 1, y0: 0 }, width, height);
}

/** Mirrored, the right eye is the left one. */
function mirrorPoints({ rightEye, leftEye, nose, mouthRight, mouthLeft }: FacePoints): FacePoints {
  const flip = ({ x, y }: Point): Point => ({ x: 1 - x, y });
  return {
    rightEye: flip(leftEye),
    leftEye: flip(rightEye),
    nose: flip(nose),
    mouthRight: flip(mouthLeft),
    mouthLeft: flip(mouthRight),
  };
}
