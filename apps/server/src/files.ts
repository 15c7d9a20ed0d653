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
  /** What its ETag is made of. Default: its size and when it was changed. */
  readonly tag?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A file as an answer, streamed, with its ETag; 304 where the client has it, a part where one is asked for (RFC 9110,
 * one range). A path that is no valid text comes as its bytes. Throws `not-found` where there is no such file.
 */
export async function sendFile(request: Request, path: string | Uint8Array, options: SendOptions): Promise<Response> {
  const systemPath = typeof path === 'string' ? path : Buffer.from(path);
  const { size, mtimeMs } = await statFile(systemPath);
  const etag = `"${options.tag ?? `${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}`}"`;
  const headers = { etag, 'cache-control': options.cacheControl, 'accept-ranges': 'bytes', ...options.headers };
  if (hasTag(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  const type = options.type ?? (typeof path === 'string' ? getMimeType(path) : undefined) ?? 'application/octet-stream';
  const ifRange = request.headers.get('if-range');
  const wanted = ifRange === null || ifRange === etag ? parseRange(request.headers.get('range'), size) : undefined;
  if (wanted === 'outside') {
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  }
  const { start, end } = wanted ?? { start: 0, end: size - 1 };
  return new Response(request.method === 'HEAD' || size === 0 ? null : streamFile(systemPath, start, end), {
    status: wanted === undefined ? 200 : 206,
    headers: {
      ...headers,
      'content-type': type,
      'content-length': String(end - start + 1),
      ...(wanted !== undefined && { 'content-range': `bytes ${start}-${end}/${size}` }),
    },
  });
}

/** The one range that is asked for; nothing where there is none, or several, which may be answered with the whole. */
function parseRange(
  header: string | null,
  size: number,
): { readonly start: number; readonly end: number } | 'outside' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [first, last] = [match[1] as string, match[2] as string];
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (last !== '' && first !== '' && Number(last) < Number(first)) return undefined;
  return start < size && start <= end ? { start, end } : 'outside';
}

/** The body of a file; the file is closed at its end and when the client leaves. */
function streamFile(path: string | Buffer, start: number, end: number): ConstructorParameters<typeof Response>[0] {
  const stream: unknown = Readable.toWeb(createReadStream(path, { start, end, highWaterMark: 256 * 1024 }));
  // Node's stream is the very class that Response takes; only the two declarations of it differ.
  return stream as ConstructorParameters<typeof Response>[0];
}

async function statFile(path: string | Buffer): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) return stats;
  throw new FocalError('not-found', 'There is no such file.');
}

/** RFC 9110's weak comparison: a proxy or our own compression may have made the tag weak. */
export function hasTag(header: string | null, etag: string): boolean {
  return (header ?? '').split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}
