import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LibraryApi, ListOptions } from '../api/api.ts';
import type { AssetPage, AssetSummary } from '../api/types.ts';
import { groupByMonth, mapAssets, type Section, toMonthTitle } from './section.ts';

export interface ListState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly sections: readonly Section[];
  /** Why it failed, for people. */
  readonly problem?: string | undefined;
  /** How many there are in all; at least so many where it is not exact. */
  readonly total: { readonly count: number; readonly isExact: boolean };
}

/** Photos and videos of a view, loaded as they are looked at. */
export interface AssetList {
  readonly store: StoreApi<ListState>;
  /** Whether its months are known from the start, so that one can go to any of them. */
  readonly isTimeline: boolean;
  /** Loads more of a section; resolves at once where all of it is there. */
  readonly load: (key: string) => Promise<void>;
  /**
   * Asks again for what is shown; what was loaded stays until the answer is there.
   *
   * @param isWhole also for months in which nothing came or went
   */
  readonly refresh: (isWhole?: boolean) => Promise<void>;
  readonly change: (ids: ReadonlySet<number>, change: (asset: AssetSummary) => AssetSummary | undefined) => void;
  /** Shows what is loaded in this order; there only of lists that have one of their own. */
  readonly arrange?: (ids: readonly number[]) => void;
}

const EMPTY: ListState = { phase: 'loading', sections: [], total: { count: 0, isExact: true } };

/** Everything by months, each loaded when it comes into sight. */
export function createTimeline(api: LibraryApi, describe: (error: unknown) => string): AssetList {
  const store = createStore<ListState>()(() => EMPTY);
  const loading = new Map<string, Promise<void>>();
  const cursors = new Map<string, string>();

  const readMonth = (key: string, cursor?: string): Promise<AssetPage> =>
    api.search({ from: key, to: key, count: 'false', ...(cursor !== undefined && { cursor }) });
  const put = (key: string, change: (section: Section) => Section): void => {
    store.setState(({ sections }) => ({
      sections: sections.map((section) => (section.key === key ? change(section) : section)),
    }));
  };
  const loadMore = async (key: string): Promise<void> => {
    const section = store.getState().sections.find((each) => each.key === key);
    if (section === undefined || section.assets.length >= section.count) return;
    const page = await readMonth(key, section.assets.length === 0 ? undefined : cursors.get(key));
    setCursor(key, page.next);
    put(key, (now) => {
      const assets = now.assets.length === section.assets.length ? [...now.assets, ...page.assets] : now.assets;
      return { ...now, assets, count: page.next === undefined ? assets.length : Math.max(now.count, assets.length) };
    });
  };
  const setCursor = (key: string, next: string | undefined): void => {
    if (next === undefined) cursors.delete(key);
    else cursors.set(key, next);
  };
  const load = (key: string): Promise<void> => {
    const running = loading.get(key);
    if (running !== undefined) return running;
    const started = loadMore(key).finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  };
  /** A month that changed, as far as it was loaded. */
  const reload = async (section: Section): Promise<void> => {
    const assets: AssetSummary[] = [];
    let next: string | undefined;
    do {
      const page: AssetPage = await readMonth(section.key, next);
      assets.push(...page.assets);
      next = page.next;
    } while (next !== undefined && assets.length < section.assets.length);
    setCursor(section.key, next);
    put(section.key, (now) => ({
      ...now,
      assets,
      count: next === undefined ? assets.length : Math.max(now.count, assets.length),
    }));
  };
  const refresh = async (isWhole = false): Promise<void> => {
    try {
      const months = await api.timeline();
      await Promise.allSettled(loading.values());
      const before = new Map(store.getState().sections.map((section) => [section.key, section]));
      const sections = months.map(({ month: key, count }): Section => {
        const known = before.get(key);
        if (known === undefined) return { key, title: toMonthTitle(key), count, assets: [] };
        return known.count === count ? known : { ...known, count: Math.max(count, known.assets.length) };
      });
      const count = months.reduce((sum, month) => sum + month.count, 0);
      store.setState({ phase: 'ready', sections, problem: undefined, total: { count, isExact: true } });
      const stale = sections.filter((section) => {
        const known = before.get(section.key);
        if (known === undefined || known.assets.length === 0) return false;
        const now = months.find(({ month }) => month === section.key)?.count;
        return isWhole || known.count !== now || known.assets.some(({ isIndexed }) => !isIndexed);
      });
      for (const section of stale) await reload(section);
    } catch (error) {
      store.setState(({ phase }) => (phase === 'ready' ? {} : { phase: 'failed', problem: describe(error) }));
    }
  };
  return {
    store,
    isTimeline: true,
    load,
    refresh,
    change: (ids, change) => changeList(store, ids, change),
  };
}

/** One page of a list: `next` is handed to the next call. */
type ReadPage<T> = (next?: T) => Promise<{
  readonly assets: readonly AssetSummary[];
  readonly next?: T | undefined;
  readonly total?: ListState['total'] | undefined;
}>;

/** Orders in which months follow each other. */
const BY_TIME = ['newest', 'oldest'];

/** What a search finds, page by page; in groups of months where it is in an order of time. */
export function createSearchList(
  api: LibraryApi,
  options: ListOptions,
  describe: (error: unknown) => string,
): AssetList {
  let isByTime = true;
  return createPagedList<string>(
    async (cursor) => {
      if (cursor !== undefined) return api.search({ ...options, cursor });
      const page = await api.search({ ...options, count: 'false' });
      const sort = page.parts?.find(({ kind }) => kind === 'sort')?.chip.replace('sort:', '');
      isByTime = sort === undefined || BY_TIME.includes(sort);
      return page;
    },
    (assets) => (isByTime ? groupByMonth(assets) : inOne(assets)),
    describe,
    // Counting takes longer than a page.
    async () => (await api.search({ ...options, limit: 1 })).total,
  );
}

/** Photos and videos that show a person, page by page in groups of months. */
export function createPersonList(api: LibraryApi, id: number, describe: (error: unknown) => string): AssetList {
  return createPagedList<string>(
    (cursor) => api.people.photos(id, { ...(cursor !== undefined && { cursor }) }),
    groupByMonth,
    describe,
  );
}

/** An album in its own order. */
export function createAlbumList(
  api: LibraryApi,
  id: number,
  total: ListState['total'],
  describe: (error: unknown) => string,
): AssetList {
  const list = createPagedList<number>(
    async (offset = 0) => {
      const { assets, nextOffset } = await api.albumAssets(id, offset);
      const all = nextOffset === undefined ? { count: offset + assets.length, isExact: true } : total;
      return { assets, next: nextOffset, ...(offset === 0 && { total: all }) };
    },
    inOne,
    describe,
  );
  return {
    ...list,
    arrange(ids) {
      const place = new Map(ids.map((each, index) => [each, index]));
      const placeOf = (asset: AssetSummary): number => place.get(asset.id) ?? ids.length;
      list.store.setState(({ sections }) => ({
        sections: sections.map((section) => ({
          ...section,
          assets: [...section.assets].sort((a, b) => placeOf(a) - placeOf(b)),
        })),
      }));
    },
  };
}

function inOne(assets: readonly AssetSummary[]): readonly Section[] {
  return assets.length === 0 ? [] : [{ key: 'all', title: '', count: assets.length, assets }];
}

/** The key of the section that stands for what is not loaded yet. */
const REST = 'rest';

function createPagedList<T>(
  read: ReadPage<T>,
  group: (assets: readonly AssetSummary[]) => readonly Section[],
  describe: (error: unknown) => string,
  count?: () => Promise<ListState['total'] | undefined>,
): AssetList {
  const store = createStore<ListState>()(() => EMPTY);
  let next: T | undefined;
  let running: Promise<void> | undefined;

  const loaded = (): readonly AssetSummary[] => store.getState().sections.flatMap(({ assets }) => assets);
  const show = (assets: readonly AssetSummary[], total: ListState['total']): void => {
    const rest = next === undefined ? 0 : Math.max(1, total.count - assets.length);
    const sections = [...group(assets), ...(rest > 0 ? [{ key: REST, title: '', count: rest, assets: [] }] : [])];
    store.setState({ phase: 'ready', problem: undefined, sections, total });
  };
  const loadMore = async (): Promise<void> => {
    if (next === undefined) return;
    const page = await read(next);
    next = page.next;
    const assets = [...loaded(), ...page.assets];
    const { total } = store.getState();
    show(assets, next === undefined ? { count: assets.length, isExact: true } : total);
  };
  const alone = (work: () => Promise<void>): Promise<void> => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
  const reload = async (): Promise<void> => {
    const wanted = Math.max(1, loaded().length);
    try {
      const first = await read();
      const assets = [...first.assets];
      next = first.next;
      while (next !== undefined && assets.length < wanted) {
        const page = await read(next);
        assets.push(...page.assets);
        next = page.next;
      }
      show(assets, first.total ?? { count: assets.length, isExact: next === undefined });
      if (next === undefined || first.total !== undefined || count === undefined) return;
      const total = await count();
      if (total !== undefined) show(loaded(), total);
    } catch (error) {
      store.setState(({ phase }) => (phase === 'ready' ? {} : { phase: 'failed', problem: describe(error) }));
    }
  };
  return {
    store,
    isTimeline: false,
    load: (key) => (key === REST ? alone(loadMore) : Promise.resolve()),
    async refresh() {
      await running?.catch(() => undefined);
      await alone(reload);
    },
    change: (ids, change) => changeList(store, ids, change),
  };
}

function changeList(
  store: StoreApi<ListState>,
  ids: ReadonlySet<number>,
  change: (asset: AssetSummary) => AssetSummary | undefined,
): void {
  store.setState(({ sections, total }) => {
    const changed = mapAssets(sections, ids, change);
    const sum = (all: readonly Section[]): number => all.reduce((count, { assets }) => count + assets.length, 0);
    return { sections: changed, total: { ...total, count: total.count - sum(sections) + sum(changed) } };
  });
}
