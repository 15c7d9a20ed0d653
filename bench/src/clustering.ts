import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createPeople, type NewFace, type People } from '@focal/core';
import type { Session } from '@focal/models';
import { ALBUMS, type Album, type AlbumFace, describeAlbum } from './albums.ts';
import { atLeast, atMost, type Bench, type BenchContext, type BenchResult } from './bench.ts';
import { bcubedF1, type Grouped } from './cluster-measures.ts';
import { createMainFaceFinder, createModelLoader, type FindMainFace } from './main-face.ts';
import type { ManyFacesResult } from './many-faces.child.ts';

/** BCubed F1 that each album has to reach. */
const GOALS: Readonly<Record<string, number>> = { lfw10x10: 0.97, johns: 0.97, bbt: 0.9 };
const MANY = '100,000 drawn faces of 5,000 people';
const FEW = '20,000 drawn faces of 1,000 people';

const ROWS = {
  scratch: `${MANY}, from scratch`,
  memory: `${MANY}, peak memory`,
  more: `one more face beside ${MANY}, 99th percentile`,
  quality: `${MANY}, BCubed F1`,
  atOnce: `${FEW}, pairwise F1 at once`,
  apart: `the same one by one, how far from it`,
};

/** Who is who without being told: our own models' faces of real people, and many drawn ones. */
export const clusteringBench: Bench = {
  name: 'clustering',
  title: 'people found in lfw10x10, dlib_faces johns and bbt_faces, and in many drawn faces',
  rows: [...ALBUMS.flatMap(({ name }) => [`${name}, BCubed F1`, `${name}, people`]), ...Object.values(ROWS)],
  needsData: true,
  async run(context) {
    const loader = await createModelLoader();
    const results: BenchResult[] = [];
    try {
      const find = await createMainFaceFinder(loader);
      const net = await loader.load('face-recognition');
      for (const album of ALBUMS) results.push(...(await measureAlbum(album, find, net, context)));
    } finally {
      await loader.close();
    }
    const many = await runChild('100000', '5000', 'at-once');
    const few = await runChild('20000', '1000', 'at-once');
    const oneByOne = await runChild('20000', '1000', 'one-by-one');
    const clock = `processor time; ${many.wallS.toFixed(0)} s on the clock`;
    return [
      ...results,
      atMost(ROWS.scratch, many.processorS, 60, 's', clock),
      atMost(ROWS.memory, many.peakMb, 1000, 'MB', 'with the process and the faces handed in'),
      atMost(ROWS.more, many.moreMs, 10, 'ms', 'processor time'),
      { name: ROWS.quality, value: many.bcubed, unit: 'F1', note: `${many.people} people` },
      { name: ROWS.atOnce, value: few.pairwise, unit: 'F1', note: `${few.people} people` },
      atMost(ROWS.apart, Math.abs(few.pairwise - oneByOne.pairwise), 0.01, 'F1', `${oneByOne.people} people`),
    ];
  },
};

async function measureAlbum(
  album: Album,
  find: FindMainFace,
  net: Session,
  { data = '' }: BenchContext,
): Promise<readonly BenchResult[]> {
  const { faces } = await describeAlbum(data, album, find, net);
  const people = createPeople();
  people.add(faces.map(({ vector }, i): NewFace => ({ id: String(i), photo: String(i), vector, quality: 0.7 })));
  const count = people.list().length;
  const truth = new Set(faces.map(({ who }) => who)).size;
  return [
    atLeast(`${album.name}, BCubed F1`, bcubedF1(group(people, faces)), GOALS[album.name] ?? 1, 'F1'),
    {
      name: `${album.name}, people`,
      value: count,
      unit: 'people',
      goal: `${truth} ± 1`,
      ok: Math.abs(count - truth) <= 1,
    },
  ];
}

function group(people: People, faces: readonly AlbumFace[]): readonly Grouped[] {
  return faces.map(({ who }, i) => ({ group: people.face(String(i)).person || `alone ${i}`, truth: who }));
}

async function runChild(...args: readonly string[]): Promise<ManyFacesResult> {
  const script = new URL('./many-faces.child.js', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
  return JSON.parse(stdout) as ManyFacesResult;
}
