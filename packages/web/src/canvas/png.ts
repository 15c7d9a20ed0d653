import { crc32, FocalError, type Picture, throwIfAborted } from '@focal/core';

export interface PngOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

const ROWS_A_TURN = 64;
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * The picture as PNG (RFC 2083 and the third edition of the PNG specification for `cICP`). Written here because a
 * canvas keeps premultiplied colour and so loses colour where alpha is low: these bytes hold the picture exactly.
 */
export async function encodePng(picture: Picture, options: PngOptions = {}): Promise<Blob> {
  const { width, height } = picture;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  const parts: BlobPart[] = [SIGNATURE, toChunk('IHDR', header), toChunk('cICP', toCicp(picture))];
  for await (const bytes of deflateRows(picture, options)) parts.push(toChunk('IDAT', bytes));
  parts.push(toChunk('IEND', new Uint8Array(0)));
  return new Blob(parts, { type: 'image/png' });
}

/** Primaries, transfer function, matrix, full range by ITU-T H.273: Display P3 or sRGB. */
function toCicp(picture: Picture): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(picture.colorSpace === 'display-p3' ? 12 : 1, 13, 0, 1);
}

async function* deflateRows(picture: Picture, options: PngOptions): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const stream = new CompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const written = writeRows(picture, writer, options);
  // Read below; until then a failure must not count as unhandled.
  written.catch(() => undefined);
  const reader = stream.readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    yield value as Uint8Array<ArrayBuffer>;
  }
  await written;
}

async function writeRows(
  picture: Picture,
  writer: WritableStreamDefaultWriter<BufferSource>,
  options: PngOptions,
): Promise<void> {
  try {
    for (let from = 0; from < picture.height; from += ROWS_A_TURN) {
      throwIfAborted(options.signal);
      const to = Math.min(picture.height, from + ROWS_A_TURN);
      await writer.write(filterRows(picture, from, to));
      options.onProgress?.(to / picture.height);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** The rows with filter type 1 (Sub): each byte less the one of the pixel to its left. */
function filterRows({ width, data }: Picture, from: number, to: number): Uint8Array<ArrayBuffer> {
  const stride = width * 4;
  const out = new Uint8Array((stride + 1) * (to - from));
  let target = 0;
  for (let y = from; y < to; y++) {
    out[target++] = 1;
    const start = y * stride;
    const end = start + stride;
    for (let i = start; i < start + 4; i++) out[target++] = data[i] as number;
    for (let i = start + 4; i < end; i++) out[target++] = (data[i] as number) - (data[i - 4] as number);
  }
  return out;
}

function toChunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(body.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(body, 8);
  view.setUint32(body.length + 8, crc32(chunk.subarray(4, body.length + 8)));
  return chunk;
}

/** Throws `invalid-argument` on a picture without pixels; guards the encoders' doors. */
export function assertPixels(picture: Picture): void {
  if (picture.data.length !== picture.width * picture.height * 4) {
    throw new FocalError('invalid-argument', 'Expected four bytes for each pixel.');
  }
}
