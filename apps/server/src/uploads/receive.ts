import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { kindOf, missingPicture, tooLarge, toUploadError, wrongContentType } from './errors.ts';
import { receiveMultipart } from './multipart.ts';
import { pumpBody } from './pump.ts';
import type { Pump, Received, ReceiveOptions } from './types.ts';

/**
 * Streams the pictures of a request to files: a form with the picture as `image`, or the picture as the whole body.
 * Memory stays at a few chunks whatever the size. Throws `too-large` by the announced length before a byte is read and
 * else while streaming, `unsupported-format` for other content types, `invalid-argument` where the picture is missing
 * or empty, `aborted`, `timeout`, `no-space`.
 */
export async function receiveUpload(request: Request, options: ReceiveOptions): Promise<Received> {
  const type = request.headers.get('content-type') ?? '';
  const form = /^multipart\/form-data\b/i.test(type);
  const name = options.photoName ?? 'image';
  const kind = kindOf(name);
  if (!form && !new RegExp(`^(${kind}/|application/octet-stream\\b)`, 'i').test(type))
    throw wrongContentType(type, name);
  assertAnnouncedLength(request, options.maxBytes);
  const { body } = request;
  if (body === null) throw missingPicture('an empty body', name);

  const pump = (sink: Writable, signal: AbortSignal): Promise<void> => pumpBody(body, sink, options.maxBytes, signal);
  return form ? receiveMultipart(pump, type, options) : receiveRaw(pump, options, kind);
}

async function receiveRaw(pump: Pump, options: ReceiveOptions, name: 'image' | 'video'): Promise<Received> {
  const path = join(options.folder, name);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pump(file, options.signal).catch((error) => {
    throw toUploadError(error, options.signal);
  });
  if (file.bytesWritten === 0) throw missingPicture('an empty body', options.photoName ?? name);
  return new Map([[name, path]]);
}

function assertAnnouncedLength(request: Request, maxBytes: number): void {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes, announced);
}
