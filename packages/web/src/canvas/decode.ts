import { FocalError, type Picture } from '@focal/core';
import { type FileKind, isDisplayP3, SNIFF_BYTES, sniffKind } from './sniff.ts';
import { readStraight } from './straight.ts';

export interface DecodeOptions {
  /** More pixels than these are refused. Default 100 million. */
  readonly maxPixels?: number | undefined;
}

/**
 * The picture in a file, upright by its EXIF orientation, decoded by the browser; in Display P3 where the file says so,
 * else in sRGB. For a worker: a 12 MP photo takes some 200 ms.
 *
 * Throws `unsupported-format` where the bytes are no picture or of a kind this browser does not read, `corrupt-input`
 * where they are of a kind it does read and yet fail, `too-large` over the pixel limit.
 */
export async function decodePicture(file: Blob, options: DecodeOptions = {}): Promise<Picture> {
  const { head, kind } = await readHead(file);
  const bitmap = await toBitmap(file, kind, { imageOrientation: 'from-image', premultiplyAlpha: 'none' });
  try {
    const limit = options.maxPixels ?? 100_000_000;
    if (bitmap.width * bitmap.height > limit) {
      throw new FocalError(
        'too-large',
        `Expected at most ${Math.round(limit / 1e6)} megapixels, got ${bitmap.width}×${bitmap.height}.`,
        { hint: 'Make the picture smaller first.' },
      );
    }
    const picture = toPicture(bitmap, isDisplayP3(head) ? 'display-p3' : 'srgb');
    const straight = readStraight(bitmap, picture);
    return straight === undefined ? picture : { ...picture, data: straight };
  } finally {
    bitmap.close();
  }
}

/** The picture in a file to be drawn, such as a small copy. The caller closes it. Throws as {@link decodePicture}, of any size. */
export async function readBitmap(file: Blob, options: ImageBitmapOptions = {}): Promise<ImageBitmap> {
  const { kind } = await readHead(file);
  return toBitmap(file, kind, options);
}

async function readHead(file: Blob): Promise<{ readonly head: Uint8Array<ArrayBuffer>; readonly kind: FileKind }> {
  if (file.size === 0) {
    throw new FocalError('corrupt-input', 'The file is empty.', { hint: 'Choose the photo again from where it lies.' });
  }
  const head = new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer());
  const kind = sniffKind(head);
  if (kind === undefined) {
    throw new FocalError('unsupported-format', 'Expected a picture, got a file of another kind.', {
      hint: 'Focal opens JPEG, PNG, WebP, AVIF, GIF, TIFF and HEIC.',
    });
  }
  return { head, kind };
}

async function toBitmap(file: Blob, kind: FileKind, options: ImageBitmapOptions): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, options);
  } catch (cause) {
    if (kind === 'heic' || kind === 'tiff') {
      throw new FocalError('unsupported-format', `This browser does not read ${kind.toUpperCase()} pictures.`, {
        hint: 'The Focal server reads them; start it and try again.',
        cause,
      });
    }
    throw new FocalError('corrupt-input', `The ${kind.toUpperCase()} picture is broken, cut short or too large.`, {
      hint: 'Copy it again from where it comes from, or open another one.',
      cause,
    });
  }
}

function toPicture(bitmap: ImageBitmap, colorSpace: Picture['colorSpace']): Picture {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { colorSpace, willReadFrequently: true });
  if (context === null) {
    throw new FocalError('too-large', `The browser has no room for a picture of ${width}×${height}.`, {
      hint: 'Close other tabs, or make the picture smaller first.',
    });
  }
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height, { colorSpace });
  return { width, height, data, colorSpace };
}
