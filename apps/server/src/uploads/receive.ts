import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { missingPicture, tooLarge, toUploadError, wrongContentType } from './errors.ts';
import { receiveMultipart } from './multipart.ts';
import type { Received, ReceiveOptions } from './types.ts';

/**
 * Streams the pictures of a request to files: a form with the picture as `image`, or the picture as the whole body.
 * Memory stays at a few chunks whatever the size. Throws `too-large` by the announced length before a byte is read and
 * else while streaming, `unsupported-format` for other content types, `invalid-argument` where the picture is missing
 * or empty, `aborted`, `timeout`, `no-space`.
 */
export async function receiveUpload(request: Request, options: ReceiveOptions): Promise<Received> {
  const type = request.headers.get('content-type') ?? '';
  const form = /^multipart\/form-data\b/i.test(type);
  if (!form && !/^(image\/|application\/octet-stream\b)/i.test(type)) throw wrongContentType(type);
  assertAnnouncedLength(request, options.maxBytes);
  if (request.body === null) throw missingPicture('an empty body');

  const body = Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
  const limited = limitBytes(options.maxBytes);
  const received = form
    ? await receiveMultipart((sink, signal) => pipeline(body, limited, sink, { signal }), type, options)
    : await receiveRaw(body, limited, options);
  return received;
}

async function receiveRaw(body: Readable, limited: Transform, options: ReceiveOptions): Promise<Received> {
  const path = join(options.folder, 'image');
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(body, limited, file, { signal: options.signal }).catch((error) => {
    throw toUploadError(error, options.signal);
  });
  if (file.bytesWritten === 0) throw missingPicture('an empty body');
  return new Map([['image', path]]);
}

function assertAnnouncedLength(request: Request, maxBytes: number): void {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes, announced);
}

function limitBytes(maxBytes: number): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      total += chunk.length;
      if (total > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}
