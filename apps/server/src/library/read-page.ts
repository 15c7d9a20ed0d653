import { type AssetFilter, type AssetPage, type AssetSort, type Library, SORTS } from '@focal/library';
import { toChoice, toSwitch } from '../option-values.ts';
import type { Query } from './read-request.ts';

/** Names of the options that {@link readPage} reads. */
export const PAGE_OPTIONS = ['cursor', 'limit', 'sort', 'count'];
const MOST_COUNTED = 10_000;

interface CountedPage extends AssetPage {
  readonly total?: { readonly count: number; readonly isExact: boolean };
}

/** A page as the options ask for it; the first one with how many there are. */
export async function readPage(
  library: Library,
  query: Query,
  filter: AssetFilter,
  usual: AssetSort = 'newest',
): Promise<CountedPage> {
  const sort = toChoice('sort', SORTS, query.one('sort')) ?? usual;
  const cursor = query.one('cursor');
  const limit = query.whole('limit', 1, 1000);
  const isCounted = toSwitch('count', query.one('count')) ?? true;
  const page = await library.list({
    filter,
    sort,
    ...(cursor !== undefined && { cursor }),
    ...(limit !== undefined && { limit }),
  });
  if (cursor !== undefined || !isCounted) return page;
  // What fits one page is counted by it.
  const total =
    page.next === undefined ? { count: page.assets.length, isExact: true } : await library.count(filter, MOST_COUNTED);
  return { ...page, total };
}
