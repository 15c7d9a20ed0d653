import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaReader, MediaSource } from '../media.ts';

export interface SharedVideo {
  readonly path: string;
  readonly type: 'video/mp4' | 'video/webm';
  /** Tells versions of it apart. */
  readonly tag: string;
}

/** Videos for guests: copies without anything but pictures and sound, made when somebody first plays them. */
export interface SharedVideos {
  /** Waits until it is there. Throws what is wrong with the video, or the disk. */
  get(asset: { readonly sha256: string; readonly source: MediaSource }): Promise<SharedVideo>;
  /** Stops what is under way. Idempotent. */
  close(): Promise<void>;
}

const TYPES = { mp4: 'video/mp4', webm: 'video/webm' } as const;
type Format = keyof typeof TYPES;

const DAY_MS = 86_400_000;
/** Copies that nobody played for so long are deleted: they are large. */
const KEPT_MS = 7 * DAY_MS;

/** @param folder where they lie; all can be made again */
export function createSharedVideos(folder: string, media: MediaReader, now: () => number): SharedVideos {
  const stop = new AbortController();
  const making = new Map<string, Promise<SharedVideo>>();
  const pathOf = (sha256: string, format: Format): string => join(folder, sha256.slice(0, 2), `${sha256}.${format}`);

  async function findMade(sha256: string): Promise<SharedVideo | undefined> {
    for (const format of ['mp4', 'webm'] as const) {
      const path = pathOf(sha256, format);
      const facts = await stat(path).catch(() => undefined);
      if (facts === undefined) continue;
      const seconds = now() / 1000;
      if (facts.mtimeMs < now() - DAY_MS) await utimes(path, seconds, seconds).catch(() => undefined);
      return toShared(path, sha256, format);
    }
    return undefined;
  }

  async function make(sha256: string, source: MediaSource): Promise<SharedVideo> {
    const made = await findMade(sha256);
    if (made !== undefined) return made;
    await sweep();
    await mkdir(join(folder, sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
    const temporary = join(folder, `${randomBytes(6).toString('hex')}.part`);
    try {
      const { format } = await media.copyVideo(source, temporary, { signal: stop.signal });
      const path = pathOf(sha256, format);
      await rename(temporary, path);
      return toShared(path, sha256, format);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Also what was being made when the process was killed. */
  async function sweep(): Promise<void> {
    for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
      const path = join(folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (facts?.isFile() && facts.mtimeMs < now() - KEPT_MS) await unlink(path).catch(() => undefined);
    }
  }

  return {
    get({ sha256, source }) {
      const before = making.get(sha256);
      if (before !== undefined) return before;
      const started = make(sha256, source).finally(() => making.delete(sha256));
      making.set(sha256, started);
      return started;
    },
    async close() {
      stop.abort();
      await Promise.allSettled(making.values());
    },
  };
}

function toShared(path: string, sha256: string, format: Format): SharedVideo {
  return { path, type: TYPES[format], tag: `${sha256.slice(0, 16)}-shared` };
}
