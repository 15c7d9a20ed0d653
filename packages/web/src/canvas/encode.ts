import { embedExif, FocalError, type Picture, throwIfAborted } from '@focal/core';
import { assertPixels, encodePng, type PngOptions } from './png.ts';

/** What browsers write. */
export type WebFormat = 'png' | 'webp' | 'jpeg';

export interface EncodePictureOptions extends PngOptions {
  readonly format: WebFormat;
  /** 1..100, for WebP and JPEG. */
  readonly quality: number;
  /** A block as `readKeptExif` gives it, to be written into the file. */
  readonly exif?: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * The picture as a file. JPEG has no transparency: it comes on white. PNG is exact; WebP and JPEG are written by the
 * browser, with the colour profile of the picture. Throws `unsupported-format` where the browser does not write it.
 */
export async function encodePicture(picture: Picture, options: EncodePictureOptions): Promise<Blob> {
  assertPixels(picture);
  throwIfAborted(options.signal);
  if (options.format === 'png') return withExif(await encodePng(picture, options), options);
  const type = `image/${options.format}`;
  const canvas = drawPicture(picture, options.format === 'jpeg' ? '#ffffff' : undefined);
  const blob = await canvas.convertToBlob({ type, quality: options.quality / 100 });
  throwIfAborted(options.signal);
  if (blob.type !== type) {
    throw new FocalError('unsupported-format', `This browser does not write ${options.format.toUpperCase()}.`, {
      hint: 'Choose PNG.',
    });
  }
  options.onProgress?.(1);
  return withExif(blob, options);
}

async function withExif(blob: Blob, { format, exif }: EncodePictureOptions): Promise<Blob> {
  if (exif === undefined) return blob;
  return new Blob([embedExif(new Uint8Array(await blob.arrayBuffer()), format, exif)], { type: blob.type });
}

function drawPicture(picture: Picture, backdrop: string | undefined): OffscreenCanvas {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d', { colorSpace: picture.colorSpace });
  if (context === null) {
    throw new FocalError('too-large', `The browser has no room for a picture of ${picture.width}×${picture.height}.`);
  }
  context.putImageData(toImageData(picture), 0, 0);
  if (backdrop !== undefined) {
    context.globalCompositeOperation = 'destination-over';
    context.fillStyle = backdrop;
    context.fillRect(0, 0, picture.width, picture.height);
  }
  return canvas;
}

/** ImageData does not take shared memory, so shared bytes are copied. */
function toImageData({ data, width, height, colorSpace }: Picture): ImageData {
  const own =
    data instanceof Uint8ClampedArray && data.buffer instanceof ArrayBuffer
      ? (data as Uint8ClampedArray<ArrayBuffer>)
      : new Uint8ClampedArray(data);
  return new ImageData(own, width, height, { colorSpace });
}
