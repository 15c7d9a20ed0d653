import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, FocalError } from '@focal/core';
import { findHolder, type Library, type LibraryOptions, lockPath, openLibrary, QueryError } from '@focal/library';
import { createApp, createLibraryDoor } from '@focal/server';
import { createFocal, type Focal, type FocalOptions } from 'focal';

/** The library's API: that of a Focal which serves the library already, or of this very process. */
export interface LibraryClient {
  /** The answer's JSON. A body is sent as JSON, or bytes as they are. Throws the error that the answer tells. */
  ask<T>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object | Uint8Array<ArrayBuffer>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<T>;
  /** The answer's body. Throws as `ask`. */
  read(path: string): Promise<ReadableStream<Uint8Array>>;
  /** A whole answer with its type. */
  load(path: string): Promise<{ readonly bytes: Uint8Array; readonly type: string }>;
  /** Whether the work goes on when this process ends. */
  readonly isServed: boolean;
}

export interface ClientOptions {
  readonly focal: FocalOptions;
  /** Whether folders are looked through and photos worked on; else only what is known is told. */
  readonly works: boolean;
  /** Told of what goes wrong with the library itself. */
  readonly onError?: (error: unknown) => void;
}

/** Where the library of this Focal lies, and how it is opened. */
export async function openOwnLibrary(
  focal: Focal,
  more: Pick<LibraryOptions, 'works' | 'scans' | 'watches' | 'indexFiles' | 'onError'>,
): Promise<Library> {
  const { dataFolder, threads, profile } = await focal.about();
  const databaseUrl = process.env.DATABASE_URL || undefined;
  return openLibrary({
    folder: join(dataFolder, 'library'),
    media: focal.media,
    // One more than threads fills the gaps between the stages of a photo.
    together: profile === 'fast' ? threads + 1 : Math.max(2, threads),
    ...more,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
}

/** Whether there is a library, without opening it. */
export async function hasOwnLibrary(focal: Focal): Promise<boolean> {
  if (process.env.DATABASE_URL) return true;
  const { dataFolder } = await focal.about();
  return existsSync(join(dataFolder, 'library', 'database'));
}

/** Runs `work` with the library, and closes what was opened for it. Throws `LibraryHeldError`. */
export async function withLibrary<T>(options: ClientOptions, work: (client: LibraryClient) => Promise<T>): Promise<T> {
  await using focal = await createFocal(options.focal);
  const { dataFolder } = await focal.about();
  const holder = process.env.DATABASE_URL ? undefined : await findHolder(lockPath(join(dataFolder, 'library')));
  if (holder?.url !== undefined) {
    const { url, token } = holder;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return work(createClient((path, init) => fetch(`${url}${path}`, withHeaders(init, headers)), true));
  }
  await using door = createLibraryDoor(() => openOwnLibrary(focal, options));
  // Before anything is asked, so that its errors come as they are.
  await door.open();
  const app = createApp({
    focal,
    library: door,
    ...(options.onError !== undefined && { onDefect: options.onError }),
  });
  return await work(createClient(async (path, init) => app.request(`http://127.0.0.1${path}`, init), false));
}

/** As the API tells errors. */
interface Problem {
  readonly code: ErrorCode | 'forbidden';
  readonly detail: string;
  readonly hint?: string;
  /** Of a search that cannot be understood. */
  readonly offset?: number;
  readonly length?: number;
}

function withHeaders(init: RequestInit, headers: Readonly<Record<string, string>>): RequestInit {
  return { ...init, headers: { ...(init.headers as Record<string, string>), ...headers } };
}

function createClient(send: (path: string, init: RequestInit) => Promise<Response>, isServed: boolean): LibraryClient {
  async function get(path: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await send(path, init);
    } catch (cause) {
      throw new FocalError('closed', 'The Focal that serves the library has ended.', { hint: 'Try again.', cause });
    }
    if (answer.ok) return answer;
    const { code, detail, hint, offset, length } = (await answer.json()) as Problem;
    if (offset !== undefined && length !== undefined) throw new QueryError(offset, length, detail, hint);
    // The server's word for what is not for whoever asks.
    throw new FocalError(code === 'forbidden' ? 'permission' : code, detail, hint === undefined ? {} : { hint });
  }
  return {
    isServed,
    async ask<T>(
      method: string,
      path: string,
      body?: object | Uint8Array<ArrayBuffer>,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<T> {
      const init: RequestInit =
        body === undefined
          ? { method }
          : body instanceof Uint8Array
            ? { method, body, headers: { 'content-type': 'application/octet-stream' } }
            : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const text = await (await get(path, withHeaders(init, headers))).text();
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    async load(path) {
      const answer = await get(path, { method: 'GET' });
      return { bytes: new Uint8Array(await answer.arrayBuffer()), type: answer.headers.get('content-type') ?? '' };
    },
    async read(path) {
      const { body } = await get(path, { method: 'GET' });
      if (body === null) throw new FocalError('internal', 'The answer is empty.');
      return body;
    },
  };
}
