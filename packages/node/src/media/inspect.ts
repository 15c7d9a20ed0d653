import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type CaptureFacts, FocalError } from '@focal/core';
import { readHeicSize } from '../codec/heic.ts';
import { mayBeRaw, type RawFormat, readRawPreview, sniffRaw } from '../codec/raw/raw.ts';
import { importSharp } from '../codec/sharp.ts';
import { type InputFormat, sniffFormat } from '../codec/sniff.ts';
import { toFileError } from '../files/file-error.ts';
import { readCapture, readOrientation, toCapture } from './capture.ts';

/** What is known of a photo or video without decoding it. */
export type InspectedMedia = InspectedPhoto | InspectedVideo;

interface InspectedFile {
  /** SHA-256 of all its bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface InspectedPhoto extends InspectedFile {
  readonly kind: 'photo';
  readonly format: InputFormat | RawFormat;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1..8. */
  readonly orientation?: number;
  /** XMP within the file, as it is. */
  readonly xmp?: string;
  readonly capture: CaptureFacts;
}

/** Of a video only its identity: the rest is read by who reads videos. */
export interface InspectedVideo extends InspectedFile {
  readonly kind: 'video';
}

/** A path, or the bytes of one that is no valid text. */
export type FilePath = string | Uint8Array;

const HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 4 * 2 ** 20;
/** Photos are read whole. */
const MAX_PHOTO_BYTES = 2 ** 30;

/**
 * Reads a file once and tells what it is. Throws `unsupported-format`, `corrupt-input` (also where it is empty, or
 * changes while it is read), `too-large` and what the system says of files.
 */
export async function inspectMedia(path: FilePath): Promise<InspectedMedia> {
  const shown = showPath(path);
  try {
    const file = await open(toSystemPath(path));
    try {
      return await inspectFile(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toFileError(error, 'read', shown);
  }
}

/** What `node:fs` takes. */
export function toSystemPath(path: FilePath): string | Buffer {
  return typeof path === 'string' ? path : Buffer.from(path.buffer, path.byteOffset, path.byteLength);
}

function showPath(path: FilePath): string {
  return typeof path === 'string' ? path : new TextDecoder().decode(path);
}

async function inspectFile(file: FileHandle): Promise<InspectedMedia> {
  const before = await file.stat();
  if (!before.isFile()) throw new FocalError('unsupported-format', 'Expected a file, got something else.');
  if (before.size === 0) throw new FocalError('corrupt-input', 'Expected a photo or a video, got an empty file.');
  const head = new Uint8Array(Math.min(HEAD_BYTES, before.size));
  await readFully(file, head, 0);
  const isVideo = looksLikeVideo(head);
  if (!isVideo && !mayBeRaw(head)) sniffFormat(head);
  if (!isVideo && before.size > MAX_PHOTO_BYTES) {
    throw new FocalError('too-large', `The photo has ${before.size} bytes, the limit is ${MAX_PHOTO_BYTES}.`);
  }
  const bytes = isVideo ? undefined : new Uint8Array(before.size);
  const sha256 = bytes === undefined ? await hashStream(file, before.size) : await hashWhole(file, bytes);
  const after = await file.stat();
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    throw new FocalError('corrupt-input', 'The file changed while it was read.', {
      hint: 'It is tried again when its folder is looked through the next time.',
    });
  }
  const identity = { sha256, bytes: before.size };
  if (bytes === undefined) return { ...identity, kind: 'video' };
  return { ...identity, kind: 'photo', ...(await describePhoto(bytes)) };
}

/** MP4 and QuickTime whose brand is no picture's, Matroska and WebM, MPEG transport streams. */
function looksLikeVideo(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, 512));
  if (text.slice(4, 8) === 'ftyp') {
    const size = ((head[2] ?? 0) << 8) | (head[3] ?? 0);
    const brands = text.slice(8, Math.max(16, Math.min(size, 256)));
    return !/avif|avis|hei[cxms]|hev[cx]|mif1|msf1|crx /.test(brands);
  }
  if (['moov', 'mdat', 'wide', 'free', 'skip'].includes(text.slice(4, 8))) return true;
  if (text.startsWith('\x1aE\xdf\xa3')) return true;
  const step = [188, 192].find((each) => head.length > each * 4);
  const sync = text.startsWith('G') ? 0 : 4;
  return step !== undefined && [188, 192].some((each) => [0, 1, 2, 3].every((n) => head[sync + n * each] === 0x47));
}

async function describePhoto(bytes: Uint8Array): Promise<Omit<InspectedPhoto, keyof InspectedFile | 'kind'>> {
  const xmp = findXmp(bytes);
  const raw = sniffRaw(bytes);
  if (raw !== undefined) {
    const { jpeg, orientation, tags } = readRawPreview(bytes, raw);
    const { width, height } = await describePhoto(jpeg);
    return { format: raw, width, height, orientation, ...(xmp !== undefined && { xmp }), capture: toCapture(tags) };
  }
  const format = sniffFormat(bytes);
  if (format === 'heic') {
    const size = readHeicSize(bytes);
    const orientation = await readOrientation(bytes);
    return {
      format,
      ...size,
      ...(orientation !== undefined && { orientation }),
      ...(xmp !== undefined && { xmp }),
      capture: await readCapture(bytes),
    };
  }
  const sharp = await importSharp();
  try {
    const metadata = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
    const { width, height } = metadata.autoOrient;
    // exifr does not look into WebP, and the block is the same everywhere.
    const block = metadata.exif?.subarray(metadata.exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0);
    const capture = block === undefined ? {} : await readCapture(block);
    const { orientation } = metadata;
    return {
      format,
      width,
      height: metadata.pageHeight ?? height,
      ...(orientation !== undefined && { orientation }),
      ...(xmp !== undefined && { xmp }),
      capture,
    };
  } catch (error) {
    throw new FocalError('corrupt-input', `The ${format.toUpperCase()} picture is broken or cut short.`, {
      hint: 'Open it in another program, or copy the file again from where it came from.',
      cause: error,
    });
  }
}

/** Longer XMP holds pictures or the history of an editor. */
const MOST_XMP_BYTES = 2 ** 20;

/** The first XMP in a file of any format; its text may not be packed (Adobe, XMP specification part 3). */
function findXmp(given: Uint8Array): string | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const start = bytes.indexOf('<x:xmpmeta');
  const end = start === -1 ? -1 : bytes.indexOf('</x:xmpmeta>', start);
  if (end === -1 || end - start > MOST_XMP_BYTES) return undefined;
  return bytes.toString('utf8', start, end + '</x:xmpmeta>'.length);
}

async function hashWhole(file: FileHandle, bytes: Uint8Array): Promise<string> {
  await readFully(file, bytes, 0);
  return createHash('sha256').update(bytes).digest('hex');
}

async function hashStream(file: FileHandle, size: number): Promise<string> {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, size));
  for (let at = 0; at < size; at += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, size - at));
    await readFully(file, part, at);
    hash.update(part);
  }
  return hash.digest('hex');
}

/** Fills the bytes. Throws `corrupt-input` where the file has become shorter. */
async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new FocalError('corrupt-input', 'The file became shorter while it was read.');
    done += bytesRead;
  }
}
