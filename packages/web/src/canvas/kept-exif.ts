import { createExifBlock, EXIFR_OPTIONS, type ExifValues, findExifBlock, type MetadataChoice } from '@focal/core';

/**
 * What of a photo's EXIF is kept, as a block for its result; undefined where there is nothing. A block that cannot be read
 * counts as none.
 */
export async function readKeptExif(
  wish: { readonly file: Blob; readonly keep: MetadataChoice } | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (wish === undefined || wish.keep === 'none') return undefined;
  const bytes = new Uint8Array(await wish.file.arrayBuffer());
  const source = findExifBlock(bytes) ?? bytes;
  const { default: exifr } = await import('exifr');
  try {
    const values: ExifValues | undefined = await exifr.parse(source, EXIFR_OPTIONS);
    return values === undefined ? undefined : createExifBlock(values, wish.keep);
  } catch {
    return undefined;
  }
}
