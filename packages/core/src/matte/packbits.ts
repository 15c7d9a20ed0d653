import { FocalError } from '../errors.ts';
import type { Bytes } from '../picture/picture.ts';

const MAX_RUN = 128;

/**
 * Bytes with their runs shortened: PackBits as in TIFF 6.0, section 9. A head byte 0..127 stands before that many and
 * one literal bytes, 129..255 before one byte that is repeated 257 − head times. Mattes shrink to some hundredth.
 */
export function packBits(data: Bytes): Uint8Array {
  // Never more than one head byte in front of 128 literals.
  const out = new Uint8Array(data.length + Math.ceil(data.length / MAX_RUN));
  let at = 0;
  let i = 0;
  while (i < data.length) {
    const run = runLength(data, i);
    if (run > 2) {
      out[at++] = 257 - run;
      out[at++] = data[i] as number;
      i += run;
      continue;
    }
    const start = i;
    while (i < data.length && i - start < MAX_RUN && runLength(data, i) <= 2) i++;
    out[at++] = i - start - 1;
    out.set(data.subarray(start, i), at);
    at += i - start;
  }
  return out.slice(0, at);
}

/** The inverse of {@link packBits}. Throws `corrupt-input` where the bytes do not unpack to exactly `length`. */
export function unpackBits(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  let at = 0;
  let i = 0;
  while (i < packed.length) {
    const head = packed[i++] as number;
    if (head === 128) continue;
    const count = head < 128 ? head + 1 : 257 - head;
    const taken = head < 128 ? count : 1;
    if (at + count > length || i + taken > packed.length) break;
    if (head < 128) out.set(packed.subarray(i, i + count), at);
    else out.fill(packed[i] as number, at, at + count);
    i += taken;
    at += count;
  }
  if (at === length && i === packed.length) return out;
  throw new FocalError('corrupt-input', `Expected packed bytes for ${length} values, got others.`);
}

function runLength(data: Bytes, start: number): number {
  const value = data[start];
  let end = start + 1;
  while (end < data.length && end - start < MAX_RUN && data[end] === value) end++;
  return end - start;
}
