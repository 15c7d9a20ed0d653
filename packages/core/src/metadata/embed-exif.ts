import { crc32 } from '../png/crc32.ts';

/** Formats that take a block after they were written. */
export type EmbedFormat = 'png' | 'jpeg' | 'webp' | 'tiff';

/**
 * The file with this EXIF block in it (PNG 3 eXIf, Exif 2.32 APP1, WebP's EXIF chunk, TIFF 6 directories). Expects a file of Focal's own or a
 * browser's making, without one.
 */
export function embedExif(
  file: Uint8Array,
  format: EmbedFormat,
  block: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  switch (format) {
    case 'png':
      return insert(file, PNG_HEADER_BYTES, [pngChunk('eXIf', block)]);
    case 'jpeg':
      return insert(file, afterJfif(file), [jpegSegment(block)]);
    case 'webp':
      return embedInWebp(file, block);
    case 'tiff':
      return embedInTiff(file, block);
  }
}

/** The EXIF block of a WebP, AVIF or HEIC file; undefined where it has none, or is something else. */
export function findExifBlock(file: Uint8Array): Uint8Array | undefined {
  if (textAt(file, 4) === 'ftyp') return findMarked(file);
  if (textAt(file, 0) !== 'RIFF' || textAt(file, 8) !== 'WEBP') return undefined;
  for (const { type, from, to } of riffChunks(file)) {
    if (type !== 'EXIF') continue;
    const block = file.subarray(from, to);
    // Some programs write JPEG's mark before it.
    return textAt(block, 0) === 'Exif' ? block.subarray(6) : block;
  }
  return undefined;
}

/** `Exif` and two zeros, then TIFF's mark in either byte order: in these formats the block lies in one piece. */
function findMarked(file: Uint8Array): Uint8Array | undefined {
  for (let at = file.indexOf(EXIF_MARK[0]); at >= 0; at = file.indexOf(EXIF_MARK[0], at + 1)) {
    if (EXIF_MARK.some((byte, i) => file[at + i] !== byte)) continue;
    const block = file.subarray(at + EXIF_MARK.length);
    const order = String.fromCharCode(...block.subarray(0, 4));
    if (order === 'II*\0' || order === 'MM\0*') return block;
  }
  return undefined;
}

const EXIF_MARK = [0x45, 0x78, 0x69, 0x66, 0, 0] as const;

/** The signature, and the chunk IHDR, which comes first. */
const PNG_HEADER_BYTES = 8 + 25;

function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(body.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(body, 8);
  view.setUint32(body.length + 8, crc32(chunk.subarray(4, body.length + 8)));
  return chunk;
}

/** After the start mark, and JFIF's segment where there is one. */
function afterJfif(file: Uint8Array): number {
  const isJfif = file[2] === 0xff && file[3] === 0xe0;
  return isJfif ? 4 + ((file[4] ?? 0) << 8) + (file[5] ?? 0) : 2;
}

function jpegSegment(block: Uint8Array): Uint8Array {
  const mark = new TextEncoder().encode('Exif\0\0');
  const segment = new Uint8Array(4 + mark.length + block.length);
  segment.set([0xff, 0xe1]);
  new DataView(segment.buffer).setUint16(2, segment.length - 2);
  segment.set(mark, 4);
  segment.set(block, 4 + mark.length);
  return segment;
}

const HAS_EXIF = 0x08;
const HAS_ALPHA = 0x10;

/** A simple file first gets the header that says what else is in it (RFC 9649, section 2.7). */
function embedInWebp(file: Uint8Array, block: Uint8Array): Uint8Array<ArrayBuffer> {
  const exif = riffChunk('EXIF', block);
  const isExtended = textAt(file, 12) === 'VP8X';
  const extended = isExtended
    ? insert(file, file.length, [exif])
    : insert(file, 12, [riffChunk('VP8X', describeWebp(file))], [exif]);
  extended[20] = (extended[20] ?? 0) | HAS_EXIF;
  new DataView(extended.buffer).setUint32(4, extended.length - 8, true);
  return extended;
}

/** What VP8X says of a simple lossy or lossless file: whether it has alpha, and its size. */
function describeWebp(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isLossless = textAt(file, 12) === 'VP8L';
  // VP8L: 14 bits each of width and height less one, and one of alpha, after a mark. VP8: after its start code.
  const bits = isLossless ? view.getUint32(21, true) : 0;
  const width = isLossless ? bits & 0x3fff : (view.getUint16(26, true) & 0x3fff) - 1;
  const height = isLossless ? (bits >>> 14) & 0x3fff : (view.getUint16(28, true) & 0x3fff) - 1;
  const body = new Uint8Array(10);
  body[0] = (bits >>> 28) & 1 ? HAS_ALPHA : 0;
  for (let i = 0; i < 3; i++) {
    body[4 + i] = (width >>> (8 * i)) & 255;
    body[7 + i] = (height >>> (8 * i)) & 255;
  }
  return body;
}

/**
 * TIFF has no place for a block: its values go into directories of the file's own. The block is put at the end as it is,
 * with what it says of places moved there, and after it a first directory of the entries of both.
 */
function embedInTiff(file: Uint8Array, block: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const isLittle = file[0] === 0x49;
  const padding = new Uint8Array(file.length % 2);
  const base = file.length + padding.length;
  const own = listEntries(file, isLittle);
  const more = moveBlock(block, base, isLittle);
  const added = more.entries.filter((entry) => own.entries.every(({ tag }) => tag !== entry.tag));
  const entries = [...own.entries, ...added].sort((a, b) => a.tag - b.tag);
  const directory = new Uint8Array(2 + entries.length * 12 + 4);
  const view = new DataView(directory.buffer);
  view.setUint16(0, entries.length, isLittle);
  for (const [i, { bytes }] of entries.entries()) directory.set(bytes, 2 + i * 12);
  view.setUint32(2 + entries.length * 12, own.next, isLittle);
  const whole = insert(file, file.length, [padding, more.block, directory]);
  new DataView(whole.buffer).setUint32(4, base + block.length, isLittle);
  return whole;
}

interface DirectoryEntry {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

function listEntries(
  tiff: Uint8Array,
  isLittle: boolean,
  from?: number,
): { readonly entries: readonly DirectoryEntry[]; readonly next: number } {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const start = from ?? view.getUint32(4, isLittle);
  const count = view.getUint16(start, isLittle);
  const entries = Array.from({ length: count }, (_, i) => {
    const at = start + 2 + i * 12;
    return { tag: view.getUint16(at, isLittle), bytes: tiff.subarray(at, at + 12) };
  });
  return { entries, next: view.getUint32(start + 2 + count * 12, isLittle) };
}

/** Bytes of one value by TIFF's types that blocks of ours have, and the unit that is turned around for the other order. */
const SIZES: Readonly<Record<number, readonly [size: number, unit: number]>> = {
  1: [1, 1],
  2: [1, 1],
  3: [2, 2],
  4: [4, 4],
  5: [8, 4],
  7: [1, 1],
  10: [8, 4],
};
const POINTERS: readonly number[] = [0x8769, 0x8825];

/** A block of ours as part of a file: with places counted from the file's start, in the file's byte order. */
function moveBlock(
  source: Uint8Array<ArrayBuffer>,
  base: number,
  isLittle: boolean,
): { readonly block: Uint8Array; readonly entries: readonly DirectoryEntry[] } {
  const block = source.slice();
  const read = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const write = new DataView(block.buffer);
  const move = (start: number): void => {
    const count = read.getUint16(start, true);
    write.setUint16(start, count, isLittle);
    for (let at = start + 2; at < start + 2 + count * 12; at += 12) {
      const [tag, type, values] = [
        read.getUint16(at, true),
        read.getUint16(at + 2, true),
        read.getUint32(at + 4, true),
      ];
      write.setUint16(at, tag, isLittle);
      write.setUint16(at + 2, type, isLittle);
      write.setUint32(at + 4, values, isLittle);
      const [size, unit] = SIZES[type] ?? [1, 1];
      const isPointer = POINTERS.includes(tag);
      const bytes = size * values;
      const place = bytes > 4 ? read.getUint32(at + 8, true) : at + 8;
      if (isPointer) {
        move(read.getUint32(at + 8, true));
        write.setUint32(at + 8, base + read.getUint32(at + 8, true), isLittle);
        continue;
      }
      for (let i = place; i < place + bytes; i += unit) {
        if (unit === 2) write.setUint16(i, read.getUint16(i, true), isLittle);
        if (unit === 4) write.setUint32(i, read.getUint32(i, true), isLittle);
      }
      if (bytes > 4) write.setUint32(at + 8, base + place, isLittle);
    }
  };
  move(read.getUint32(4, true));
  return { block, entries: listEntries(block, isLittle, read.getUint32(4, true)).entries };
}

function riffChunk(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(8 + body.length + (body.length % 2));
  chunk.set(new TextEncoder().encode(type));
  new DataView(chunk.buffer).setUint32(4, body.length, true);
  chunk.set(body, 8);
  return chunk;
}

function* riffChunks(file: Uint8Array): Generator<{ type: string; from: number; to: number }> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 12; at + 8 <= file.length; ) {
    const length = view.getUint32(at + 4, true);
    yield { type: textAt(file, at), from: at + 8, to: Math.min(file.length, at + 8 + length) };
    at += 8 + length + (length % 2);
  }
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function insert(
  file: Uint8Array,
  at: number,
  parts: readonly Uint8Array[],
  end: readonly Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  const all = [file.subarray(0, at), ...parts, file.subarray(at), ...end];
  const whole = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of all) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
