import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import { FocalError, throwIfAborted } from '@focal/core';
import type { DownloadFile } from '@focal/models';
import { toFileError } from '../files/file-error.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Bytes of the file that are here, those of an earlier try included. */
  readonly onBytes?: (count: number) => void;
  /** A connection over which nothing comes for so long counts as lost. Default 30 s. */
  readonly stallMs?: number;
  /** For tests. */
  readonly fetch?: typeof globalThis.fetch;
  /** For tests: how long to wait before the next try. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Pauses before tries that follow one in which nothing came; when they are used up, it fails. */
const PAUSES_MS = [500, 1000, 2000] as const;
const STALL_MS = 30_000;

/** One file to fetch: from where, and where to. */
interface Task {
  readonly file: DownloadFile;
  readonly url: string;
  readonly part: string;
}

/** How a request ended that may be tried again: undefined when all that was sent has come. */
type Loss = { readonly why: string; readonly cause?: unknown } | undefined;

/**
 * Fetches a file to `path`, whole and with the SHA-256 that is expected, or not at all. What has come lies in
 * `path.part`, also after a failure, and the next call asks for the rest only. A lost connection is taken up again by
 * itself. Gives the number of bytes that were there before. Throws `network`, `model-invalid`, `no-space`, `permission`,
 * `aborted`.
 */
export async function downloadFile(
  file: DownloadFile,
  url: string,
  path: string,
  options: DownloadOptions = {},
): Promise<number> {
  const task = { file, url, part: `${path}.part` };
  for (let isSecond = false; ; isSecond = true) {
    const resumed = await fetchWhole(task, options);
    const sha256 = await hashFile(task.part);
    if (sha256 === file.sha256) {
      await rename(task.part, path).catch((error: unknown) => {
        throw toFileError(error, 'write', path);
      });
      return resumed;
    }
    await removeFile(task.part);
    // What an earlier try left may have been of another file: once more, from the start.
    if (resumed > 0 && !isSecond) continue;
    throw new FocalError(
      'model-invalid',
      `What ${url} gives is not the model that Focal knows: expected SHA-256 ${file.sha256}, got ${sha256}.`,
      { hint: 'It was deleted. Try again, or name another source with --from.' },
    );
  }
}

/** The SHA-256 of a file in hex; undefined where there is none. Throws `permission`. */
export async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    const told = toFileError(error, 'read', path);
    if (told.code === 'not-found') return undefined;
    throw told;
  }
  return hash.digest('hex');
}

/** Deletes a file. False where there is none. Throws `permission`. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    const told = toFileError(error, 'delete', path);
    if (told.code === 'not-found') return false;
    throw told;
  }
}

/** Brings the part to its full length, in as many requests as it takes. Gives what was there at the start. */
async function fetchWhole(task: Task, options: DownloadOptions): Promise<number> {
  const { file, url, part } = task;
  const { signal, wait = pause } = options;
  if ((await sizeOf(part)) > file.bytes) await removeFile(part);
  const resumed = await sizeOf(part);
  let have = resumed;
  for (let vain = 0; have < file.bytes; ) {
    throwIfAborted(signal);
    const loss = await requestRest(task, have, options);
    const now = await sizeOf(part);
    if (now === file.bytes) break;
    vain = now > have ? 0 : vain + 1;
    have = now;
    const pauseMs = PAUSES_MS[Math.max(0, vain - 1)];
    if (pauseMs === undefined) {
      const kept =
        have === 0 ? 'Check the network and try again.' : `${have} bytes are here; try again to get the rest.`;
      const why = loss?.why ?? 'the connection ends too early';
      throw new FocalError('network', `Could not download ${url}: ${why}.`, { hint: kept, cause: loss?.cause });
    }
    await wait(pauseMs, signal);
  }
  return resumed;
}

/** Asks for what is missing and appends it to the part. Throws what another try would not mend. */
async function requestRest(task: Task, have: number, options: DownloadOptions): Promise<Loss> {
  const { signal, fetch = globalThis.fetch, stallMs = STALL_MS } = options;
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal?.addEventListener('abort', abort);
  let isStalled = false;
  const timer = setTimeout(() => {
    isStalled = true;
    abort();
  }, stallMs);
  try {
    const response = await fetch(task.url, {
      headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal: controller.signal,
    });
    const start = await checkResponse(task, response, have);
    if (typeof start !== 'number') {
      await response.body?.cancel();
      return start;
    }
    if (response.body !== null)
      await receive(task, response.body, start, { ...options, onAlive: () => timer.refresh() });
    return undefined;
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof FocalError) throw error;
    if (isStalled) return { why: `nothing came for ${Math.round(stallMs / 1000)} s`, cause: error };
    return { why: reasonOf(error), cause: error };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    abort();
  }
}

/** Where in the file the answer starts, or that it may be had later. Throws where it is not the model. */
async function checkResponse({ file, url, part }: Task, response: Response, have: number): Promise<number | Loss> {
  const { status, headers } = response;
  const says = `it answers ${status}${response.statusText === '' ? '' : ` ${response.statusText}`}`;
  if (status === 416) {
    await removeFile(part);
    return { why: says };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) return { why: says };
  if (status !== 200 && status !== 206) throw failed(url, says);
  if (/^(text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '')) {
    throw failed(url, 'it gives a web page instead of the model');
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && (range === null || Number(range[1]) !== have))
    throw failed(url, 'it gives another part than asked for');
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  const size = status === 200 ? length : (range?.[2] ?? null);
  if (size !== null && size !== '*' && Number(size) !== file.bytes) {
    throw new FocalError(
      'model-invalid',
      `What ${url} gives is not the model that Focal knows: expected ${file.bytes} bytes, it has ${size}.`,
      { hint: 'Nothing of it was kept. Name another source with --from.' },
    );
  }
  return status === 206 ? have : 0;
}

async function receive(
  { file, url, part }: Task,
  body: AsyncIterable<Uint8Array>,
  start: number,
  { onBytes, onAlive }: DownloadOptions & { readonly onAlive: () => void },
): Promise<void> {
  const handle = await openPart(part, start);
  try {
    let at = start;
    for await (const chunk of body) {
      onAlive();
      if (at + chunk.length > file.bytes) {
        await removeFile(part);
        throw new FocalError(
          'model-invalid',
          `What ${url} gives is not the model that Focal knows: it has more than the expected ${file.bytes} bytes.`,
          { hint: 'It was deleted. Name another source with --from.' },
        );
      }
      await writeAt(handle, chunk, at, part);
      at += chunk.length;
      onBytes?.(at);
    }
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}

async function openPart(part: string, start: number): Promise<FileHandle> {
  try {
    return await open(part, start > 0 ? 'r+' : 'w', 0o600);
  } catch (error) {
    throw toFileError(error, 'write', part);
  }
}

async function writeAt(handle: FileHandle, chunk: Uint8Array, at: number, part: string): Promise<void> {
  try {
    for (let done = 0; done < chunk.length; ) {
      done += (await handle.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
    }
  } catch (error) {
    const told = toFileError(error, 'write', part);
    if (told.code !== 'no-space') throw told;
    throw new FocalError('no-space', told.message, {
      hint: 'Make room and try again: what has come is kept, and it goes on from there.',
      cause: error,
    });
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (facts) => (facts.isFile() ? facts.size : 0),
    () => 0,
  );
}

function failed(url: string, why: string): FocalError {
  return new FocalError('network', `Could not download ${url}: ${why}.`, {
    hint: 'Name another source with --from, or put the file into the folder of models yourself.',
  });
}

/** The system's own words, which `fetch` hides behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
