import { Writable } from 'node:stream';
import { tooLarge, toUploadError } from './errors.ts';
import { pumpBody } from './pump.ts';

/** The body of a request. Throws `too-large` by the announced length before a byte is read and else while reading. */
export async function receiveBytes(
  request: Request,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes, announced);
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _, next) {
      chunks.push(chunk);
      next();
    },
  });
  if (request.body !== null) {
    await pumpBody(request.body, sink, maxBytes, signal).catch((error) => {
      throw toUploadError(error, signal);
    });
  }
  return Buffer.concat(chunks);
}
