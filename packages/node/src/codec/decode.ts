import { allocateLocal, type ColorSpace, createPicture, FocalError, type Picture, runPlan } from '@focal/core';
import type { Sharp, SharpOptions } from 'sharp';
import { expandRgb } from './expand-rgb.ts';
import { decodeHeic } from './heic.ts';
import { isDisplayP3 } from './icc.ts';
import { joinPng, planPng } from './png.ts';
import { toDecodable } from './raw/raw.ts';
import { importSharp } from './sharp.ts';
import { type InputFormat, sniffFormat } from './sniff.ts';

export interface DecodeOptions {
  /** More pixels than this are refused by the file's header, before anything is decoded. Default 100 million. */
  readonly maxPixels?: number;
  /** `keep` (default): Display P3 stays, everything else becomes sRGB. */
  readonly colorSpace?: 'keep' | ColorSpace;
  /** Memory for the picture, used where it has the right size. */
  readonly spare?: SharedArrayBuffer | undefined;
}

/** A picture out of a file. */
export interface DecodedPicture {
  /** Upright, straight alpha, 8 bit, on shared memory. */
  readonly picture: Picture;
  readonly format: InputFormat;
  /** Whether the file has an alpha channel. */
  readonly hasAlpha: boolean;
}

export const DEFAULT_MAX_PIXELS = 100e6;

/**
 * Decodes a whole file: EXIF orientation applied, the first frame of animations, CMYK, grey, palettes and 16 bit
 * brought to 8-bit RGBA; of raw photos their embedded preview. Colours become sRGB by the embedded profile; Display P3 is kept as it is, since clipping it
 * cannot be undone. Throws `unsupported-format`, `corrupt-input` (also when cut short) and `too-large`.
 */
export async function decodePicture(given: Uint8Array, options: DecodeOptions = {}): Promise<DecodedPicture> {
  const { maxPixels = DEFAULT_MAX_PIXELS, colorSpace = 'keep' } = options;
  const bytes = toDecodable(given);
  const format = sniffFormat(bytes);
  if (format === 'heic') return decodeHeicPicture(bytes, maxPixels, colorSpace);
  return decodeWithSharp(bytes, format, maxPixels, colorSpace, options.spare);
}

async function decodeHeicPicture(
  bytes: Uint8Array,
  maxPixels: number,
  wanted: 'keep' | ColorSpace,
): Promise<DecodedPicture> {
  const decoded = decodeHeic(bytes, (width, height) => assertPixelLimit(width, height, maxPixels));
  const { picture, icc, hasAlpha } = decoded;
  if (icc === undefined && (wanted === 'keep' || wanted === picture.colorSpace)) {
    return { picture, format: 'heic', hasAlpha };
  }
  // sharp converts colours, and takes a profile with a file only: a PNG on the way.
  const png = joinPng(runPlan(planPng(picture, allocateLocal)), icc);
  return { ...(await decodeWithSharp(png, 'png', maxPixels, wanted)), format: 'heic', hasAlpha };
}

/** Throws `too-large` where a picture of this size is over the limit. */
function assertPixelLimit(width: number, height: number, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  const millions = (pixels: number) => `${Math.round(pixels / 1e5) / 10} million pixels`;
  throw new FocalError(
    'too-large',
    `The picture has ${width}×${height} = ${millions(width * height)}, the limit is ${millions(maxPixels)}.`,
    {
      hint: 'Make the picture smaller, or raise the limit: --max-pixels on the command line, maxPixels in the library.',
    },
  );
}

async function decodeWithSharp(
  bytes: Uint8Array,
  format: InputFormat,
  maxPixels: number,
  wanted: 'keep' | ColorSpace,
  spare?: SharedArrayBuffer,
): Promise<DecodedPicture> {
  const sharp = await importSharp();
  // `truncated` is what makes half a picture an error; lesser faults that every viewer forgives are forgiven here too.
  const input: SharpOptions = { failOn: 'truncated', limitInputPixels: false, sequentialRead: true };
  try {
    const metadata = await sharp(bytes, input).metadata();
    assertPixelLimit(metadata.width, metadata.pageHeight ?? metadata.height, maxPixels);
    const isP3 = metadata.icc !== undefined && isDisplayP3(metadata.icc) && metadata.space !== 'cmyk';
    const colorSpace = wanted === 'keep' ? (isP3 ? 'display-p3' : 'srgb') : wanted;
    // A P3 picture that stays P3 is read as numbers: its profile must not be applied.
    const keepsNumbers = isP3 && colorSpace === 'display-p3';
    const opened = sharp(bytes, keepsNumbers ? { ...input, ignoreIcc: true } : input);
    const picture = await toPicture(metadata.hasAlpha ? opened.ensureAlpha() : opened, colorSpace, keepsNumbers, spare);
    return { picture, format, hasAlpha: metadata.hasAlpha };
  } catch (error) {
    throw toDecodeError(error, format);
  }
}

async function toPicture(
  opened: Sharp,
  colorSpace: ColorSpace,
  keepsNumbers: boolean,
  spare: SharedArrayBuffer | undefined,
): Promise<Picture> {
  const upright = opened.autoOrient().toColourspace('srgb');
  const converted =
    colorSpace === 'display-p3' && !keepsNumbers ? upright.withIccProfile('p3', { attach: false }) : upright;
  const { data, info } = await converted.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 4 && info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`);
  const picture = createPicture(info.width, info.height, {
    colorSpace,
    allocate: (byteLength) => (spare?.byteLength === byteLength ? spare : new SharedArrayBuffer(byteLength)),
  });
  if (info.channels === 4) picture.data.set(data);
  else expandRgb(data, picture.data);
  return picture;
}

export function toDecodeError(error: unknown, format: InputFormat): FocalError {
  if (error instanceof FocalError) return error;
  const message = (error instanceof Error ? error.message : String(error)).split('\n').join(' ').trim();
  return new FocalError('corrupt-input', `The ${format.toUpperCase()} picture is broken or cut short: ${message}.`, {
    hint: 'Open it in another program, or copy the file again from where it came from.',
    cause: error,
  });
}
