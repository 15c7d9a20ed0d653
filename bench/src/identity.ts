import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Picture, toTensor, warpPicture } from '@focal/core';
import { describeFace, faceDistance, readLandmarks, type Session } from '@focal/models';
import { readAlbum } from './albums.ts';
import { atLeast, atMost, type Bench, type BenchContext, type BenchResult, median, timeRuns } from './bench.ts';
import { createMainFaceFinder, createModelLoader, type FindMainFace, type Framing } from './main-face.ts';
import { readPhoto } from './photos.ts';
import { bestF1, f1At, type Judged, rocAuc } from './ranking.ts';

interface Album {
  readonly name: string;
  /** With a folder for each person. */
  readonly folder: string;
  readonly framing: Framing;
  /** Goals of the pairs' AUC and best F1. */
  readonly goals?: readonly [number, number];
}

const ALBUMS: readonly Album[] = [
  { name: 'lfw10x10', folder: 'lfw10x10', framing: 'loose', goals: [0.999, 0.98] },
  { name: 'johns', folder: join('dlib_faces', 'johns'), framing: 'tight' },
  { name: 'bbt', folder: join('bbt_faces', 'identities'), framing: 'tight' },
];

/** Below this distance two faces are said to be one person's. */
const SAME = 0.6;
const REFERENCE = "face-api's reference of face_rectangular.png";
/** Within this, face-api's own test takes a descriptor for the reference. */
const REFERENCE_LIMIT = 0.1;
const MESH_SPEED = 'landmarks of a face';
const SPEED = 'describing a face';

export const identityBench: Bench = {
  name: 'identity',
  title: 'Who is who: pairs of lfw10x10, dlib_faces johns and bbt_faces',
  rows: [
    ...ALBUMS.flatMap(({ name }) => [`${name}, pair AUC`, `${name}, best pair F1`, `${name}, pair F1 at ${SAME}`]),
    REFERENCE,
    MESH_SPEED,
    SPEED,
  ],
  needsData: true,
  async run(context) {
    const loader = await createModelLoader();
    try {
      const find = await createMainFaceFinder(loader);
      const net = await loader.load('face-recognition');
      const results: BenchResult[] = [];
      for (const album of ALBUMS) results.push(...(await measureAlbum(album, find, net, context)));
      results.push(await compareWithReference(net, context));
      const mesh = await loader.load('facemesh');
      results.push(...(await time(find, mesh, net, context)));
      return results;
    } finally {
      await loader.close();
    }
  },
};

async function measureAlbum(
  { name, folder, framing, goals }: Album,
  find: FindMainFace,
  net: Session,
  { data = '' }: BenchContext,
): Promise<readonly BenchResult[]> {
  const described: { readonly who: string; readonly vector: Float32Array }[] = [];
  let missing = 0;
  for (const { who, path } of await readAlbum(join(data, folder))) {
    const picture = await readPhoto(path);
    const points = await find(picture, framing);
    if (points === undefined) missing++;
    else described.push({ who, vector: await describeFace(net, picture, { points }) });
  }
  const pairs: Judged[] = [];
  described.forEach((a, i) => {
    for (const b of described.slice(i + 1)) {
      pairs.push({ score: -faceDistance(a.vector, b.vector), positive: a.who === b.who });
    }
  });
  const { f1, threshold } = bestF1(pairs);
  const note = `${described.length} faces, ${missing} not found`;
  const at = `at ${(-threshold).toFixed(3)}`;
  const rows: readonly [string, number, string][] = [
    [`${name}, pair AUC`, rocAuc(pairs), note],
    [`${name}, best pair F1`, f1, at],
  ];
  return [
    ...rows.map(([row, value, rowNote], i) => {
      const goal = goals?.[i];
      return goal === undefined
        ? { name: row, value, unit: 'share', note: rowNote }
        : atLeast(row, value, goal, 'share', rowNote);
    }),
    { name: `${name}, pair F1 at ${SAME}`, value: f1At(pairs, -SAME), unit: 'share' },
  ];
}

/**
 * The whole photo, fed as face-api feeds it: scaled to 150 high by bilinear reads at pixel corners, black at both sides.
 * What is left is not the import, which gives what face-api's code gives within 1e-3: its own tests ask for no more than
 * .1 of this reference, of 8-bit and 32-bit weights alike, and only the former are published with the package.
 */
async function compareWithReference(net: Session, { data = '' }: BenchContext): Promise<BenchResult> {
  const folder = join(data, 'bbt_faces');
  const text = await readFile(join(folder, 'reference_json', 'faceDescriptorRect.json'), 'utf8');
  const reference = Float32Array.from(JSON.parse(text) as number[]);
  const chip = squareAsFaceApi(await readPhoto(join(folder, 'misc', 'face_rectangular.png')));
  const { data: input } = toTensor(chip, 150, 150, { fit: 'stretch', layout: 'nhwc', scale: [1, 1, 1] });
  const outputs = await net.run({ image: { type: 'float32', data: input, dims: [1, 150, 150, 3] } });
  const vector = outputs.descriptor;
  if (vector?.type !== 'float32') throw new Error('Expected the net to give floats.');
  return atMost(REFERENCE, faceDistance(vector.data, reference), REFERENCE_LIMIT, 'distance');
}

function squareAsFaceApi(picture: Picture): Picture {
  const side = Math.max(picture.width, picture.height);
  const scale = side / 150;
  // Without half a pixel: TensorFlow.js reads from corner to corner.
  const half = (scale - 1) / 2;
  const x0 = -Math.floor((side - picture.width) / 2) - half;
  const y0 = -Math.floor((side - picture.height) / 2) - half;
  return warpPicture(picture, { xx: scale, xy: 0, x0, yx: 0, yy: scale, y0 }, 150, 150, { outside: [0, 0, 0] });
}

async function time(
  find: FindMainFace,
  mesh: Session,
  net: Session,
  { inputs }: BenchContext,
): Promise<readonly BenchResult[]> {
  const describing: number[] = [];
  const reading: number[] = [];
  for (const { path } of await inputs.photos2mp(4)) {
    const picture = await readPhoto(path);
    const points = await find(picture, 'loose');
    if (points === undefined) continue;
    const { rightEye, leftEye, nose } = points;
    const width = Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y) * 2.2;
    const box = { x: nose.x - width / 2, y: nose.y - width / 2, width, height: width };
    reading.push(...(await timeRuns(() => readLandmarks(mesh, picture, { box }), { runs: 6 })));
    describing.push(...(await timeRuns(() => describeFace(net, picture, { points }), { runs: 6 })));
  }
  return [
    { name: MESH_SPEED, value: median(reading), unit: 'ms' },
    { name: SPEED, value: median(describing), unit: 'ms' },
  ];
}
