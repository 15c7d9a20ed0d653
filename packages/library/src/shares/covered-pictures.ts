import { readdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { FocalError, parseRecipe, type Recipe } from '@focal/core';
import type { Kysely } from 'kysely';
import { createMadePictures, createPictureFiles, type PictureKind } from '../files/picture-files.ts';
import type { MediaReader, MediaSource } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { type CoveredPhoto, createCoverings } from './covering.ts';

/** Whether guests can be shown a photo; `failed` is tried again after a while. */
export type CoveredState = 'ready' | 'waiting' | 'failed';

/**
 * Photos with covered faces for guests of a link, made one after the other, those first that are asked for. What is not
 * covered is never given: while it is made there is nothing, and where it fails, an error.
 */
export interface CoveredPictures {
  /** How far these photos are, in their order; begins to make what is missing. */
  states(shareId: number, assetIds: readonly number[]): Promise<readonly CoveredState[]>;
  /** Undefined while it is made. Throws what went wrong. */
  picture(
    shareId: number,
    assetId: number,
    kind: PictureKind,
  ): Promise<{ readonly path: string; readonly tag: string } | undefined>;
  /** Stops what is under way. Idempotent. */
  close(): Promise<void>;
}

export interface CoveredPicturesOptions {
  readonly db: Kysely<Tables>;
  /** Where they lie; all can be made again. */
  readonly folder: string;
  readonly media: MediaReader;
  /** The original. Throws `not-found`. */
  readonly sourceOf: (assetId: number) => Promise<MediaSource>;
  readonly now: () => number;
}

/** So long a failure is told before it is tried again. */
const FAILED_MS = 5 * 60_000;
const MOST_FAILED = 1000;
const DAY_MS = 86_400_000;
/** Pictures that nobody looked at for so long are deleted. */
const KEPT_MS = 30 * DAY_MS;

export function createCoveredPictures(options: CoveredPicturesOptions): CoveredPictures {
  const { db, folder, media, sourceOf, now } = options;
  const pictures = createMadePictures(createPictureFiles(folder), 'covered');
  const coverings = createCoverings(db);
  const stop = new AbortController();
  const failed = new Map<string, { readonly error: unknown; readonly until: number }>();
  /** What is to be made, by what it makes; the last one is next. */
  const waiting = new Map<string, CoveredPhoto>();
  let working: Promise<void> | undefined;
  let inHand: string | undefined;
  let sweptAt = 0;

  const keyOf = ({ sha256, tag }: CoveredPhoto): string => `${sha256} ${tag}`;
  const isThere = ({ sha256, tag }: CoveredPhoto): Promise<boolean> => pictures.has(sha256, tag);

  function failureOf(photo: CoveredPhoto): { readonly error: unknown } | undefined {
    const found = failed.get(keyOf(photo));
    return found !== undefined && found.until > now() ? found : undefined;
  }

  /** @param isNext before everything else that waits */
  function ask(photo: CoveredPhoto, isNext: boolean): void {
    const key = keyOf(photo);
    if (key === inHand || stop.signal.aborted) return;
    if (isNext) waiting.delete(key);
    if (waiting.has(key)) return;
    const before = isNext ? [] : [...waiting];
    if (!isNext) waiting.clear();
    waiting.set(key, photo);
    for (const [name, each] of before) waiting.set(name, each);
    start();
  }

  function start(): void {
    working ??= work().finally(() => {
      working = undefined;
      if (waiting.size > 0 && !stop.signal.aborted) start();
    });
  }

  /** One at a time: each holds a whole photo, and uses all threads. */
  async function work(): Promise<void> {
    // So that what is asked for together is sorted first.
    await Promise.resolve();
    for (;;) {
      const next = [...waiting].at(-1);
      if (next === undefined || stop.signal.aborted) return;
      const [key, photo] = next;
      waiting.delete(key);
      inHand = key;
      try {
        await make(photo);
        failed.delete(key);
      } catch (error) {
        if (isAboutPhoto(error)) remember(key, error);
      } finally {
        inHand = undefined;
      }
    }
  }

  function remember(key: string, error: unknown): void {
    failed.delete(key);
    failed.set(key, { error, until: now() + FAILED_MS });
    const [oldest] = failed.keys();
    if (failed.size > MOST_FAILED && oldest !== undefined) failed.delete(oldest);
  }

  async function make(photo: CoveredPhoto): Promise<void> {
    if (await isThere(photo)) return;
    await sweep();
    const { assetId, sha256, tag, spared, told } = photo;
    const recipe = photo.version === undefined ? undefined : await readRecipe(photo.version);
    // Another version is shown by now, under another tag.
    if (recipe === null) return;
    const task = { sha256, spared, told, ...(recipe !== undefined && { recipe }) };
    const made = await media.coverSmall(await sourceOf(assetId), task, { signal: stop.signal });
    await pictures.write(sha256, tag, made);
  }

  async function readRecipe({ id, tag }: { readonly id: number; readonly tag: string }): Promise<Recipe | null> {
    const row = await db
      .selectFrom('versions')
      .select('recipe')
      .where('id', '=', id)
      .where('tag', '=', tag)
      .executeTakeFirst();
    return row === undefined ? null : parseRecipe(row.recipe);
  }

  /** Deletes what nobody looks at any more, once a day. */
  async function sweep(): Promise<void> {
    if (now() - sweptAt < DAY_MS) return;
    sweptAt = now();
    for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
      const path = join(folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (facts?.isFile() && facts.mtimeMs < now() - KEPT_MS) await unlink(path).catch(() => undefined);
    }
  }

  async function read(shareId: number, assetIds: readonly number[]): Promise<readonly (CoveredPhoto | undefined)[]> {
    const photos = await coverings.of(shareId, assetIds);
    return assetIds.map((id) => photos.get(id));
  }

  return {
    async states(shareId, assetIds) {
      const states: CoveredState[] = [];
      for (const photo of await read(shareId, assetIds)) {
        if (photo === undefined || failureOf(photo) !== undefined) states.push('failed');
        else if (await isThere(photo)) states.push('ready');
        else {
          ask(photo, false);
          states.push('waiting');
        }
      }
      return states;
    },
    async picture(shareId, assetId, kind) {
      const [photo] = await read(shareId, [assetId]);
      if (photo === undefined) throw new FocalError('not-found', 'There is no such photo in this album.');
      const { sha256, tag } = photo;
      if (await isThere(photo)) {
        const path = pictures.path(sha256, tag, kind);
        const { mtimeMs } = await stat(path);
        const seconds = now() / 1000;
        if (mtimeMs < now() - DAY_MS) await utimes(path, seconds, seconds).catch(() => undefined);
        return { path, tag: `${sha256.slice(0, 16)}-${kind}-covered-${tag}` };
      }
      const failure = failureOf(photo);
      if (failure !== undefined) throw failure.error;
      // Who looks at one photo alone waits for that one.
      ask(photo, kind === 'preview');
      return undefined;
    },
    async close() {
      stop.abort(new FocalError('closed', 'The library has been closed.'));
      waiting.clear();
      await working;
    },
  };
}

/** Other errors say nothing of the photo: it is tried again when it is asked for. */
function isAboutPhoto(error: unknown): boolean {
  return !(error instanceof FocalError && ['aborted', 'busy', 'closed'].includes(error.code));
}
