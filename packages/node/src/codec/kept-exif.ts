import { createExifBlock, EXIFR_OPTIONS, type ExifValues, findExifBlock, type MetadataChoice } from '@focal/core';
import exifr from 'exifr';

/**
 * What of a file's EXIF is kept, as a block for its result; undefined where there is nothing. A block that cannot be read
 * counts as none.
 */
export async function readKeptExif(
  bytes: Uint8Array,
  choice: Exclude<MetadataChoice, 'none'>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const source = findExifBlock(bytes) ?? bytes;
  try {
    const values = (await exifr.parse(source, EXIFR_OPTIONS)) as ExifValues | undefined;
    return values === undefined ? undefined : createExifBlock(values, choice);
  } catch {
    return undefined;
  }
}
