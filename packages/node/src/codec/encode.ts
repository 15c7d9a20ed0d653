import { type Bytes, type EmbedFormat, embedExif, FocalError, type Matte, type Picture, runPlan } from '@focal/core';
import type { Sharp } from 'sharp';
import { joinPng, planPng } from './png.ts';
import { importSharp } from './sharp.ts';

/** What Focal writes. */
export type OutputFormat = 'png' | 'webp' | 'avif' | 'jpeg' | 'tiff';

export interface EncodePictureOptions {
  readonly format: OutputFormat;
  /** 1..100 for the lossy formats. Default 90 (avif 60). */
  readonly quality?: number;
  /** A block as `readKeptExif` gives it, to be written into the file. */
  readonly exif?: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Encodes a picture, or a matte as grey, on the calling thread. No metadata is written but what is given, and the colour
 * space where it is not sRGB. JPEG has no transparency: what is transparent comes out on white.
 * Throws `invalid-argument` where the format cannot hold the picture.
 */
export async function encodePicture(
  image: Picture | Matte,
  options: EncodePictureOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { format, exif } = options;
  if (format === 'png') return withExif(encodePlainPng(image), format, exif);
  const { width, height } = image;
  assertFits(width, height, format);
  try {
    const opened = await openRaw(image, format === 'avif' ? exif : undefined);
    const bytes = await withFormat(opened, image, options).toBuffer();
    const plain = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
    return format === 'avif' ? plain : withExif(plain, format, exif);
  } catch (cause) {
    throw new FocalError('internal', `Encoding as ${options.format} failed: ${String(cause)}`, { cause });
  }
}

/** The file with a block in it, where there is one. */
export function withExif(
  file: Uint8Array<ArrayBuffer>,
  format: EmbedFormat,
  exif: Uint8Array<ArrayBuffer> | undefined,
): Uint8Array<ArrayBuffer> {
  return exif === undefined ? file : embedExif(file, format, exif);
}

function encodePlainPng(image: Picture | Matte): Uint8Array<ArrayBuffer> {
  return joinPng(runPlan(planPng(image, (byteLength) => new ArrayBuffer(byteLength))));
}

function withFormat(opened: Sharp, image: Picture | Matte, { format, quality }: EncodePictureOptions): Sharp {
  switch (format) {
    case 'png':
      return opened.png();
    case 'webp':
      return opened.webp({ quality: quality ?? 90, alphaQuality: 100, effort: 2, smartSubsample: false });
    case 'avif':
      return opened.avif({ quality: quality ?? 60, effort: 2, chromaSubsampling: '4:4:4' });
    case 'jpeg': {
      const flat =
        image.data.length === image.width * image.height ? opened : opened.flatten({ background: '#ffffff' });
      return flat.jpeg({ quality: quality ?? 90, chromaSubsampling: (quality ?? 90) >= 90 ? '4:4:4' : '4:2:0' });
    }
    case 'tiff':
      return opened.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}

/** Display P3, and a block, come in as a PNG that carries them: sharp takes neither with raw pixels. */
async function openRaw(image: Picture | Matte, exif: Uint8Array<ArrayBuffer> | undefined): Promise<Sharp> {
  const sharp = await importSharp();
  const { width, height } = image;
  const limit = { limitInputPixels: false } as const;
  const isWide = 'colorSpace' in image && image.colorSpace === 'display-p3';
  if (isWide || exif !== undefined) {
    const png = withExif(encodePlainPng(image), 'png', exif);
    const opened = sharp(png, { ...limit, ignoreIcc: true });
    const profiled = isWide ? opened.keepIccProfile() : opened;
    return exif === undefined ? profiled : profiled.keepExif();
  }
  const channels = image.data.length === width * height ? 1 : 4;
  return sharp(toPlain(image.data), { ...limit, raw: { width, height, channels } });
}

/** sharp takes plain buffers only. */
function toPlain(data: Bytes): Uint8Array {
  if (data.buffer instanceof SharedArrayBuffer) return Uint8Array.from(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The largest side that the format's headers can hold. */
const MAX_SIDE: Readonly<Record<OutputFormat, number>> = {
  png: 2 ** 31 - 1,
  webp: 16383,
  avif: 16384,
  jpeg: 65535,
  tiff: 2 ** 31 - 1,
};

function assertFits(width: number, height: number, format: OutputFormat): void {
  const limit = MAX_SIDE[format];
  if (Math.max(width, height) <= limit) return;
  throw new FocalError(
    'invalid-argument',
    `Expected at most ${limit} pixels a side for ${format}, got ${width}×${height}.`,
    { hint: 'Choose png, jpeg or tiff.' },
  );
}
