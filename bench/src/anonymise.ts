import { join } from 'node:path';
import {
  anonymiseNeeds,
  createPicture,
  type Face,
  type HideOptions,
  listAttacked,
  type Picture,
  type Scene,
  toAnonymiseReport,
  toHideOptions,
} from '@focal/core';
import { type Analyser, createAnalyser, describeFace, loadModel, measureLikeness, type Session } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { readAlbum } from './albums.ts';
import { countIdentical } from './anonymise-bits.ts';
import { blurWeakly, hide, type Params, shareCovered, toCoverMask, toParams } from './anonymise-covered.ts';
import { measurePeople, PEOPLE_ROWS } from './anonymise-people.ts';
import {
  atLeast,
  atMost,
  type Bench,
  type BenchContext,
  type BenchResult,
  median,
  percentile,
  timeRuns,
} from './bench.ts';
import { type FacePhoto, readFacePhotos, readPhotosWithoutPeople } from './face-sets.ts';
import { defaultCacheFolder } from './inputs.ts';
import { readPhoto } from './photos.ts';

const STYLES = ['blur', 'mosaic', 'solid'] as const;
const EFFORTS = ['careful', 'fast'] as const;
type Effort = (typeof EFFORTS)[number];

/** A face counts as covered when so much of the ellipse in its marked box, as far as it lies in the photo, is. */
const COVERED = 0.95;
const AREA_GOAL = 2.5;
const PAIRS = 1000;
/** A blur that hides nobody, in sides of the face: what the report has to flag. */
const WEAK_SIGMA = 0.04;
/** Least share of such blurs that are flagged. */
const FLAGGED_GOAL = 0.95;

const IDENTICAL = `same bytes after changes under covers, ${PAIRS} random pairs`;
const STRANGERS = 'likeness of strangers, lfw10x10 even, 95 % are below';
const MEDIAN_STRANGER = 'likeness of strangers, lfw10x10 even, median';
const WEAK = 'weak blurs flagged';
const NO_PEOPLE = 'of photos without people covered';
const FIND = 'careful finding, one photo of 2 MP, one thread';
const RENDER = 'covers of 12 MP, one thread';

const row = {
  missed: (effort: Effort) => `required faces left uncovered, ${effort}`,
  area: (effort: Effort) => `area covered / area of marked faces, ${effort}`,
  noPeople: (effort: Effort) => `${NO_PEOPLE}, ${effort}`,
  heads: 'the same without heads of people whose face was not found',
  above: (style: string) => `covered faces above the impostor range, ${style}`,
  highest: (style: string) => `highest likeness of a covered face, ${style}`,
};

/** Faces hidden: are they all, how much else, and is anything left of them. */
export const anonymiseBench: Bench = {
  name: 'anonymize',
  title: 'Anonymize: faces_annotated and dlib_faces covered, the result attacked, the same bytes whatever is beneath',
  rows: [
    ...EFFORTS.flatMap((effort) => [row.missed(effort), row.area(effort), row.noPeople(effort)]),
    row.heads,
    ...PEOPLE_ROWS,
    IDENTICAL,
    MEDIAN_STRANGER,
    STRANGERS,
    ...STYLES.flatMap((style) => [row.above(style), row.highest(style)]),
    WEAK,
    FIND,
    ...STYLES.map((style) => `${RENDER}, ${style}`),
  ],
  needsData: true,
  async run(context) {
    const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
    const runtime = await createOrtRuntime({ device: 'cpu' });
    const analyser = createAnalyser({ runtime, store });
    try {
      const net = await loadModel(runtime, store, 'face-recognition');
      return [
        ...(await measureCovers(analyser, context)),
        ...(await measurePeople(analyser, context)),
        identical(),
        ...(await measureAttack(analyser, net, context)),
        ...(await time(analyser, context)),
      ];
    } finally {
      await analyser.close();
      await runtime.close();
    }
  },
};

function paramsOf(effort: Effort): Params {
  return toParams({ fast: effort === 'fast' });
}

async function measureCovers(analyser: Analyser, { data = '', log }: BenchContext): Promise<readonly BenchResult[]> {
  const photos = await readFacePhotos(data);
  const results: BenchResult[] = [];
  for (const effort of EFFORTS) {
    const params = paramsOf(effort);
    let [required, missed, covered, marked, withoutHeads] = [0, 0, 0, 0, 0];
    for (const photo of photos) {
      const picture = await readPhoto(photo.image);
      const scene = await analyser.analyse(picture, anonymiseNeeds(params));
      const mask = toCoverMask(picture, scene, params);
      for (const face of photo.faces.filter(({ optional }) => !optional)) {
        required++;
        const share = shareCovered(mask, picture, face.box);
        if (share >= COVERED) continue;
        missed++;
        log(`  ${effort}: ${share.toFixed(2)} of a face of ${photo.image.slice(data.length)} covered`);
      }
      if (!photo.complete) continue;
      marked += sumAreas(photo, picture);
      covered += count(mask);
      if (effort === 'careful') withoutHeads += count(toCoverMask(picture, dropHeads(scene), params));
    }
    const judge = effort === 'careful' ? atMost : plain;
    results.push(judge(row.missed(effort), missed, 0, 'faces', `of ${required}`));
    results.push(judge(row.area(effort), covered / marked, AREA_GOAL, 'ratio', `${photos.length} photos`));
    if (effort === 'careful') results.push({ name: row.heads, value: withoutHeads / marked, unit: 'ratio' });
    results.push(await measureWithoutPeople(analyser, data, effort));
  }
  return results;
}

/** The area of all marked faces, as far as they lie in the photo. */
function sumAreas({ faces }: FacePhoto, { width, height }: Picture): number {
  return faces.reduce((sum, { box }) => {
    const across = Math.min(width, box.x + box.width) - Math.max(0, box.x);
    const down = Math.min(height, box.y + box.height) - Math.max(0, box.y);
    return sum + Math.max(0, across) * Math.max(0, down);
  }, 0);
}

function dropHeads(scene: Scene): Scene {
  const { possibleFaces } = scene;
  if (possibleFaces === undefined) return scene;
  const places = possibleFaces.places.filter(({ basis }) => basis === 'face');
  return { ...scene, possibleFaces: { ...possibleFaces, places } };
}

function count(mask: Uint8Array): number {
  return mask.reduce((sum, each) => sum + each, 0);
}

async function measureWithoutPeople(analyser: Analyser, data: string, effort: Effort): Promise<BenchResult> {
  const paths = await readPhotosWithoutPeople(data);
  let share = 0;
  for (const path of paths) {
    const picture = await readPhoto(path);
    const params = paramsOf(effort);
    const scene = await analyser.analyse(picture, anonymiseNeeds(params));
    share += count(toCoverMask(picture, scene, params)) / (picture.width * picture.height);
  }
  const name = row.noPeople(effort);
  return { name, value: share / paths.length, unit: 'share', note: `${paths.length} photos` };
}

function identical(): BenchResult {
  const { same, covered } = countIdentical(PAIRS);
  return atLeast(IDENTICAL, same, PAIRS, 'pairs', `${covered} covered pixels`);
}

/** A face with what the report compares it with. */
interface Attacked {
  readonly who: string;
  readonly picture: Picture;
  readonly scene: Scene;
  readonly face: Face;
  readonly nothing: Picture;
}

/** Impostors on the even photos of the album; covers and weak blurs on the odd ones, and on the marked faces. */
async function measureAttack(
  analyser: Analyser,
  net: Session,
  { data = '' }: BenchContext,
): Promise<readonly BenchResult[]> {
  const album = await readAlbum(join(data, 'lfw10x10'));
  const even = await readAttacked(
    analyser,
    album.filter((_, i) => i % 2 === 0),
  );
  const strangers = await compareStrangers(net, even);
  const group = (await readFacePhotos(data)).map(({ image }) => ({ who: image, path: image }));
  const test = [
    ...(await readAttacked(
      analyser,
      album.filter((_, i) => i % 2 === 1),
    )),
    ...(await readAttacked(analyser, group)),
  ];
  const results: BenchResult[] = [
    { name: MEDIAN_STRANGER, value: median(strangers), unit: 'likeness', note: `${strangers.length} pairs` },
    { name: STRANGERS, value: percentile(strangers, 0.95), unit: 'likeness' },
  ];
  const verdictOf = async ({ picture, scene, face, nothing }: Attacked, result: Picture) => {
    const similarity = await measureLikeness(net, { original: picture, result, nothing }, face.points);
    const places = listAttacked(scene, [{ kind: 'face', face }]);
    const options = { hide: 'faces', outline: 'hull', unsure: true, strays: 0 } as const;
    return { similarity, ...toAnonymiseReport(scene, places, [{ found: false, similarity }], options) };
  };
  for (const style of STYLES) {
    const likeness: number[] = [];
    let failed = 0;
    let last: { readonly picture: Picture; readonly result: Picture } | undefined;
    for (const each of test) {
      const { picture, scene } = each;
      const result = last?.picture === picture ? last.result : hide(picture, scene, toParams({ style }));
      last = { picture, result };
      const { similarity, verdict } = await verdictOf(each, result);
      likeness.push(similarity);
      if (verdict === 'failed') failed++;
    }
    const note = `of ${test.length}, ${likeness.filter((value) => value > percentile(strangers, 0.5)).length} above the median`;
    results.push(atMost(row.above(style), failed, 0, 'faces', note));
    results.push({ name: row.highest(style), value: Math.max(...likeness), unit: 'likeness' });
  }
  let flagged = 0;
  for (const each of test) {
    const { picture, scene, face } = each;
    const side = Math.max(face.box.width * picture.width, face.box.height * picture.height);
    const blurred = await blur(picture, WEAK_SIGMA * side);
    const options: HideOptions = {
      ...toHideOptions(toParams({}), undefined),
      unsure: false,
      selection: { subjects: [], faces: [face] },
    };
    const { verdict } = await verdictOf(each, blurWeakly(picture, blurred, scene, options));
    if (verdict !== 'safe') flagged++;
  }
  const note = `${flagged} of ${test.length}, σ ${WEAK_SIGMA * 100} % of the face`;
  results.push(atLeast(WEAK, flagged / test.length, FLAGGED_GOAL, 'share', note));
  return results;
}

async function readAttacked(
  analyser: Analyser,
  photos: readonly { readonly who: string; readonly path: string }[],
): Promise<readonly Attacked[]> {
  const attacked: Attacked[] = [];
  for (const { who, path } of photos) {
    const picture = await readPhoto(path);
    const scene = await analyser.analyse(picture, ['faces', 'possible-faces']);
    const nothing = hide(picture, scene, toParams({ style: 'solid', color: '#808080' }));
    const faces = scene.faces?.faces ?? [];
    // Of an album's photos the largest, who it is of.
    for (const face of who === path ? faces : faces.slice(0, 1)) attacked.push({ who, picture, scene, face, nothing });
  }
  return attacked;
}

/** How much strangers have of each other, measured as the report does: with the stranger's face in place of the result. */
async function compareStrangers(net: Session, all: readonly Attacked[]): Promise<readonly number[]> {
  const own = await Promise.all(all.map(({ picture, face }) => describeFace(net, picture, face)));
  const likeness: number[] = [];
  for (const [i, one] of all.entries()) {
    const base = await describeFace(net, one.nothing, one.face);
    const who = own[i] as Float32Array;
    const square = dot(who, who, base);
    for (const [j, other] of all.entries()) {
      if (other.who !== one.who) likeness.push(dot(who, own[j] as Float32Array, base) / square);
    }
  }
  return likeness;
}

/** The product of what two vectors are beside a third. */
function dot(a: Float32Array, b: Float32Array, base: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - (base[i] as number)) * ((b[i] as number) - (base[i] as number)), 0);
}

async function blur({ width, height, data }: Picture, sigma: number): Promise<Picture> {
  const blurred = await sharp(data, { raw: { width, height, channels: 4 } })
    .blur(Math.max(0.3, sigma))
    .raw()
    .toBuffer();
  return createPicture(width, height, { data: blurred });
}

async function time(analyser: Analyser, { inputs }: BenchContext): Promise<readonly BenchResult[]> {
  const finding: number[] = [];
  for (const { path } of await inputs.photos2mp(3)) {
    const picture = await readPhoto(path);
    const known = await analyser.analyse(picture, ['objects', 'faces']);
    finding.push(...(await timeRuns(() => analyser.analyse(picture, ['possible-faces'], { known }), { runs: 2 })));
  }
  const picture = await readPhoto((await inputs.photo12mp()).path);
  const scene = await analyser.analyse(picture, ['faces', 'possible-faces']);
  const results: BenchResult[] = [{ name: FIND, value: median(finding), unit: 'ms' }];
  for (const style of STYLES) {
    const params = toParams({ style });
    const times = await timeRuns(async () => hide(picture, scene, params), { runs: 3 });
    results.push({ name: `${RENDER}, ${style}`, value: median(times), unit: 'ms' });
  }
  return results;
}

function plain(name: string, value: number, _limit: number, unit: string, note?: string): BenchResult {
  return { name, value, unit, ...(note !== undefined && { note }) };
}
