import { FocalError } from '@focal/core';
import type Sharp from 'sharp';

/** The sharp library, with its caches off: pictures of users are not to linger in memory. */
export async function importSharp(): Promise<typeof Sharp> {
  try {
    const { default: sharp } = await import('sharp');
    sharp.cache(false);
    return sharp;
  } catch (cause) {
    throw new FocalError('internal', `The picture library sharp cannot be loaded: ${String(cause)}`, {
      hint: `Reinstall it for ${process.platform} on ${process.arch}: npm ci (not with --omit=optional).`,
      cause,
    });
  }
}
