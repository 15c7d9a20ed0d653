import { FocalError } from '@focal/core';
import { Hono } from 'hono';
import { toNumber, unexpected } from '../option-values.ts';
import type { LibraryDoor } from './door.ts';
import { PAGE_OPTIONS, readPage } from './read-page.ts';
import { FILTER_OPTIONS, type Query, REPEATABLE_FILTERS, readFilter, readQuery, toBounds } from './read-request.ts';

const LONGEST = 2000;

/** `/v1/library/search…`, `/places` and `/map`. */
export function searchRoutes(door: LibraryDoor): Hono {
  const app = new Hono();
  app.get('/v1/library/search', async (context) => {
    const query = readQuery(context, ['q', ...PAGE_OPTIONS, ...FILTER_OPTIONS], REPEATABLE_FILTERS);
    const filter = readFilter(query);
    const library = await door.open();
    const { where, parts, query: understood } = await library.understand(query.one('q') ?? '');
    const page = await readPage(
      library,
      query,
      { ...filter, ...(where !== undefined && { where }) },
      understood.sort ?? 'newest',
    );
    // Later pages are of the same search.
    return context.json(query.one('cursor') === undefined ? { ...page, parts } : page);
  });
  app.get('/v1/library/search/suggest', async (context) => {
    const query = readQuery(context, ['q', 'at', 'limit']);
    const text = query.one('q') ?? '';
    if (text.length > LONGEST) {
      throw new FocalError('invalid-argument', `Expected at most ${LONGEST} letters for q, got ${text.length}.`);
    }
    const at = query.whole('at', 0, text.length) ?? text.length;
    return context.json(await (await door.open()).suggest(text, at, query.whole('limit', 1, 50)));
  });
  app.get('/v1/library/places', async (context) => context.json({ places: await (await door.open()).places() }));
  app.get('/v1/library/map', async (context) => {
    const query = readQuery(context, ['q', 'within', 'cell', ...FILTER_OPTIONS], REPEATABLE_FILTERS);
    const filter = readFilter(query);
    const within = toBounds(query.one('within'), 'within');
    const cellDeg = toCell(query);
    const library = await door.open();
    const { where } = await library.understand(query.one('q') ?? '');
    const cells = await library.map({
      filter: { ...filter, ...(where !== undefined && { where }) },
      cellDeg,
      ...(within !== undefined && { bounds: within }),
    });
    return context.json({ cells });
  });
  return app;
}

/** Degrees. */
function toCell(query: Query): number {
  const text = query.one('cell');
  if (text === undefined) throw unexpected('a number of degrees for cell', 'nothing');
  return toNumber('cell', text, { min: 0.00001, max: 90 }) as number;
}
