import { createMatte, createPicture, type Matte, type Picture } from '@focal/core';
import sharp from 'sharp';

/** A photo from a file: upright, sRGB, 8 bit. */
export async function readPhoto(path: string): Promise<Picture> {
  const { data, info } = await sharp(path)
    .rotate()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data });
}

/** A mask from a picture file: its first channel. */
export async function readMask(path: string): Promise<Matte> {
  const { data, info } = await sharp(path)
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return createMatte(info.width, info.height, { data });
}
