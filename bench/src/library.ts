import type { AssetFilter, Library } from '@focal/library';
import { type Bench, median, timeEach, withinMs } from './bench.ts';
import { DRAWN_COUNT, measureDrawn } from './drawn-library.ts';
import { measureLibraryPage } from './library-page.ts';

const RUNS = 60;
const [OPENED_MS, BLANK_MS] = [1000, 100];
const ROWS = {
  grid: 'grid page, p95',
  deep: 'grid page in the middle, p95',
  month: 'month of the timeline, p95',
  person: 'page of a person, p95',
  album: 'page of an album, p95',
  places: 'list of places, median',
  map: 'map of the earth, median',
  opened: 'page in the browser, until photos are seen, median',
  blank: 'longest that a row in sight is without photos while the page is scrolled',
  jumped: 'jump to a far month, until photos are seen, median',
};

/** Pages of a large library in the embedded database, and the page that shows them. */
export const libraryBench: Bench = {
  name: 'library',
  title: `pages of a library of ${DRAWN_COUNT.toLocaleString('en')} drawn photos in the embedded database, and in Chromium`,
  rows: Object.values(ROWS),
  run: (context) =>
    measureDrawn(context, async (library, judge) => {
      const p95 = async (name: string, work: (run: number) => Promise<unknown>) =>
        judge(name, await timeEach(work, RUNS));
      const middle = (await library.list({ filter: { to: Date.UTC(2014, 0) }, limit: 1 })).next ?? '';
      const people = await Promise.all(
        Array.from({ length: 20 }, async (_, at) => (await library.understand(`person:"Person ${1 + at * 3}"`)).where),
      );
      const answers = [
        await p95(ROWS.grid, () => library.list({ limit: 100 })),
        await p95(ROWS.deep, () => library.list({ limit: 100, cursor: middle })),
        await p95(ROWS.month, (run) => library.list({ limit: 500, filter: monthOf(run) })),
        await p95(ROWS.person, (run) => {
          const where = people[run % people.length];
          return library.list({ limit: 100, filter: where === undefined ? {} : { where } });
        }),
        await p95(ROWS.album, (run) => albumPage(library, run)),
        { name: ROWS.places, value: median(await timeEach(() => library.places(), 10)), unit: 'ms' },
        { name: ROWS.map, value: median(await timeEach(() => library.map({ cellDeg: 5 }), 10)), unit: 'ms' },
      ];
      const calibration = await context.calibrate();
      const { openedMs, blankMs, jumpedMs } = await measureLibraryPage(library);
      return [
        ...answers,
        withinMs(ROWS.opened, openedMs, OPENED_MS, calibration),
        withinMs(ROWS.blank, blankMs, BLANK_MS, calibration),
        { name: ROWS.jumped, value: jumpedMs, unit: 'ms' },
      ];
    }),
};

function monthOf(run: number): AssetFilter {
  return { from: Date.UTC(2005 + (run % 18), run % 12), to: Date.UTC(2005 + (run % 18), (run % 12) + 1) };
}

async function albumPage(library: Library, run: number): Promise<unknown> {
  return library.listByIds(await library.albums.listAssets(1, (run % 40) * 100, 100));
}
