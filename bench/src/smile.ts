import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readExpression } from '@focal/models';
import { atLeast, type Bench, type BenchContext, type BenchResult, median, timeRuns } from './bench.ts';
import { parseCsv } from './eval-sets.ts';
import { createMainFaceFinder, createModelLoader, type FindMainFace } from './main-face.ts';
import { readPhoto } from './photos.ts';
import { readPlainSmile } from './plain-smile.ts';
import { aucError, aucWithoutWorst, balancedAccuracy, type Judged, rocAuc } from './ranking.ts';

/** A cut-out face that people said smiles or does not. */
interface SmilePhoto {
  readonly path: string;
  readonly smiles: boolean;
  /** Place in the sorted list of its kind: even ones to tune on, odd ones to report on. */
  readonly index: number;
}

const SETS = [
  { name: 'smiles1000', goal: 0.94, list: readSorted },
  { name: 'expressions_mux', goal: 0.97, list: readLabelled },
] as const;

/** From here on a face is said to smile. */
const SMILES = 0.5;
const SPEED = 'expression of a face';

/** How sure two readings of a face are that it smiles; nothing where no face was found. */
type ReadSmile = (path: string) => Promise<{ readonly ours: number; readonly plain: number } | undefined>;

export const smileBench: Bench = {
  name: 'smile',
  title: 'Who smiles: smiles1000, and happiness against the rest of expressions_mux',
  rows: [
    ...SETS.flatMap(({ name }) => [
      `${name}, smile AUC, odd`,
      `${name}, smile AUC, even`,
      `${name}, smile AUC, all`,
      `${name}, smile AUC beyond the plain mean of both nets, odd`,
      `${name}, balanced accuracy at ${SMILES}, odd`,
    ]),
    SPEED,
  ],
  needsData: true,
  async run(context) {
    const loader = await createModelLoader();
    try {
      const find = await createMainFaceFinder(loader);
      const sessions = { expression: await loader.load('face-expression'), emotion: await loader.load('emotion') };
      const read: ReadSmile = async (path) => {
        const picture = await readPhoto(path);
        const face = await find(picture, 'tight');
        if (face === undefined) return undefined;
        const { smile } = await readExpression(sessions, picture, face);
        return { ours: smile, plain: await readPlainSmile(sessions, picture, face.box) };
      };
      const results: BenchResult[] = [];
      for (const { name, goal, list } of SETS) {
        results.push(...(await measure(name, goal, await list(join(context.data ?? '', name)), read)));
      }
      results.push(await time(find, sessions, context));
      return results;
    } finally {
      await loader.close();
    }
  },
};

async function measure(
  name: string,
  goal: number,
  photos: readonly SmilePhoto[],
  read: ReadSmile,
): Promise<readonly BenchResult[]> {
  const halves: [Judged[], Judged[]] = [[], []];
  const plain: Judged[] = [];
  let missing = 0;
  for (const { path, smiles, index } of photos) {
    const scores = await read(path);
    if (scores === undefined) {
      missing++;
      continue;
    }
    (index % 2 === 0 ? halves[0] : halves[1]).push({ score: scores.ours, positive: smiles });
    if (index % 2 === 1) plain.push({ score: scores.plain, positive: smiles });
  }
  const [even, odd] = halves;
  const both = [...even, ...odd];
  const beside = `the plain mean on the same faces: ${rocAuc(plain).toFixed(3)}`;
  const smiling = odd.filter(({ positive }) => positive).length;
  const without = `${aucWithoutWorst(odd).toFixed(3)} without the one that costs most`;
  const note = `± ${aucError(odd).toFixed(3)}, ${odd.length} faces, ${smiling} smile; ${without}; ${missing} not found in all`;
  return [
    atLeast(`${name}, smile AUC, odd`, rocAuc(odd), goal, 'AUC', note),
    { name: `${name}, smile AUC, even`, value: rocAuc(even), unit: 'AUC' },
    { name: `${name}, smile AUC, all`, value: rocAuc(both), unit: 'AUC', note: `± ${aucError(both).toFixed(3)}` },
    atLeast(
      `${name}, smile AUC beyond the plain mean of both nets, odd`,
      rocAuc(odd) - rocAuc(plain),
      0,
      'AUC',
      beside,
    ),
    { name: `${name}, balanced accuracy at ${SMILES}, odd`, value: balancedAccuracy(odd, SMILES), unit: 'share' },
  ];
}

/** Folders `smile` and `nosmile`. */
async function readSorted(folder: string): Promise<readonly SmilePhoto[]> {
  const photos: SmilePhoto[] = [];
  for (const kind of ['smile', 'nosmile']) {
    const names = (await readdir(join(folder, kind))).sort();
    names.forEach((name, index) => photos.push({ path: join(folder, kind, name), smiles: kind === 'smile', index }));
  }
  return photos;
}

/** A table of images and emotions, of which some are there. */
async function readLabelled(folder: string): Promise<readonly SmilePhoto[]> {
  const there = new Set(await readdir(join(folder, 'images')));
  return parseCsv(await readFile(join(folder, 'labels.csv'), 'utf8'))
    .filter(({ image }) => there.has(image ?? ''))
    .sort((a, b) => ((a.image ?? '') < (b.image ?? '') ? -1 : 1))
    .map(({ image = '', emotion }, index) => ({
      path: join(folder, 'images', image),
      smiles: emotion === 'happiness',
      index,
    }));
}

async function time(
  find: FindMainFace,
  sessions: Parameters<typeof readExpression>[0],
  { inputs }: BenchContext,
): Promise<BenchResult> {
  const times: number[] = [];
  for (const { path } of await inputs.photos2mp(4)) {
    const picture = await readPhoto(path);
    const face = await find(picture, 'loose');
    if (face === undefined) continue;
    times.push(...(await timeRuns(() => readExpression(sessions, picture, face), { runs: 6 })));
  }
  return { name: SPEED, value: median(times), unit: 'ms' };
}
