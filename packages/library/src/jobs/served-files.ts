import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { FocalError, throwIfAborted } from '@focal/core';
import { toDiskError } from '../files/disk-error.ts';
import type { AssetToIndex, IndexFiles } from './index-files.ts';

export interface ServedFilesOptions {
  /** Of a Focal that serves the same library, such as `http://photos.lan:4600`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** For files while they are worked on. Made where it is missing. */
  readonly folder: string;
  readonly fetch?: typeof fetch;
}

const MOST_TRIES = 5;
const FIRST_WAIT_MS = 300;

/**
 * Files that a server hands out, for machines that do not have the library's folders: originals are fetched to a folder
 * for as long as they are worked on, in parts where the connection breaks, and small pictures are sent back.
 */
export function createServedFiles({ url, token, folder, fetch: send = fetch }: ServedFilesOptions): IndexFiles {
  const base = url.replace(/\/+$/, '');
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function ask(
    path: string,
    init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Response> {
    try {
      return await send(`${base}${path}`, { ...init, headers: { ...headers, ...init.headers }, redirect: 'error' });
    } catch (cause) {
      throwIfAborted(init.signal ?? undefined);
      throw new FocalError('network', `The server at ${base} cannot be reached.`, {
        hint: 'Check that it runs, and its address.',
        cause,
      });
    }
  }

  /** Adds what is missing to the file. False where the answer ended too early. */
  async function fetchRest(asset: AssetToIndex, path: string, signal: AbortSignal): Promise<boolean> {
    const start = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    if (start === asset.bytes) return true;
    const answer = await ask(`/v1/library/assets/${asset.id}/original`, {
      signal,
      headers: start === 0 ? {} : { range: `bytes=${start}-` },
    });
    if (!answer.ok || answer.body === null) throw await toError(answer, base);
    // A server that knows no parts begins anew.
    const flags = answer.status === 206 ? 'a' : 'w';
    try {
      const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
      await pipeline(body, createWriteStream(path, { flags, mode: 0o600 }), { signal });
    } catch (error) {
      throwIfAborted(signal);
      const told = toDiskError(error, path);
      if (told instanceof FocalError) throw told;
      return false;
    }
    const { size } = await stat(path);
    if (size > asset.bytes) {
      throw new FocalError('not-found', 'The file is not the one that was imported.', {
        hint: 'Look through its folder again.',
      });
    }
    return size === asset.bytes;
  }

  return {
    async open(asset, _, signal) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${asset.id}-${randomBytes(4).toString('hex')}`);
      const remove = (): Promise<void> => rm(path, { force: true });
      try {
        for (let tries = 1; ; tries++) {
          const isWhole = await retryable(() => fetchRest(asset, path, signal), tries < MOST_TRIES);
          if (isWhole) return { path, [Symbol.asyncDispose]: remove };
          if (tries >= MOST_TRIES) {
            throw new FocalError('network', `The connection to ${base} broke again and again.`, { hint: 'Try again.' });
          }
          await delay(FIRST_WAIT_MS * 2 ** tries, undefined, { signal }).catch(() => throwIfAborted(signal));
        }
      } catch (error) {
        await remove();
        throw error;
      }
    },
    // The server is not asked: it would make what is missing itself.
    hasPicture: async () => false,
    async writePicture(asset, kind, bytes, signal) {
      const name = kind === 'grid' ? 'thumbnail' : 'preview';
      const answer = await ask(`/v1/library/assets/${asset.id}/${name}?sha256=${asset.sha256}`, {
        method: 'PUT',
        body: Uint8Array.from(bytes),
        headers: { 'content-type': 'image/webp' },
        signal,
      });
      if (!answer.ok) throw await toError(answer, base);
      await answer.body?.cancel();
    },
  };
}

/** False where the network failed and it may be tried again. */
async function retryable(work: () => Promise<boolean>, again: boolean): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (again && error instanceof FocalError && error.code === 'network') return false;
    throw error;
  }
}

/** Of a file that the server does not have it says so; all else is between us and the server. */
async function toError(answer: Response, base: string): Promise<FocalError> {
  const { detail, hint } = (await answer.json().catch(() => ({}))) as { detail?: string; hint?: string };
  const said = detail ?? `status ${answer.status}`;
  if (answer.status === 404) return new FocalError('not-found', said, hint === undefined ? {} : { hint });
  if (answer.status === 401) {
    return new FocalError('network', `The server at ${base} asks for its token.`, {
      hint: 'Name it with --token, or in FOCAL_TOKEN.',
    });
  }
  return new FocalError('network', `The server at ${base} refused: ${said}`, hint === undefined ? {} : { hint });
}
