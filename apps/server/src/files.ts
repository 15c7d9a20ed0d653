import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { FocalError } from '@focal/core';
import { getMimeType } from 'hono/utils/mime';

/** Kept for a year without asking again: for addresses whose content never changes. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Kept, but asked for anew each time (which costs a 304). */
export const REVALIDATE = 'no-cache';

export interface SendOptions {
  readonly cacheControl: string;
  /** Default: by the file's extension. */
  readonly type?: string;
}

/**
 * A file as an answer, streamed, with its ETag; 304 where the client has it. Throws `not-found` where there is no such
 * file.
 */
export async function sendFile(request: Request, path: string, options: SendOptions): Promise<Response> {
  const { size, mtimeMs } = await statFile(path);
  const etag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
  const headers = { etag, 'cache-control': options.cacheControl };
  if (hasTag(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  return new Response(request.method === 'HEAD' ? null : streamFile(path), {
    headers: {
      ...headers,
      'content-type': options.type ?? getMimeType(path) ?? 'application/octet-stream',
      'content-length': String(size),
    },
  });
}

/** The body of a file; the file is closed at its end and when the client leaves. */
function streamFile(path: string): ConstructorParameters<typeof Response>[0] {
  const stream: unknown = Readable.toWeb(createReadStream(path, { highWaterMark: 256 * 1024 }));
  // Node's stream is the very class that Response takes; only the two declarations of it differ.
  return stream as ConstructorParameters<typeof Response>[0];
}

async function statFile(path: string): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) return stats;
  throw new FocalError('not-found', 'There is no such file.');
}

/** RFC 9110's weak comparison: a proxy or our own compression may have made the tag weak. */
function hasTag(header: string | null, etag: string): boolean {
  return (header ?? '').split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}
