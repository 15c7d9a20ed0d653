import { FocalError } from '../errors.ts';
import { type Allocate, allocateLocal, assertSize, type Bytes } from './picture.ts';

/**
 * How much of each pixel belongs to the subject: one byte a pixel, 0 none to 255 all. Its size need not be the
 * picture's: it always covers the whole upright picture, edge to edge.
 */
export interface Matte {
  readonly width: number;
  readonly height: number;
  /** `width * height` bytes. */
  readonly data: Bytes;
}

/** A new empty matte, or one over the given bytes (not copied). Throws `invalid-argument` on a size mismatch. */
export function createMatte(
  width: number,
  height: number,
  options: { readonly data?: Bytes; readonly allocate?: Allocate } = {},
): Matte {
  assertSize(width, height);
  const { data, allocate = allocateLocal } = options;
  if (data !== undefined && data.length !== width * height) {
    throw new FocalError(
      'invalid-argument',
      `Expected ${width * height} bytes for a matte of ${width}×${height}, got ${data.length}.`,
    );
  }
  return { width, height, data: data ?? new Uint8Array(allocate(width * height), 0, width * height) };
}
