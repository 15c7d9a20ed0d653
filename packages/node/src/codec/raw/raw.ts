import { FocalError } from '@focal/core';
import { findLargestJpeg } from './find-jpeg.ts';
import { numbersOf, readTiff, type TiffDirectory, type TiffValue } from './tiff.ts';

/** Kinds of raw photos, by which they are called. */
export type RawFormat = 'dng' | 'cr2' | 'cr3' | 'nef' | 'arw' | 'orf' | 'rw2' | 'raf' | 'raw';

const TAG = { make: 0x10f, compression: 0x103, photometric: 0x106, orientation: 0x112, dngVersion: 0xc612 } as const;
/** What a sensor saw: by the pattern of its filters, or linear. */
const SENSOR = [32_803, 34_892];
const MAKERS: readonly (readonly [string, RawFormat])[] = [
  ['NIKON', 'nef'],
  ['SONY', 'arw'],
  ['Canon', 'cr2'],
  ['OLYMPUS', 'orf'],
  ['OM Digital', 'orf'],
  ['Panasonic', 'rw2'],
];

/** The kind of raw photo; undefined for anything else, also a plain TIFF. Needs the whole file to tell those apart. */
export function sniffRaw(bytes: Uint8Array): RawFormat | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  if (head.startsWith('FUJIFILMCCD-RAW')) return 'raf';
  if (head.slice(4, 12) === 'ftypcrx ') return 'cr3';
  if (/^(?:IIRO|IIRS|MMOR)/.test(head)) return 'orf';
  if (head.startsWith('IIU\0')) return 'rw2';
  if (!/^(?:II\*\0|MM\0\*)/.test(head)) return undefined;
  if (head.slice(8, 11) === 'CR\x02') return 'cr2';
  const tiff = readTiff(bytes);
  if (tiff === undefined) return undefined;
  const all = [...tiff.main, ...tiff.sub];
  if (all.some(({ tags }) => tags.has(TAG.dngVersion))) return 'dng';
  const isSensor = all.some(({ tags }) => SENSOR.includes(numbersOf(tags.get(TAG.photometric))[0] ?? 0));
  if (!isSensor) return undefined;
  const make = String(tiff.main[0]?.tags.get(TAG.make) ?? '');
  return MAKERS.find(([maker]) => make.startsWith(maker))?.[1] ?? 'raw';
}

/** Whether the first bytes may be of a raw photo that is no TIFF by its name. */
export function mayBeRaw(head: Uint8Array): boolean {
  return sniffRaw(head.subarray(0, 16)) !== undefined;
}

export interface RawPreview {
  readonly format: RawFormat;
  /** A whole JPEG that stands as the photo does, by its EXIF orientation. */
  readonly jpeg: Uint8Array<ArrayBuffer>;
  readonly orientation: number;
  /** Tags by their EXIF names, not translated. */
  readonly tags: Readonly<Record<string, unknown>>;
}

/**
 * The largest picture that a camera or converter put into a raw photo, and what it wrote beside it. Throws
 * `unsupported-format` where there is none.
 */
export function readRawPreview(bytes: Uint8Array, format: RawFormat): RawPreview {
  const found = findLargestJpeg(bytes);
  if (found === undefined) {
    throw new FocalError('unsupported-format', `The raw photo (${format.toUpperCase()}) has no preview in it.`, {
      hint: 'Let the program that made it write previews, or export it as JPEG or TIFF.',
    });
  }
  const jpeg = bytes.subarray(found.start, found.end);
  const tags = { ...tagsOfJpeg(jpeg), ...tagsOf(bytes, format) };
  const wanted = Number(tags.Orientation);
  const orientation = Number.isInteger(wanted) && wanted >= 1 && wanted <= 8 ? wanted : 1;
  return { format, jpeg: withOrientation(jpeg, orientation), orientation, tags };
}

/** The bytes of a photo that can be decoded: of a raw one those of its preview. */
export function toDecodable(bytes: Uint8Array): Uint8Array {
  const format = sniffRaw(bytes);
  return format === undefined ? bytes : readRawPreview(bytes, format).jpeg;
}

function tagsOf(bytes: Uint8Array, format: RawFormat): Record<string, unknown> {
  if (format === 'raf') return {};
  if (format === 'cr3') {
    // Canon keeps three TIFF structures in boxes: the photo's tags, EXIF's and GPS's.
    const [main, exif, gps] = ['CMT1', 'CMT2', 'CMT4'].map((box) => readTiff(boxOf(bytes, box))?.main[0]);
    return toNames(main, exif, gps);
  }
  const tiff = readTiff(bytes);
  return toNames(tiff?.main[0], tiff?.exif, tiff?.gps);
}

function boxOf(given: Uint8Array, name: string): Uint8Array {
  // Headers come before anything else.
  const bytes = Buffer.from(given.buffer, given.byteOffset, Math.min(given.byteLength, 2 ** 20));
  const at = bytes.indexOf(name, 0, 'latin1');
  if (at < 4) return new Uint8Array();
  return given.subarray(at + 4, at - 4 + bytes.readUInt32BE(at - 4));
}

/** What the preview's own EXIF says, of cameras that keep it there alone. */
function tagsOfJpeg(jpeg: Uint8Array): Record<string, unknown> {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda; ) {
    const length = bytes.readUInt16BE(at + 2);
    if (bytes[at + 1] === 0xe1 && bytes.toString('latin1', at + 4, at + 8) === 'Exif') {
      const tiff = readTiff(jpeg.subarray(at + 10, at + 2 + length));
      return toNames(tiff?.main[0], tiff?.exif, tiff?.gps);
    }
    at += 2 + length;
  }
  return {};
}

const NAMES: readonly Readonly<Record<number, string>>[] = [
  {
    0x10e: 'ImageDescription',
    0x10f: 'Make',
    0x110: 'Model',
    0x112: 'Orientation',
    0x132: 'ModifyDate',
    0x4746: 'Rating',
  },
  {
    0x829a: 'ExposureTime',
    0x829d: 'FNumber',
    0x8827: 'ISO',
    0x9003: 'DateTimeOriginal',
    0x9004: 'CreateDate',
    0x9010: 'OffsetTime',
    0x9011: 'OffsetTimeOriginal',
    0x9012: 'OffsetTimeDigitized',
    0x9291: 'SubSecTimeOriginal',
    0x9292: 'SubSecTimeDigitized',
    0x920a: 'FocalLength',
    0xa434: 'LensModel',
  },
  {
    1: 'GPSLatitudeRef',
    2: 'GPSLatitude',
    3: 'GPSLongitudeRef',
    4: 'GPSLongitude',
    5: 'GPSAltitudeRef',
    6: 'GPSAltitude',
    7: 'GPSTimeStamp',
    29: 'GPSDateStamp',
  },
];

function toNames(...directories: readonly (TiffDirectory | undefined)[]): Record<string, unknown> {
  return Object.fromEntries(
    directories.flatMap((directory, index) =>
      Object.entries(NAMES[index] ?? {}).flatMap(([tag, name]) => {
        const value: TiffValue | undefined = directory?.tags.get(Number(tag));
        if (value === undefined) return [];
        return [[name, typeof value !== 'string' && value.length === 1 ? value[0] : value]];
      }),
    ),
  );
}

/** The JPEG with this orientation in place of any that it has: before its EXIF stands a block that readers take first. */
function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const kept: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const end = bytes[at + 1] === 0xff ? at + 1 : at + 2 + bytes.readUInt16BE(at + 2);
    const isExif = bytes[at + 1] === 0xe1 && bytes.toString('latin1', at + 4, at + 8) === 'Exif';
    if (!isExif) kept.push(bytes.subarray(at, end));
    at = end;
  }
  // One directory with one entry: orientation, a short.
  const exif = Buffer.from('ffe100224578696600004d4d002a0000000800010112000300000001000000000000' + '0000', 'hex');
  exif.writeUInt16BE(orientation, 28);
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, 2), exif, ...kept, bytes.subarray(at)]));
}
