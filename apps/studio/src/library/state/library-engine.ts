import { FocalError } from '@focal/core';
import type { Tabs } from '../../state/tabs.ts';
import { changedPart, moveBefore } from '../albums/move-in-album.ts';
import { EVENTS_URL, type LibraryApi } from '../api/api.ts';
import type { AssetChange, AssetSummary, LibraryProgress } from '../api/types.ts';
import {
  type AssetList,
  createAlbumList,
  createPersonList,
  createSearchList,
  createTimeline,
} from '../list/asset-list.ts';
import { findAsset, toMonth } from '../list/section.ts';
import { type Place, toAddress } from '../place/place.ts';
import { createUploads, type Uploads } from '../upload/uploads.ts';
import { describeError } from './describe-error.ts';
import { type LibraryStore, NOTHING } from './library-store.ts';
import { createNavigation, type Navigation } from './navigation.ts';

/** What the page can ask for. Lives as long as the page. Problems go to the store. */
export interface LibraryEngine extends Navigation {
  readonly api: LibraryApi;
  readonly tabs: Tabs;
  readonly uploads: Uploads;
  /** Tries again what failed at the start. */
  readonly start: () => Promise<void>;
  /** The photo before or after one in the view, which may have to be loaded. */
  readonly neighbour: (id: number, by: 1 | -1) => Promise<AssetSummary | undefined>;
  /** One of the view, looked up at the server where it is not loaded. Throws what the server gave. */
  readonly find: (id: number) => Promise<AssetSummary>;
  readonly toggle: (id: number) => void;
  /** All from where the last one was taken to this one. */
  readonly selectTo: (id: number) => Promise<void>;
  /** All of a section, or none where all of it is selected. */
  readonly selectSection: (key: string) => Promise<void>;
  readonly clearSelection: () => void;
  readonly setFavourite: (ids: readonly number[], isFavourite: boolean) => Promise<void>;
  /** Rating and caption of one; false where it failed. */
  readonly change: (id: number, change: AssetChange) => Promise<boolean>;
  readonly trash: (ids: readonly number[]) => Promise<void>;
  readonly restore: (ids: readonly number[]) => Promise<void>;
  readonly addToAlbum: (
    album: { readonly id: number; readonly name: string },
    ids: readonly number[],
  ) => Promise<boolean>;
  readonly createAlbum: (name: string, ids: readonly number[]) => Promise<boolean>;
  /** Keeps a search as a smart album. */
  readonly saveSearch: (name: string, search: string) => Promise<boolean>;
  /** What a smart album searches for. */
  readonly changeSearch: (albumId: number, search: string) => Promise<boolean>;
  readonly removeFromAlbum: (ids: readonly number[]) => Promise<void>;
  /** Moves photos of the album that is open before another of its, or to the end of what is loaded. */
  readonly moveInAlbum: (ids: readonly number[], before: number | undefined) => Promise<void>;
  /** The photo that follows in what is shown, as far as it is loaded. */
  readonly nextInAlbum: (id: number) => number | undefined;
  /** Has a photo stand for the album that is open. */
  readonly useAsCover: (id: number) => Promise<void>;
  /** Puts an album before another one, or at the end. */
  readonly moveAlbum: (id: number, before: number | undefined) => Promise<void>;
  readonly loadAlbums: () => Promise<void>;
  /** Shows the place anew: who may see it is another matter now. */
  readonly reopen: () => Promise<void>;
  /** Lists what a search finds beside what the view shows; gives what ends it. */
  readonly showSearch: (search: string) => () => void;
  readonly setPaused: (isPaused: boolean) => Promise<void>;
  readonly refresh: () => Promise<void>;
  /** Runs what may fail; tells why it did. False then. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<boolean>;
  /**
   * An action with people: told with a way back, then everything that shows people is asked for again. Only the last one
   * can be taken back, so what is told takes the place of what was told before.
   *
   * @param onUndone after it was taken back
   */
  readonly actOnPeople: (
    text: string,
    work: () => Promise<{ readonly action: number }>,
    onUndone?: () => void,
  ) => Promise<boolean>;
}

const REFRESH_MS = 1500;
/** What another tab does in one go comes as several news. */
const NEWS_MS = 200;

export function startLibraryEngine(store: LibraryStore, api: LibraryApi, tabs: Tabs): LibraryEngine {
  const navigation = createNavigation(store, window);
  const { toast } = store.getState();
  let timeline: AssetList | undefined;
  let shown = '';
  let events: EventSource | undefined;
  let refreshing: ReturnType<typeof setTimeout> | undefined;

  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      toast('error', describeError(error));
      return false;
    }
  };

  const openAlbum = async (id: number): Promise<AssetList | undefined> => {
    const album = await api.album(id);
    store.setState({ album });
    if (album.isLocked) return undefined;
    return createAlbumList(api, id, { count: album.count, isExact: album.isExact }, describeError);
  };
  const makeList = async ({ view, albumId, personId, search }: Place): Promise<AssetList | undefined> => {
    if (view === 'albums' && albumId !== undefined) return openAlbum(albumId);
    if (view === 'people' && personId !== undefined) return createPersonList(api, personId, describeError);
    if (view === 'trash') return createSearchList(api, { trashed: 'true' }, describeError);
    if (view !== 'photos') return undefined;
    if (search !== '') return createSearchList(api, { q: search }, describeError);
    timeline ??= createTimeline(api, describeError);
    return timeline;
  };
  /** Puts the list of the place into the store, where it is another one. */
  const showPlace = async (): Promise<void> => {
    const { place, progress } = store.getState();
    if (progress === undefined) return;
    const wanted = toAddress({ ...place, assetId: undefined });
    if (wanted === shown) return;
    shown = wanted;
    store.setState({ list: undefined, album: undefined });
    try {
      const list = await makeList(place);
      if (shown !== wanted) return;
      store.setState({ list });
      await list?.refresh();
    } catch (error) {
      if (shown !== wanted) return;
      toast('error', describeError(error));
      navigation.go({ albumId: undefined, personId: undefined }, 'replace');
    }
    if (place.view === 'albums') await loadAlbums();
  };
  store.subscribe((state, before) => {
    if (state.place !== before.place) void showPlace();
  });

  const refresh = async (isWhole = false): Promise<void> => {
    const { list } = store.getState();
    await list?.refresh(isWhole);
    if (list !== timeline && timeline !== undefined) void timeline.refresh(isWhole);
    store.setState(({ peopleRound }) => ({ peopleRound: peopleRound + 1 }));
    const things = await api.things().catch(() => undefined);
    if (things !== undefined) store.setState({ things });
  };
  const refreshSoon = (): void => {
    refreshing ??= setTimeout(() => {
      refreshing = undefined;
      void refresh();
    }, REFRESH_MS);
  };
  const reopen = async (): Promise<void> => {
    shown = '';
    clearSelection();
    await showPlace();
    if (timeline !== undefined && store.getState().list !== timeline) void timeline.refresh();
  };
  /** Another tab changed something: albums may be locked, or gone. */
  const lookAgain = async (): Promise<void> => {
    const { place, album, albums } = store.getState();
    if (place.albumId !== undefined) {
      const now = await api.album(place.albumId).catch(describeGone);
      if (store.getState().place.albumId !== place.albumId) return;
      if (now === 'gone' || (now !== undefined && now.isLocked !== album?.isLocked)) {
        // What the viewer shows went with it.
        if (place.assetId !== undefined) navigation.go({ assetId: undefined }, 'replace');
        await reopen();
      } else if (now !== undefined) store.setState({ album: now });
    }
    await refresh(true);
    if (albums !== undefined) await loadAlbums();
  };
  let hearing: ReturnType<typeof setTimeout> | undefined;
  tabs.listen((news) => {
    if (news !== 'changed' || store.getState().progress === undefined) return;
    hearing ??= setTimeout(() => {
      hearing = undefined;
      void lookAgain();
    }, NEWS_MS);
  });
  const takeProgress = (progress: LibraryProgress): void => {
    const { progress: before } = store.getState();
    store.setState({ progress, isCut: false, problem: undefined });
    if (before === undefined) void showPlace();
    else if (isOther(before, progress)) refreshSoon();
  };
  const listen = (): void => {
    events?.close();
    events = new EventSource(EVENTS_URL);
    events.addEventListener('state', ({ data }: MessageEvent<string>) => {
      takeProgress(JSON.parse(data) as LibraryProgress);
    });
    events.addEventListener('open', () => store.setState({ isCut: false }));
    events.addEventListener('error', () => store.setState({ isCut: true }));
  };

  const start = async (): Promise<void> => {
    store.setState({ problem: undefined });
    try {
      takeProgress(await api.progress());
      listen();
      store.setState({ things: await api.things() });
    } catch (error) {
      if (store.getState().progress !== undefined) return;
      const isNone = error instanceof FocalError && error.code === 'not-found';
      store.setState({
        problem: isNone
          ? { text: 'This server has no library.', hint: 'Start Focal with "npm start" or "focal serve".' }
          : error instanceof FocalError
            ? { text: error.message, hint: error.hint }
            : { text: String(error) },
      });
    }
  };

  const loadAll = async (list: AssetList, key: string): Promise<void> => {
    for (let before = -1; ; ) {
      const section = list.store.getState().sections.find((each) => each.key === key);
      if (section === undefined || section.assets.length >= section.count || section.assets.length === before) return;
      before = section.assets.length;
      await list.load(key);
    }
  };
  const neighbour = async (id: number, by: 1 | -1): Promise<AssetSummary | undefined> => {
    const { list } = store.getState();
    if (list === undefined) return undefined;
    const place = findAsset(list.store.getState().sections, id);
    if (place === undefined) return undefined;
    const at = list.store.getState().sections[place.section];
    const beside = at?.assets[place.index + by];
    if (beside !== undefined) return beside;
    if (by === 1 && at !== undefined && at.assets.length < at.count) {
      await list.load(at.key);
      return list.store.getState().sections[place.section]?.assets[place.index + 1];
    }
    const other = list.store.getState().sections[place.section + by];
    if (other === undefined) return undefined;
    if (by === -1) await loadAll(list, other.key);
    else if (other.assets.length === 0) await list.load(other.key);
    // What stood for the rest is another section once it is loaded.
    const { sections } = list.store.getState();
    const now = findAsset(sections, id);
    if (now === undefined) return undefined;
    return sections[now.section]?.assets[now.index + by] ?? sections[now.section + by]?.assets.at(by === 1 ? 0 : -1);
  };
  const find = async (id: number): Promise<AssetSummary> => {
    const { list } = store.getState();
    const look = (): AssetSummary | undefined => {
      const sections = list?.store.getState().sections ?? [];
      const at = findAsset(sections, id);
      return at === undefined ? undefined : sections[at.section]?.assets[at.index];
    };
    const known = look();
    if (known !== undefined) return known;
    const details = await api.get(id);
    if (list?.isTimeline === true) await loadAll(list, toMonth(details.sortTime)).catch(() => undefined);
    return look() ?? details;
  };

  const selectTo = async (id: number): Promise<void> => {
    const { list, anchorId } = store.getState();
    if (list === undefined || anchorId === undefined) return toggle(id);
    await attempt(async () => {
      const ends = [anchorId, id].map((each) => findAsset(list.store.getState().sections, each));
      const [a, b] = ends.map((end) => end?.section ?? -1).sort((x, y) => x - y);
      if (a === undefined || b === undefined || a < 0) return toggle(id);
      const keys = list.store
        .getState()
        .sections.slice(a, b)
        .map(({ key }) => key);
      for (const key of keys) await loadAll(list, key);
      const all = list.store.getState().sections.flatMap(({ assets }) => assets.map((asset) => asset.id));
      const [from = 0, to = 0] = [all.indexOf(anchorId), all.indexOf(id)].sort((x, y) => x - y);
      store.setState(({ selection }) => ({
        selection: new Set([...selection, ...all.slice(from, to + 1)]),
        focusId: id,
      }));
    });
  };
  const toggle = (id: number): void => {
    store.setState(({ selection }) => {
      const next = new Set(selection);
      if (!next.delete(id)) next.add(id);
      return { selection: next, anchorId: id, focusId: id };
    });
  };
  const selectSection = async (key: string): Promise<void> => {
    const { list } = store.getState();
    if (list === undefined) return;
    await attempt(() => loadAll(list, key));
    const ids =
      list.store
        .getState()
        .sections.find((each) => each.key === key)
        ?.assets.map(({ id }) => id) ?? [];
    store.setState(({ selection }) => {
      const isWhole = ids.every((id) => selection.has(id));
      return {
        selection: isWhole
          ? new Set([...selection].filter((id) => !ids.includes(id)))
          : new Set([...selection, ...ids]),
      };
    });
  };
  const clearSelection = (): void => store.setState({ selection: NOTHING, anchorId: undefined, isMoving: false });

  /** Shows a change at once; where it fails, asks how it is. */
  const changeAll = async (
    ids: readonly number[],
    change: AssetChange,
    show: (asset: AssetSummary) => AssetSummary | undefined,
  ): Promise<boolean> => {
    const { list } = store.getState();
    const set = new Set(ids);
    list?.change(set, show);
    if (list !== timeline) timeline?.change(set, change.isTrashed === undefined ? show : (asset) => asset);
    const isDone = await attempt(() => api.change(ids, change));
    if (!isDone) await list?.refresh();
    return isDone;
  };
  const restore = async (ids: readonly number[]): Promise<void> => {
    const { place } = store.getState();
    const isDone = await changeAll(ids, { isTrashed: false }, (asset) => (place.view === 'trash' ? undefined : asset));
    clearSelection();
    if (!isDone) return;
    if (place.view === 'trash') toast('success', `${countOf(ids)} back in the library.`);
    await refresh();
  };
  const loadAlbums = async (): Promise<void> => {
    await attempt(async () => store.setState({ albums: await api.albums() }));
  };
  const addToAlbum: LibraryEngine['addToAlbum'] = (album, ids) =>
    attempt(async () => {
      const count = await api.addToAlbum(album.id, ids);
      clearSelection();
      const text = count === 0 ? `Already in ${album.name}.` : `${countOf({ length: count })} added to ${album.name}.`;
      toast('success', text, {
        label: 'Open',
        run: () => navigation.go({ view: 'albums', albumId: album.id, personId: undefined, assetId: undefined }),
      });
      await loadAlbums();
    });

  return {
    ...navigation,
    api,
    tabs,
    uploads: createUploads(),
    start,
    neighbour,
    find,
    toggle,
    selectTo,
    selectSection,
    clearSelection,
    async setFavourite(ids, isFavourite) {
      await changeAll(ids, { isFavourite }, (asset) => ({ ...asset, isFavourite }));
    },
    change: (id, change) => {
      const { rating } = change;
      return changeAll([id], change, (asset) => (rating === undefined ? asset : { ...asset, rating }));
    },
    async trash(ids) {
      const isDone = await changeAll(ids, { isTrashed: true }, () => undefined);
      clearSelection();
      if (isDone) {
        toast('success', `${countOf(ids)} in the trash. Files stay where they are.`, {
          label: 'Undo',
          run: () => void restore(ids),
        });
      }
    },
    restore,
    addToAlbum,
    createAlbum: (name, ids) =>
      attempt(async () => {
        const album = await api.createAlbum(name);
        if (ids.length > 0) await addToAlbum(album, ids);
        else {
          await loadAlbums();
          navigation.go({ view: 'albums', albumId: album.id, personId: undefined });
        }
      }),
    saveSearch: (name, search) =>
      attempt(async () => {
        const album = await api.createAlbum(name, search);
        toast('success', `Saved as ${album.name}.`, {
          label: 'Open',
          run: () => navigation.go({ view: 'albums', albumId: album.id, search: '', assetId: undefined }),
        });
        await loadAlbums();
      }),
    changeSearch: (albumId, search) =>
      attempt(async () => {
        const album = await api.changeAlbum(albumId, { query: search });
        if (store.getState().place.albumId !== albumId) return;
        const list = createAlbumList(api, albumId, { count: album.count, isExact: album.isExact }, describeError);
        store.setState({ album, list });
        await list.refresh();
      }),
    showSearch(search) {
      const list = createSearchList(api, { q: search }, describeError);
      store.setState({ list, selection: NOTHING, anchorId: undefined, focusId: undefined });
      void list.refresh();
      return () => {
        if (store.getState().list === list) store.setState({ list: undefined, selection: NOTHING });
      };
    },
    async removeFromAlbum(ids) {
      const { list, place } = store.getState();
      if (place.albumId === undefined) return;
      list?.change(new Set(ids), () => undefined);
      clearSelection();
      const { albumId } = place;
      await attempt(() => api.removeFromAlbum(albumId, ids));
      await list?.refresh();
    },
    async moveInAlbum(ids, before) {
      const { list, place } = store.getState();
      const { albumId } = place;
      store.setState({ isMoving: false });
      if (list?.arrange === undefined || albumId === undefined) return;
      const now = list.store.getState().sections.flatMap(({ assets }) => assets.map(({ id }) => id));
      const wanted = moveBefore(now, new Set(ids), before);
      if (wanted === undefined) return;
      const put = (from: readonly number[], to: readonly number[]): Promise<boolean> => {
        list.arrange?.(to);
        return attempt(() => api.arrangeAlbum(albumId, changedPart(from, to)));
      };
      if (!(await put(now, wanted))) return list.refresh();
      toast('success', `${countOf(ids)} moved.`, { label: 'Undo', run: () => void put(wanted, now) }, 'order');
    },
    async moveAlbum(id, before) {
      const { albums = [] } = store.getState();
      const now = albums.map((album) => album.id);
      const wanted = moveBefore(now, new Set([id]), before);
      if (wanted === undefined) return;
      const put = async (ids: readonly number[]): Promise<void> => {
        const byId = new Map((store.getState().albums ?? []).map((album) => [album.id, album]));
        store.setState({ albums: ids.flatMap((each) => byId.get(each) ?? []) });
        if (!(await attempt(() => api.arrangeAlbums(ids)))) await loadAlbums();
      };
      await put(wanted);
      const name = albums.find((album) => album.id === id)?.name ?? '';
      toast('success', `${name} moved.`, { label: 'Undo', run: () => void put(now) }, 'order');
    },
    nextInAlbum(id) {
      const all =
        store
          .getState()
          .list?.store.getState()
          .sections.flatMap(({ assets }) => assets) ?? [];
      return all[all.findIndex((each) => each.id === id) + 1]?.id;
    },
    async useAsCover(id) {
      const { place, album } = store.getState();
      const { albumId } = place;
      if (albumId === undefined || album === undefined) return;
      const isDone = await attempt(async () => {
        store.setState({ album: await api.changeAlbum(albumId, { coverId: id }) });
      });
      if (!isDone) return;
      clearSelection();
      toast('success', `It stands for ${album.name} now.`);
    },
    loadAlbums,
    reopen,
    async setPaused(isPaused) {
      await attempt(async () => takeProgress(await (isPaused ? api.pause() : api.resume())));
    },
    refresh: () => refresh(),
    attempt,
    actOnPeople: (text, work, onUndone) =>
      attempt(async () => {
        const { action } = await work();
        const undo = async () => {
          await api.people.undo(action);
          onUndone?.();
          await refresh();
        };
        toast('success', text, { label: 'Undo', run: () => void attempt(undo) }, 'people');
        await refresh();
      }),
  };
}

/** Nothing, where it is only not known. */
function describeGone(error: unknown): 'gone' | undefined {
  return error instanceof FocalError && error.code === 'not-found' ? 'gone' : undefined;
}

/** Whether photos came, went or got their thumbnails. */
function isOther(before: LibraryProgress, now: LibraryProgress): boolean {
  const left = ({ jobs }: LibraryProgress): number => jobs.thumbnails.waiting + jobs.thumbnails.running;
  const scenes = ({ jobs }: LibraryProgress): number => jobs.scene.waiting + jobs.scene.running;
  return (
    before.assets !== now.assets ||
    before.trashed !== now.trashed ||
    before.bad !== now.bad ||
    before.damaged !== now.damaged ||
    before.faces.waiting !== now.faces.waiting ||
    before.versions.waiting > now.versions.waiting ||
    left(before) > left(now) ||
    (scenes(before) > 0 && scenes(now) === 0)
  );
}

export function countOf({ length }: { readonly length: number }): string {
  return length === 1 ? '1 item' : `${length.toLocaleString()} items`;
}
