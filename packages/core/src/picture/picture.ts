import { FocalError } from '../errors.ts';

/** Bytes on either kind of buffer: shared ones let worker threads fill one picture together. */
export type Bytes = Uint8Array | Uint8ClampedArray;

export type ColorSpace = 'srgb' | 'display-p3';

/**
 * A picture in memory: 8-bit RGBA, row by row from the top left, *straight* (not premultiplied) alpha, upright.
 * Plain data, so that it crosses `postMessage`. [Note: straight alpha everywhere]
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `width * height * 4` bytes. Treated as immutable once the picture has been handed on. */
  readonly data: Bytes;
  readonly colorSpace: ColorSpace;
}

/**
 * How memory for results is had: at least so much, zeros, or anything where all that is read of it will have been
 * written before. The default is a fresh ArrayBuffer; Node's pool hands out shared memory.
 */
export type Allocate = (byteLength: number, contents?: 'zeros' | 'anything') => ArrayBufferLike;

export const allocateLocal: Allocate = (byteLength) => new ArrayBuffer(byteLength);

/** For what is written all over before it is read. */
export function uncleared(allocate: Allocate): Allocate {
  return (byteLength) => allocate(byteLength, 'anything');
}

/**
 * A new transparent black picture, or one over the given bytes (not copied).
 * Throws `invalid-argument` when the size is not a positive whole number or does not fit the bytes.
 */
export function createPicture(
  width: number,
  height: number,
  options: { readonly data?: Bytes; readonly colorSpace?: ColorSpace; readonly allocate?: Allocate } = {},
): Picture {
  assertSize(width, height);
  const { data, colorSpace = 'srgb', allocate = allocateLocal } = options;
  const length = width * height * 4;
  if (data !== undefined && data.length !== length) {
    throw new FocalError(
      'invalid-argument',
      `Expected ${length} bytes of RGBA for a picture of ${width}×${height}, got ${data.length}.`,
    );
  }
  return { width, height, data: data ?? new Uint8Array(allocate(length), 0, length), colorSpace };
}

/** Throws `invalid-argument` unless both are whole numbers from 1. */
export function assertSize(width: number, height: number): void {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1) {
    throw new FocalError(
      'invalid-argument',
      `Expected a width and height of at least 1 pixel, got ${width}×${height}.`,
    );
  }
}
