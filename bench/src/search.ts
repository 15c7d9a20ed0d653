import type { AssetFilter, AssetSort, Library } from '@focal/library';
import { type Bench, median, percentile, timeEach } from './bench.ts';
import { DRAWN_COUNT, measureDrawn } from './drawn-library.ts';

/** Of each search. */
const RUNS = 8;

/** Three filters each: of things, people, places, dates, cameras, text and what users gave. */
const THREE_FILTERS = [
  'dogs is:favourite 2015',
  'person:"Person 3" dogs 2012..2018',
  'camera:canon rating:4.. dogs',
  'text:sunset dogs color:red',
  'place:switzerland cats is:smiling',
  'cake rating:5 camera:"mi 11"',
  'person:"Person 1" place:"City 7" rating:3..',
  'type:video boats date:2010..2020',
  'box:40,0,45,20 is:favourite dogs',
  'album:Holidays dogs faces:1..',
  'size:>9mb orientation:portrait cars',
  'person:"Person 2" -dogs color:blue',
];
const ROWS = {
  three: 'search with three filters, page of 100, p95',
  worst: 'the slowest of them, median',
  count: 'how many each of them finds, p95',
  sorts: 'everything in each order, page of 100, p95',
  text: 'part of a name, page of 100, p95',
  understand: 'a search as SQL, p95',
  suggest: 'suggestions while typing, p95',
};

/** Searches in a large library in the embedded database. */
export const searchBench: Bench = {
  name: 'search',
  title: `searches in a library of ${DRAWN_COUNT.toLocaleString('en')} drawn photos in the embedded database`,
  rows: Object.values(ROWS),
  run: (context) =>
    measureDrawn(context, async (library, judge) => {
      const three: number[] = [];
      const counts: number[] = [];
      let worst = { search: '', ms: 0 };
      for (const search of THREE_FILTERS) {
        const times = await timeEach(() => find(library, search), RUNS);
        three.push(...times);
        if (median(times) > worst.ms) worst = { search, ms: median(times) };
        const { filter } = await read(library, search);
        counts.push(...(await timeEach(() => library.count(filter), RUNS)));
      }
      const sorts: number[] = [];
      for (const sort of ['newest', 'oldest', 'added', 'name', 'rating', 'size'] as const) {
        sorts.push(...(await timeEach(() => library.list({ sort, limit: 100 }), RUNS)));
      }
      const text = await timeEach((run) => find(library, `"img_0${10 + run}"`), 20);
      const understand = await timeEach((run) => library.understand(THREE_FILTERS[run % 12] ?? ''), 30);
      const suggest = await timeEach(
        (run) => library.suggest('person dogs c'.slice(0, 8 + (run % 6)), 8 + (run % 6)),
        30,
      );
      return [
        judge(ROWS.three, three),
        { name: ROWS.worst, value: worst.ms, unit: 'ms', note: worst.search },
        { name: ROWS.count, value: percentile(counts, 0.95), unit: 'ms' },
        judge(ROWS.sorts, sorts),
        judge(ROWS.text, text),
        judge(ROWS.understand, understand),
        judge(ROWS.suggest, suggest),
      ];
    }),
};

/** As the API answers a page: the text is understood, and what it finds listed. */
async function find(library: Library, search: string): Promise<unknown> {
  return library.list({ ...(await read(library, search)), limit: 100 });
}

async function read(
  library: Library,
  search: string,
): Promise<{ readonly filter: AssetFilter; readonly sort: AssetSort }> {
  const { where, query } = await library.understand(search);
  return { filter: where === undefined ? {} : { where }, sort: query.sort ?? 'newest' };
}
