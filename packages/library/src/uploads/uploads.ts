import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorData, FocalError, toErrorData } from '@focal/core';
import { z } from 'zod';
import { toDiskError } from '../files/disk-error.ts';
import { moveToFreeName, placeFile } from '../files/place-file.ts';
import { toCaptureTime } from '../import/capture-time.ts';
import { EXTENSIONS } from '../import/walk.ts';
import type { MediaReader } from '../media.ts';
import { splitName, toSafeName } from './names.ts';

/** A file on its way into the library. */
export interface Upload {
  readonly id: string;
  /** As it will be called, where that is free. */
  readonly name: string;
  readonly bytes: number;
  /** Bytes that are here, and safe. */
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** After this it is forgotten. */
  readonly expiresAt: number;
  readonly state: 'receiving' | 'done' | 'failed';
  /** Whether the library had it already: nothing was added then. */
  readonly isDuplicate?: boolean;
  /** Where it is in the library, once it was looked at. */
  readonly assetId?: number;
  /** Why it failed. */
  readonly error?: ErrorData;
}

export interface NewUpload {
  readonly name: string;
  readonly bytes: number;
  /** Of the whole file, in hex: what comes has to be that. */
  readonly sha256?: string | undefined;
  /** When the file was changed, milliseconds since 1970. */
  readonly modifiedMs?: number | undefined;
}

export interface AppendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Of this part; where it differs nothing of the part is kept. */
  readonly checksum?: { readonly algorithm: UploadHash; readonly value: Uint8Array } | undefined;
}

export const UPLOAD_HASHES = ['sha1', 'sha256', 'md5'] as const;
export type UploadHash = (typeof UPLOAD_HASHES)[number];

/** Thrown where a part is not what its checksum says. */
export class ChecksumError extends FocalError {
  constructor() {
    super('corrupt-input', 'What came is not what its checksum says: it was changed on the way.', {
      hint: 'Send it again.',
    });
  }
}

/**
 * Files that are sent in parts, each of which is safe once it is acknowledged. When the last has come, the file is
 * checked and put into the folder of uploads, by the month that it was taken in; none there is ever replaced.
 */
export interface Uploads {
  /** Where they come to lie. */
  readonly folder: string;
  readonly mostBytes: number;
  /** Those under way, and those that ended lately, the newest first. */
  list(): Promise<readonly Upload[]>;
  /** Throws `invalid-argument`, `too-large`, `no-space`, `busy`. */
  create(upload: NewUpload): Promise<Upload>;
  /** Throws `not-found`. */
  get(id: string): Promise<Upload>;
  /**
   * Adds a part. Another one that is still coming in ends. What came before the connection broke is kept. Throws
   * `exists` where it does not go on there, `too-large`, `no-space`, {@link ChecksumError}.
   */
  append(id: string, offset: number, body: AsyncIterable<Uint8Array>, options?: AppendOptions): Promise<Upload>;
  /** Forgets it, with what came of it. Throws `not-found`. */
  remove(id: string): Promise<void>;
}

export interface UploadsOptions {
  /** For what is not whole yet; on the disk of `folder`. */
  readonly incoming: string;
  readonly folder: string;
  readonly media: MediaReader;
  readonly now: () => number;
  readonly mostBytes?: number;
  /** Left free on the disk. */
  readonly reserveBytes?: number;
  /** The photo or video of this content that has a file in the library. */
  readonly find: (sha256: string) => Promise<number | undefined>;
  /** Looks at the files of a folder within `folder`. */
  readonly onPlaced: (folder: string) => Promise<void>;
}

const MOST_BYTES = 20 * 2 ** 30;
const RESERVE_BYTES = 64 * 2 ** 20;
const MOST_UNDER_WAY = 2000;
const KEPT_MS = 7 * 86_400_000;
const ID = /^[0-9a-f]{32}$/;

const recordSchema = z.object({
  name: z.string(),
  bytes: z.number(),
  sha256: z.string().optional(),
  modifiedMs: z.number().optional(),
  createdAt: z.number(),
  ended: z
    .object({ sha256: z.string().optional(), isDuplicate: z.boolean().optional(), error: z.unknown().optional() })
    .optional(),
});
type Record_ = z.infer<typeof recordSchema>;

export function createUploads(options: UploadsOptions): Uploads {
  const { incoming, folder, media, now, mostBytes = MOST_BYTES, find, onPlaced } = options;
  const { reserveBytes = RESERVE_BYTES } = options;
  /** Parts that are coming in, and files that are checked. */
  const active = new Map<string, { readonly stop: AbortController; readonly done: Promise<unknown> }>();

  const recordPath = (id: string): string => join(incoming, `${id}.json`);
  const partPath = (id: string): string => join(incoming, `${id}.part`);

  async function readRecord(id: string): Promise<Record_> {
    const text = ID.test(id) ? await readFile(recordPath(id), 'utf8').catch(() => undefined) : undefined;
    const parsed = text === undefined ? undefined : recordSchema.safeParse(JSON.parse(text));
    if (parsed?.success === true) return parsed.data;
    throw new FocalError('not-found', 'There is no such upload: it has ended, or is too old.', { hint: 'Begin anew.' });
  }

  async function sizeOf(id: string): Promise<number> {
    return stat(partPath(id)).then(
      ({ size }) => size,
      () => 0,
    );
  }

  async function describe(id: string, record: Record_): Promise<Upload> {
    const { name, bytes, createdAt, ended } = record;
    const assetId = ended?.sha256 === undefined ? undefined : await find(ended.sha256);
    return {
      id,
      name,
      bytes,
      offset: ended === undefined ? Math.min(bytes, await sizeOf(id)) : bytes,
      createdAt,
      expiresAt: createdAt + KEPT_MS,
      state: ended === undefined ? 'receiving' : ended.error === undefined ? 'done' : 'failed',
      ...(ended?.isDuplicate === true && { isDuplicate: true }),
      ...(assetId !== undefined && { assetId }),
      ...(ended?.error !== undefined && { error: ended.error as ErrorData }),
    };
  }

  async function end(id: string, record: Record_, ended: NonNullable<Record_['ended']>): Promise<Record_> {
    const next = { ...record, ended };
    await placeFile(recordPath(id), { overwrite: true }, (path) =>
      writeFile(path, JSON.stringify(next), { mode: 0o600 }),
    );
    await rm(partPath(id), { force: true });
    return next;
  }

  /** All has come: what it is, whether it is new, and where it goes. */
  async function finish(id: string, record: Record_): Promise<Record_> {
    const part = partPath(id);
    try {
      const inspected = await media.inspect(part);
      if (record.sha256 !== undefined && record.sha256 !== inspected.sha256) throw new ChecksumError();
      const { sha256 } = inspected;
      if ((await find(sha256)) !== undefined) return await end(id, record, { sha256, isDuplicate: true });
      const modifiedMs = record.modifiedMs ?? now();
      const { month } = toCaptureTime({ capture: inspected.capture, name: record.name, modifiedMs });
      const year = String(Math.floor(month / 100)).padStart(4, '0');
      const target = join(folder, year, `${year}-${String(month % 100).padStart(2, '0')}`);
      await mkdir(target, { recursive: true, mode: 0o700 });
      const seconds = modifiedMs / 1000;
      await utimes(part, seconds, seconds);
      await moveToNextName(part, target, withExtension(record.name, inspected.format));
      const ended = await end(id, record, { sha256 });
      await onPlaced(target);
      return ended;
    } catch (error) {
      const told = toDiskError(error, record.name);
      // Only what is wrong with the file itself ends it; a disk that is full may have room later.
      const isFinal =
        told instanceof FocalError &&
        ['unsupported-format', 'corrupt-input', 'too-large', 'invalid-argument'].includes(told.code);
      if (!isFinal) throw told;
      return end(id, record, { error: toErrorData(told) });
    }
  }

  /** One at a time for each upload; a later one ends the one before, whose client has gone. */
  async function alone<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let before = active.get(id); before !== undefined; before = active.get(id)) {
      before.stop.abort(new FocalError('aborted', 'The upload goes on elsewhere.'));
      await before.done.catch(() => undefined);
    }
    const stop = new AbortController();
    const done = work(stop.signal);
    active.set(id, { stop, done });
    try {
      return await done;
    } finally {
      active.delete(id);
    }
  }

  async function tidyUp(): Promise<number> {
    let underWay = 0;
    for (const file of await readdir(incoming).catch(() => [])) {
      const id = file.split('.')[0] as string;
      if (!file.endsWith('.json') || active.has(id)) continue;
      const record = await readRecord(id).catch(() => undefined);
      if (record !== undefined && Math.abs(now() - record.createdAt) < KEPT_MS) {
        if (record.ended === undefined) underWay++;
        continue;
      }
      await rm(partPath(id), { force: true });
      await rm(recordPath(id), { force: true });
    }
    return underWay;
  }

  async function get(id: string): Promise<Upload> {
    let record = await readRecord(id);
    // The process ended between the last part and what comes after it.
    if (record.ended === undefined && !active.has(id) && (await sizeOf(id)) === record.bytes) {
      record = await alone(id, () => finish(id, record));
    }
    return describe(id, record);
  }

  return {
    folder,
    mostBytes,
    async list() {
      const names = await readdir(incoming).catch(() => []);
      const ids = names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []));
      const found = await Promise.all(ids.map(async (id) => describe(id, await readRecord(id)).catch(() => undefined)));
      return found.flatMap((each) => each ?? []).sort((a, b) => b.createdAt - a.createdAt);
    },
    async create({ name, bytes, sha256, modifiedMs }) {
      if (bytes === 0) {
        throw new FocalError('invalid-argument', 'Expected a photo or video, got an empty file.', {
          hint: 'Copy it anew from where it came.',
        });
      }
      if (!Number.isSafeInteger(bytes) || bytes < 1) {
        throw new FocalError('invalid-argument', `Expected the size of a file in bytes, got ${bytes}.`);
      }
      if (bytes > mostBytes) {
        throw new FocalError('too-large', `The file has ${bytes} bytes, the limit is ${mostBytes}.`, {
          hint: 'Copy it into a folder of the library in place of uploading it.',
        });
      }
      if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
        throw new FocalError('invalid-argument', 'Expected a SHA-256 in hex.');
      }
      try {
        await mkdir(incoming, { recursive: true, mode: 0o700 });
        if ((await tidyUp()) >= MOST_UNDER_WAY) {
          throw new FocalError('busy', `There are ${MOST_UNDER_WAY} uploads under way.`, {
            hint: 'Finish or cancel some of them first.',
          });
        }
        const { bavail, bsize } = await statfs(incoming);
        if (bavail * bsize < bytes + reserveBytes) throw noRoom();
        const id = randomBytes(16).toString('hex');
        const isTime = modifiedMs !== undefined && Number.isFinite(modifiedMs) && Math.abs(modifiedMs) < 8.64e15;
        const record: Record_ = {
          name: toSafeName(name),
          bytes,
          createdAt: now(),
          ...(sha256 !== undefined && { sha256 }),
          ...(isTime && { modifiedMs: Math.round(modifiedMs) }),
        };
        await placeFile(recordPath(id), {}, (path) => writeFile(path, JSON.stringify(record), { mode: 0o600 }));
        return await describe(id, record);
      } catch (error) {
        throw toDiskError(error, incoming);
      }
    },
    get,
    async append(id, offset, body, { signal, checksum } = {}) {
      // Nothing is awaited before this: of two clients the one that came later goes on.
      return alone(id, async (stopped) => {
        const record = await readRecord(id);
        if (record.ended !== undefined) throw wrongOffset(record.bytes, offset);
        const size = await sizeOf(id);
        if (offset !== size) throw wrongOffset(size, offset);
        try {
          await writePart(partPath(id), {
            offset,
            body,
            checksum,
            mostBytes: record.bytes,
            signals: [stopped, signal],
          });
        } catch (error) {
          throw toDiskError(error, record.name);
        }
        const isWhole = (await sizeOf(id)) === record.bytes;
        return describe(id, isWhole ? await finish(id, record) : record);
      });
    },
    async remove(id) {
      await alone(id, async () => {
        await readRecord(id);
        await rm(recordPath(id), { force: true });
        await rm(partPath(id), { force: true });
      });
    },
  };
}

interface PartOptions {
  readonly offset: number;
  readonly body: AsyncIterable<Uint8Array>;
  readonly checksum: AppendOptions['checksum'];
  /** Of the whole file. */
  readonly mostBytes: number;
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Adds a part and makes sure that it is on the disk, also as much as came before something went wrong. */
async function writePart(path: string, { offset, body, checksum, mostBytes, signals }: PartOptions): Promise<void> {
  const file = await open(path, offset === 0 ? 'w' : 'r+', 0o600);
  const hash = checksum === undefined ? undefined : createHash(checksum.algorithm);
  let at = offset;
  const parts = body[Symbol.asyncIterator]();
  const given = signals.flatMap((signal) => signal ?? []);
  const stop = AbortSignal.any(given);
  // Whoever waits for a client that is gone waits for long.
  const stopped = new Promise<never>((_, reject) => {
    const end = (): void => reject(stop.reason);
    if (stop.aborted) end();
    else stop.addEventListener('abort', end, { once: true });
  });
  stopped.catch(() => undefined);
  try {
    for (;;) {
      const { done: isOver, value: chunk } = await Promise.race([parts.next(), stopped]);
      if (isOver === true) break;
      if (at + chunk.length > mostBytes) {
        throw new FocalError('too-large', 'More came than the file was said to have.', { hint: 'Begin anew.' });
      }
      hash?.update(chunk);
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at + done);
        done += bytesWritten;
      }
      at += chunk.length;
    }
    if (checksum !== undefined && hash !== undefined && !hash.digest().equals(checksum.value))
      throw new ChecksumError();
    await file.datasync();
  } catch (error) {
    // A part that is checked as a whole is kept as a whole.
    await file.truncate(checksum === undefined && !isTooLarge(error) ? at : offset).catch(() => undefined);
    await file.datasync().catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof FocalError && error.code === 'too-large';
}

/** `a.jpg`, `a (2).jpg` and so on: the first that is free, or that of a file with the same bytes. */
async function moveToNextName(part: string, folder: string, name: string): Promise<void> {
  const [stem, extension] = splitName(name);
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${stem} (${number})${extension}`);
    try {
      return await moveToFreeName(part, path);
    } catch (error) {
      if (!(error instanceof FocalError && error.code === 'exists') || number > 10_000) throw error;
      // It came before, and the process ended before that was written down.
      if ((await hashOf(path)) === (await hashOf(part))) return;
    }
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** So that it is found again by its name. */
function withExtension(name: string, format: string): string {
  return EXTENSIONS.test(name) ? name : `${name}.${format === 'jpeg' ? 'jpg' : format === 'ts' ? 'mts' : format}`;
}

function wrongOffset(size: number, offset: number): FocalError {
  return new FocalError('exists', `The upload goes on at ${size}, not at ${offset}.`, {
    hint: 'Ask with HEAD where it goes on.',
  });
}

function noRoom(): FocalError {
  return new FocalError('no-space', 'There is no room on the disk of the library for this file.', {
    hint: 'Make room there, or copy the file into a folder on another disk.',
  });
}
