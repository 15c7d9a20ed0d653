import { type ColorSpace, FocalError, type Picture } from '@focal/core';

/** Placeholder until the HEIC decoder stands. */
export async function decodeHeic(
  _bytes: Uint8Array,
  _maxPixels: number,
  _colorSpace: 'keep' | ColorSpace,
): Promise<{ readonly bytes: Uint8Array; readonly hasAlpha: boolean; readonly picture?: Picture }> {
  throw new FocalError('unsupported-format', 'HEIC is not read yet.');
}
