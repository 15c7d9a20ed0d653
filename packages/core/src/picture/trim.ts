import { FocalError } from '../errors.ts';
import { createPicture, type Picture } from './picture.ts';
import type { Region } from './resize.ts';

/** A part of the picture as a picture of its own; whole pixels. Throws `invalid-argument` where it reaches outside. */
export function cropPicture(picture: Picture, region: Region): Picture {
  const { x, y, width, height } = region;
  if (
    ![x, y].every(Number.isSafeInteger) ||
    x < 0 ||
    y < 0 ||
    x + width > picture.width ||
    y + height > picture.height
  ) {
    throw new FocalError(
      'invalid-argument',
      `Expected a region of whole pixels inside ${picture.width}×${picture.height}, got ${width}×${height} at ${x}, ${y}.`,
    );
  }
  const result = createPicture(width, height, { colorSpace: picture.colorSpace });
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * picture.width + x) * 4;
    result.data.set(picture.data.subarray(start, start + width * 4), row * width * 4);
  }
  return result;
}

/**
 * The picture cropped to what is visible, with a margin on each side that is a fraction of the subject's longer side.
 * Nothing is added where the margin would reach outside. A picture with nothing visible comes back as it is.
 * Throws `invalid-argument` for a margin below 0 or above 1.
 */
export function trimToSubject(picture: Picture, marginFraction = 0): Picture {
  if (!(marginFraction >= 0 && marginFraction <= 1)) {
    throw new FocalError('invalid-argument', `Expected a number from 0 to 1 for the margin, got ${marginFraction}.`);
  }
  const bounds = findVisible(picture);
  if (bounds === undefined) return picture;
  const margin = Math.round(Math.max(bounds.width, bounds.height) * marginFraction);
  const x = Math.max(0, bounds.x - margin);
  const y = Math.max(0, bounds.y - margin);
  const right = Math.min(picture.width, bounds.x + bounds.width + margin);
  const bottom = Math.min(picture.height, bounds.y + bounds.height + margin);
  return cropPicture(picture, { x, y, width: right - x, height: bottom - y });
}

// Alpha of 1 to 7 of 255 is not seen; a stray value of that kind must not hold the crop open.
const VISIBLE = 8;

function findVisible(picture: Picture): Region | undefined {
  const { width, height, data } = picture;
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width * 4 + 3; x < width; x++, i += 4) {
      if ((data[i] as number) < VISIBLE) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
