import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  type Box,
  FocalError,
  findPalette,
  HASH_SIDE,
  type PaletteColor,
  type Picture,
  perceptualHash,
} from '@focal/core';
import type { Sharp } from 'sharp';
import { type DecodedPicture, decodePicture, toDecodeError } from '../codec/decode.ts';
import { dropAlpha } from '../codec/expand-rgb.ts';
import { toDecodable } from '../codec/raw/raw.ts';
import { importSharp } from '../codec/sharp.ts';
import { type InputFormat, sniffFormat } from '../codec/sniff.ts';
import { toFileError } from '../files/file-error.ts';
import { type FilePath, toSystemPath } from './inspect.ts';

/** Longest sides in pixels. */
const GRID_SIDE = 480;
const PREVIEW_SIDE = 1440;
const PLACEHOLDER_SIDE = 12;
const PALETTE_SIDE = 32;

export interface ThumbnailsInput {
  /** A photo's path, or the frame that stands for a video. */
  readonly source: { readonly path: FilePath } | { readonly picture: Picture };
  /** What the file's bytes have to be. */
  readonly sha256?: string;
  readonly maxPixels: number;
}

/** What a library shows of a photo and knows it by. All upright, in sRGB. */
export interface Thumbnails {
  readonly width: number;
  readonly height: number;
  /** WebP of at most 480 pixels a side, for grids. */
  readonly grid: Uint8Array<ArrayBuffer>;
  /** WebP of a dozen pixels, some 100 bytes: what to show while the rest loads. */
  readonly placeholder: Uint8Array<ArrayBuffer>;
  /** See `perceptualHash`. */
  readonly hash: string;
  readonly palette: readonly PaletteColor[];
}

type SharpModule = Awaited<ReturnType<typeof importSharp>>;

interface Reduced {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** Of the photo, upright. */
  readonly fullWidth: number;
  readonly fullHeight: number;
}

/**
 * Decodes once, at a reduced size where the format allows it, and makes everything from that. Throws as `decodePicture`,
 * and `corrupt-input` where the file is not the one of `sha256`.
 */
export async function makeThumbnails({ source, sha256, maxPixels }: ThumbnailsInput): Promise<Thumbnails> {
  const reduced =
    'path' in source
      ? await reduceFile(source.path, { sha256, maxPixels, side: GRID_SIDE })
      : await reduce(source.picture, GRID_SIDE);
  const sharp = await importSharp();
  const { width, height, channels } = reduced;
  const open = (): Sharp => sharp(reduced.data, { raw: { width, height, channels }, limitInputPixels: false });
  const fit = (side: number): Sharp => open().resize(side, side, { fit: 'inside', withoutEnlargement: true });
  const squeeze = (side: number): Sharp =>
    open().flatten({ background: '#ffffff' }).resize(side, side, { fit: 'fill', kernel: 'linear' });
  const [grid, placeholder, grey, colors] = await Promise.all([
    open().webp({ quality: 75, effort: 1 }).toBuffer(),
    fit(PLACEHOLDER_SIDE).webp({ quality: 40, effort: 4, alphaQuality: 20 }).toBuffer(),
    squeeze(HASH_SIDE).toColourspace('b-w').raw().toBuffer(),
    squeeze(PALETTE_SIDE).raw().toBuffer(),
  ]);
  return {
    width: reduced.fullWidth,
    height: reduced.fullHeight,
    grid: toPlain(grid),
    placeholder: toPlain(placeholder),
    hash: perceptualHash(grey),
    palette: findPalette(colors),
  };
}

export interface PreviewInput extends Pick<ThumbnailsInput, 'maxPixels'> {
  /** As of {@link ThumbnailsInput}; of a picture it may be known that it is opaque. */
  readonly source: { readonly path: FilePath } | { readonly picture: Picture; readonly hasAlpha?: boolean };
}

/** Formats that are decoded at half their size in less time. */
const SHRINKS_ON_LOAD: ReadonlySet<InputFormat> = new Set(['jpeg', 'webp']);

/**
 * Whether a decoded file gives its preview for less than the file itself does. It is the same one; of photos that lie on
 * their side, which are turned before instead of after they are reduced, it differs by 2 of 255 at most before encoding.
 */
export function suitsPreview({ picture, format }: Pick<DecodedPicture, 'picture' | 'format'>): boolean {
  const { width, height, colorSpace } = picture;
  return colorSpace === 'srgb' && (!SHRINKS_ON_LOAD.has(format) || Math.max(width, height) < 2 * PREVIEW_SIDE);
}

/** WebP of at most 1440 pixels a side, upright, in sRGB: for the screen. Throws as {@link makeThumbnails}. */
export async function makePreview({ source, maxPixels }: PreviewInput): Promise<Uint8Array<ArrayBuffer>> {
  const { data, width, height, channels } =
    'path' in source
      ? await reduceFile(source.path, { maxPixels, side: PREVIEW_SIDE })
      : await reduce(source.picture, PREVIEW_SIDE, source.hasAlpha);
  const sharp = await importSharp();
  const raw = { width, height, channels };
  return toPlain(await sharp(data, { raw, limitInputPixels: false }).webp({ quality: 80, effort: 0 }).toBuffer());
}

export interface FacePictureInput extends Pick<ThumbnailsInput, 'source' | 'maxPixels'> {
  /** The face, in fractions of the upright picture. */
  readonly box: Box;
}

/** Side of the picture of a face in pixels, and of the square around the face in sides of its box. */
const FACE_SIDE = 256;
const FACE_MARGIN = 1.7;

/** Square WebP of a face with what is around it, upright, in sRGB. Throws as {@link makeThumbnails}. */
export async function makeFacePicture({ source, box, maxPixels }: FacePictureInput): Promise<Uint8Array<ArrayBuffer>> {
  const { open, width, height } =
    'path' in source ? await openUpright(source.path, maxPixels) : fromPicture(source.picture);
  const longer = Math.max(box.width * width, box.height * height);
  const side = Math.max(1, Math.min(width, height, Math.round(longer * FACE_MARGIN)));
  const place = (start: number, length: number, whole: number): number =>
    Math.min(whole - side, Math.max(0, Math.round((start + length / 2) * whole - side / 2)));
  const region = {
    left: place(box.x, box.width, width),
    top: place(box.y, box.height, height),
    width: side,
    height: side,
  };
  const sharp = await importSharp();
  try {
    const cut = open(sharp).extract(region);
    const sized = side > FACE_SIDE ? cut.resize(FACE_SIDE, FACE_SIDE) : cut;
    return toPlain(await sized.toColourspace('srgb').webp({ quality: 80, effort: 2 }).toBuffer());
  } catch (error) {
    throw toDecodeError(error, 'jpeg');
  }
}

interface Upright {
  readonly open: (sharp: SharpModule) => Sharp;
  readonly width: number;
  readonly height: number;
}

async function openUpright(path: FilePath, maxPixels: number): Promise<Upright> {
  const bytes = await readWhole(path);
  const format = sniffFormat(bytes);
  if (format === 'heic') return fromPicture((await decodePicture(bytes, { maxPixels, colorSpace: 'srgb' })).picture);
  const sharp = await importSharp();
  try {
    const options = { failOn: 'truncated', limitInputPixels: false } as const;
    const { autoOrient, pageHeight } = await sharp(bytes, options).metadata();
    const height = pageHeight ?? autoOrient.height;
    if (autoOrient.width * height > maxPixels) {
      throw new FocalError('too-large', `The picture has ${autoOrient.width}×${height} pixels, over the limit.`);
    }
    return { open: (module) => module(bytes, options).autoOrient(), width: autoOrient.width, height };
  } catch (error) {
    throw toDecodeError(error, format);
  }
}

function fromPicture({ data, width, height }: Picture): Upright {
  // sharp takes no shared memory.
  const open = (sharp: SharpModule): Sharp =>
    sharp(Uint8Array.from(data), { raw: { width, height, channels: 4 }, limitInputPixels: false });
  return { open, width, height };
}

interface ReduceOptions {
  readonly sha256?: string | undefined;
  readonly maxPixels: number;
  readonly side: number;
}

async function reduceFile(path: FilePath, { sha256, maxPixels, side }: ReduceOptions): Promise<Reduced> {
  const whole = await readWhole(path);
  if (sha256 !== undefined && createHash('sha256').update(whole).digest('hex') !== sha256) {
    throw new FocalError('corrupt-input', 'The file is not the one that was imported.', {
      hint: 'Look through its folder again.',
    });
  }
  const bytes = toDecodable(whole);
  const format = sniffFormat(bytes);
  if (format === 'heic') return reduce((await decodePicture(bytes, { maxPixels, colorSpace: 'srgb' })).picture, side);
  const sharp = await importSharp();
  try {
    const options = { failOn: 'truncated', limitInputPixels: false, sequentialRead: true } as const;
    const { autoOrient, pageHeight, hasAlpha } = await sharp(bytes, options).metadata();
    const fullHeight = pageHeight ?? autoOrient.height;
    if (autoOrient.width * fullHeight > maxPixels) {
      throw new FocalError('too-large', `The picture has ${autoOrient.width}×${fullHeight} pixels, over the limit.`);
    }
    const opened = sharp(bytes, options)
      .autoOrient()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb');
    const { data, info } = await (hasAlpha ? opened.ensureAlpha() : opened.removeAlpha())
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { data, width, height, channels: hasAlpha ? 4 : 3, fullWidth: autoOrient.width, fullHeight };
  } catch (error) {
    throw toDecodeError(error, format);
  }
}

async function readWhole(path: FilePath): Promise<Uint8Array> {
  try {
    return await readFile(toSystemPath(path));
  } catch (error) {
    throw toFileError(error, 'read', typeof path === 'string' ? path : new TextDecoder().decode(path));
  }
}

async function reduce(picture: Picture, side: number, hasAlpha = true): Promise<Reduced> {
  const sharp = await importSharp();
  const { width, height } = picture;
  const channels = hasAlpha ? 4 : 3;
  // sharp takes no shared memory.
  const pixels = hasAlpha ? Uint8Array.from(picture.data) : dropAlpha(picture.data);
  const { data, info } = await sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels, fullWidth: width, fullHeight: height };
}

/** In memory of its own, which may be handed over. */
function toPlain(bytes: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}
