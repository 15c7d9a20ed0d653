import { crc32, deflateSync } from 'node:zlib';
import {
  type Allocate,
  type Bytes,
  createRowPacker,
  type Matte,
  type Picture,
  type Plan,
  packedBound,
  type RowPacker,
  type ThreadCache,
} from '@focal/core';
import { createDisplayP3Profile } from './icc.ts';

// [Note: PNG in bands] A PNG holds one zlib stream over all filtered rows. It is cut into bands of rows that threads
// pack on their own (core's [Note: how a PNG is packed]), each ended at a whole byte so that the pieces simply follow
// one another.

/** What the passes of {@link planPng} leave behind for {@link joinPng}. */
export interface PngBands {
  readonly width: number;
  readonly height: number;
  readonly kind: 'grey' | 'rgba';
  readonly colorSpace: Picture['colorSpace'];
  /** Rows in each band but the last. */
  readonly bandRows: number;
  /** Per band: compressed size, Adler-32, whether a pixel is not opaque, CRC-32 of its chunk but for the last's end. */
  readonly facts: Int32Array;
  /** One slot of `slotBytes` for each band's compressed bytes. */
  readonly slots: Uint8Array;
  readonly slotBytes: number;
}

const FACTS = 4;
const BAND_BYTES = 1 << 20;
const IDAT = [0x49, 0x44, 0x41, 0x54];

/** Compresses a picture (RGB where it is wholly opaque) or a matte (grey) on as many threads as run the passes. */
export function planPng(image: Picture | Matte, allocate: Allocate, cache?: ThreadCache): Plan<PngBands> {
  const { width, height } = image;
  const kind = image.data.length === width * height ? 'grey' : 'rgba';
  const rowBytes = width * (kind === 'grey' ? 1 : 4) + 1;
  const bandRows = Math.max(1, Math.min(height, Math.floor(BAND_BYTES / rowBytes)));
  const count = Math.ceil(height / bandRows);
  const slotBytes = packedBound(bandRows * rowBytes);
  const bands: PngBands = {
    width,
    height,
    kind,
    colorSpace: 'colorSpace' in image ? image.colorSpace : 'srgb',
    bandRows,
    facts: new Int32Array(allocate(count * FACTS * 4)),
    slots: new Uint8Array(allocate(count * slotBytes, 'anything')),
    slotBytes,
  };
  let packer: RowPacker | undefined;
  const passes = [
    {
      name: 'compress',
      rows: count,
      run(from: number, to: number) {
        // Made on the thread that runs the pass, and kept for its other bands.
        packer ??= createRowPacker(width, kind === 'grey' ? 1 : 4, bandRows, { cache });
        compress(packer, image, bands, from, to);
      },
    },
  ];
  if (kind === 'grey') return { passes, result: bands };
  const look = {
    name: 'look for transparency',
    rows: count,
    run: (a: number, b: number) => findAlpha(image, bands, a, b),
  };
  return { passes: [look, ...passes], result: bands };
}

/** The PNG file out of its compressed bands. An ICC profile stands in place of the picture's colour space. */
export function joinPng(bands: PngBands, profile?: Uint8Array): Uint8Array<ArrayBuffer> {
  const { facts, width, height, kind, bandRows, slots, slotBytes } = bands;
  const count = facts.length / FACTS;
  const channels = channelsOf(bands);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, kind === 'grey' ? 0 : channels === 3 ? 2 : 6], 8);
  const parts: Uint8Array[] = [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...chunk('IHDR', header)];
  if (kind === 'rgba') parts.push(...colourChunk(bands.colorSpace, profile));
  let adler = 1;
  for (let band = 0; band < count; band++) {
    const size = facts[band * FACTS] ?? 0;
    const rows = Math.min(bandRows, height - band * bandRows);
    adler = combineAdler(adler, (facts[band * FACTS + 1] ?? 0) >>> 0, rows * (width * channels + 1));
    const bytes = slots.subarray(band * slotBytes, band * slotBytes + size);
    const isLast = band === count - 1;
    const tail = isLast ? bigEndian(adler) : new Uint8Array();
    const head = headOf(band);
    const crc = crc32(tail, (facts[band * FACTS + 3] ?? 0) >>> 0);
    parts.push(bigEndian(head.length - 4 + size + tail.length), head, bytes, tail, bigEndian(crc));
  }
  parts.push(...chunk('IEND'));
  return concat(parts);
}

/** What comes before a band's bytes in its chunk. 78 01: a zlib stream with a 32 KB window, compressed fast. */
function headOf(band: number): Uint8Array {
  return band === 0 ? Uint8Array.of(...IDAT, 0x78, 0x01) : Uint8Array.from(IDAT);
}

function findAlpha(image: Picture | Matte, bands: PngBands, from: number, to: number): void {
  const pixels = words(image.data);
  for (let band = from; band < to; band++) {
    const start = band * bands.bandRows * bands.width;
    const end = Math.min(start + bands.bandRows * bands.width, pixels.length);
    const all = Uint32Array.of(0xffffffff);
    const view = new Uint8Array(all.buffer);
    for (let i = start; i < end && view[3] === 255; i += bands.width) {
      let row = 0xffffffff;
      for (let k = i; k < i + bands.width; k++) row &= pixels[k] as number;
      all[0] = row;
    }
    bands.facts[band * FACTS + 2] = view[3] === 255 ? 0 : 1;
  }
}

function channelsOf({ kind, facts }: PngBands): 1 | 3 | 4 {
  if (kind === 'grey') return 1;
  for (let i = 2; i < facts.length; i += FACTS) if (facts[i] !== 0) return 4;
  return 3;
}

function compress(packer: RowPacker, image: Picture | Matte, bands: PngBands, from: number, to: number): void {
  const { height, bandRows, slotBytes, slots, facts } = bands;
  const channels = channelsOf(bands);
  for (let band = from; band < to; band++) {
    const end = Math.min((band + 1) * bandRows, height);
    const { bytes, adler } = packer.pack(image, channels, band * bandRows, end, end === height);
    slots.set(bytes, band * slotBytes);
    facts[band * FACTS] = bytes.length;
    facts[band * FACTS + 1] = adler;
    facts[band * FACTS + 3] = crc32(bytes, crc32(headOf(band)));
  }
}

function words(data: Bytes): Uint32Array {
  if (data.byteOffset % 4 === 0) return new Uint32Array(data.buffer, data.byteOffset, data.length >> 2);
  return new Uint32Array(Uint8Array.from(data).buffer);
}

/** The checksum of two runs of bytes one after the other, from theirs and the length of the second. */
function combineAdler(first: number, second: number, secondLength: number): number {
  const base = 65521;
  const a = ((first & 0xffff) + (second & 0xffff) + base - 1) % base;
  const spread = ((secondLength % base) * ((first & 0xffff) + base - 1)) % base;
  const b = ((first >>> 16) + (second >>> 16) + spread) % base;
  return ((b << 16) | a) >>> 0;
}

function colourChunk(colorSpace: Picture['colorSpace'], profile: Uint8Array | undefined): readonly Uint8Array[] {
  if (profile !== undefined) return chunk('iCCP', new TextEncoder().encode('ICC\0\0'), deflateSync(profile));
  if (colorSpace === 'srgb') return chunk('sRGB', Uint8Array.of(0));
  return chunk('iCCP', new TextEncoder().encode('Display P3\0\0'), deflateSync(createDisplayP3Profile()));
}

/** A chunk in its parts. */
function chunk(type: string, ...parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const head = new TextEncoder().encode(type);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const crc = parts.reduce((sum, part) => crc32(part, sum), crc32(head));
  return [bigEndian(length), head, ...parts, bigEndian(crc)];
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
