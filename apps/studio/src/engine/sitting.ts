import type { Scene } from '@focal/core';
import { createHistory, type History, pushState } from '../state/history.ts';
import { toPortable } from '../state/look-actions.ts';
import type { StudioStore } from '../state/store.ts';
import type { Edits, LibraryOrigin, ListedPhoto } from '../state/types.ts';
import { createKeptSitting, type KeptAsset, type KeptMatte } from './kept-sitting.ts';
import { isUnreadable, toProblem } from './problems.ts';
import { createThumb } from './thumb.ts';

/** All that the page knows of one photo of the sitting. */
export interface PhotoRecord {
  readonly id: number;
  readonly name: string;
  /** A file that the effect worker reads. */
  file: Blob;
  /** SHA-256 of the file as it came, where `file` is another one. */
  sha256: string | undefined;
  /** Of photos of the library. */
  origin: LibraryOrigin | undefined;
  history: History<Edits>;
  openStepId: string | undefined;
  found: KeptMatte | undefined;
  /** As JSON while it is only known from before a reload. */
  scene: Scene | string | undefined;
}

/** The photos of this sitting, kept over reloads where the browser has room. [Note: what a reload finds] */
export interface Sitting {
  get(id: number | undefined): PhotoRecord | undefined;
  /** A new photo, last on the list, with the look of the one on the screen. */
  add(file: Blob, name: string, sha256?: string, origin?: LibraryOrigin): PhotoRecord;
  setOrigin(record: PhotoRecord, origin: LibraryOrigin): void;
  /** Puts another file in the place of one that the effect worker does not read. */
  setFile(record: PhotoRecord, file: Blob, sha256: string | undefined): void;
  setFound(record: PhotoRecord, found: KeptMatte): void;
  /** @param json the scene without vectors, to be kept; nothing forgets what was known */
  setScene(record: PhotoRecord, scene: Scene | undefined, json: string | undefined): void;
  remove(id: number): void;
  move(id: number, index: number): void;
  /** Gives all photos the look of the one on the screen, each a step of its own history. */
  applyToAll(): void;
  /** Takes over what the store knows of the photo on the screen, before another is shown. */
  stash(): void;
  keepAsset(asset: KeptAsset): void;
  /** What a reload left, and the photo that was on the screen. */
  restore(takeAsset: (asset: KeptAsset) => Promise<void>): Promise<PhotoRecord | undefined>;
}

const KEEP_MS = 250;

export function createSitting(store: StudioStore): Sitting {
  const records = new Map<number, PhotoRecord>();
  const kept = createKeptSitting();
  let nextId = 1;
  let canKeep = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Once it failed there is nothing to be gained from trying again with every change. */
  const keep = (work: Promise<void>): void => {
    work.catch(() => {
      if (!canKeep) return;
      canKeep = false;
      store.getState().toast('error', 'This browser has no room to keep your work: it will not survive a reload.');
    });
  };
  const keepOrder = (): void => {
    const { sitting, photo } = store.getState();
    if (canKeep) keep(kept.setOrder({ ids: sitting.map(({ id }) => id), shownId: photo?.id }));
  };
  const keepEdits = (id: number, edits: Edits): void => {
    if (canKeep && records.has(id)) keep(kept.setEdits(id, edits));
  };

  store.subscribe((state, before) => {
    const { photo, history } = state;
    if (photo?.id !== before.photo?.id || state.sitting !== before.sitting) keepOrder();
    if (photo === undefined || history.present === before.history.present) return;
    clearTimeout(timer);
    timer = setTimeout(() => keepEdits(photo.id, history.present), KEEP_MS);
  });
  // What was changed in the last quarter of a second is kept too.
  addEventListener('pagehide', () => {
    const { photo, history } = store.getState();
    if (photo !== undefined) keepEdits(photo.id, history.present);
  });

  const list = (record: PhotoRecord): void => {
    records.set(record.id, record);
    store.setState(({ sitting }) => ({
      sitting: [...sitting, { id: record.id, name: record.name, thumb: undefined, problem: undefined }],
    }));
    drawThumb(record);
  };
  const drawThumb = (record: PhotoRecord): void => {
    const set = (change: Partial<ListedPhoto>): void =>
      store.setState(({ sitting }) => ({
        sitting: sitting.map((each) => (each.id === record.id ? { ...each, ...change } : each)),
      }));
    createThumb(record.file).then(
      (thumb) => set({ thumb, problem: undefined }),
      (error: unknown) => {
        if (!isUnreadable(error)) return;
        const { title, text } = toProblem(error, record.name, store.getState().place);
        set({ problem: `${title} ${text}` });
      },
    );
  };
  const stash = (): void => {
    const { photo, history, openStepId, scene } = store.getState();
    const record = records.get(photo?.id ?? 0);
    if (record === undefined) return;
    record.history = history;
    record.openStepId = openStepId;
    record.scene = scene.phase === 'ready' ? scene.scene : record.scene;
    keepEdits(record.id, history.present);
  };

  return {
    get: (id) => records.get(id ?? 0),
    add(file, name, sha256, origin) {
      const { history, openStepId } = store.getState();
      const record: PhotoRecord = {
        id: nextId++,
        name,
        file,
        sha256,
        origin,
        // A look goes from photo to photo; one of the library is first seen as it is.
        history: createHistory({
          ...toPortable(history.present),
          ...(origin !== undefined && { steps: [] }),
        }),
        openStepId: origin === undefined ? openStepId : undefined,
        found: undefined,
        scene: undefined,
      };
      list(record);
      if (canKeep) keep(kept.addPhoto({ id: record.id, name, file, sha256, origin }));
      keepEdits(record.id, record.history.present);
      return record;
    },
    setOrigin(record, origin) {
      record.origin = origin;
      if (canKeep) keep(kept.addPhoto(record));
    },
    setFile(record, file, sha256) {
      record.file = file;
      record.sha256 = sha256;
      if (canKeep) keep(kept.addPhoto(record));
      drawThumb(record);
    },
    setFound(record, found) {
      record.found = found;
      if (canKeep) keep(kept.setMatte(record.id, found));
    },
    setScene(record, scene, json) {
      record.scene = scene;
      if (canKeep && records.has(record.id)) keep(kept.setScene(record.id, json));
    },
    remove(id) {
      records.delete(id);
      const thumb = store.getState().sitting.find((each) => each.id === id)?.thumb;
      if (thumb !== undefined) URL.revokeObjectURL(thumb);
      store.setState(({ sitting }) => ({ sitting: sitting.filter((each) => each.id !== id) }));
      if (canKeep) keep(records.size === 0 ? kept.clear() : kept.removePhoto(id));
    },
    move(id, index) {
      store.setState(({ sitting }) => {
        const from = sitting.findIndex((each) => each.id === id);
        const item = sitting[from];
        const to = Math.max(0, Math.min(sitting.length - 1, index));
        return item === undefined || to === from ? {} : { sitting: sitting.toSpliced(from, 1).toSpliced(to, 0, item) };
      });
    },
    applyToAll() {
      const { photo, history, openStepId } = store.getState();
      const look = toPortable(history.present);
      for (const record of records.values()) {
        if (record.id === photo?.id) continue;
        // What was corrected by hand in a photo stays its own.
        const edits = { ...look, corrections: record.history.present.corrections };
        record.history = pushState(record.history, edits, '', 0);
        record.openStepId = openStepId;
        keepEdits(record.id, edits);
      }
    },
    stash,
    keepAsset(asset) {
      if (canKeep) keep(kept.addAsset(asset));
    },
    async restore(takeAsset) {
      try {
        const { photos, assets, shownId } = await kept.read();
        const used = new Set(
          photos.flatMap(({ edits }) => [
            edits?.font,
            ...(edits?.steps ?? []).flatMap(({ assets: of }) => Object.values(of)),
          ]),
        );
        for (const asset of assets) if (used.has(asset.id)) await takeAsset(asset);
        for (const { id, name, file, sha256, origin, edits, found, scene } of photos) {
          nextId = Math.max(nextId, id + 1);
          const history = createHistory(edits ?? store.getState().history.present);
          const openStepId = history.present.steps[0]?.id;
          list({ id, name, file, sha256, origin, history, openStepId, found, scene });
        }
        return records.get(shownId ?? photos[0]?.id ?? 0) ?? records.get(photos[0]?.id ?? 0);
      } catch {
        // A private window, or a database that cannot be read: the sitting begins anew.
        return undefined;
      }
    },
  };
}
