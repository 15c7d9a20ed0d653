/** What of a photo's metadata goes into a result: nothing, everything that is kept but where it was taken, or that too. */
export const METADATA_CHOICES = ['none', 'no-location', 'all'] as const;
export type MetadataChoice = (typeof METADATA_CHOICES)[number];

/** Values of EXIF by directory and number of the tag: texts, numbers (rationals as such) or lists of numbers. */
export interface ExifValues {
  readonly ifd0?: Readonly<Record<number, unknown>>;
  readonly exif?: Readonly<Record<number, unknown>>;
  readonly gps?: Readonly<Record<number, unknown>>;
}

/** How exifr is asked for them. */
export const EXIFR_OPTIONS = {
  mergeOutput: false,
  translateKeys: false,
  translateValues: false,
  reviveValues: false,
  sanitize: false,
  xmp: false,
  icc: false,
  iptc: false,
} as const;

type Type = 'byte' | 'text' | 'short' | 'rational' | 'signed';
type Kept = readonly (readonly [tag: number, type: Type])[];

// [Note: what is kept] Blocks are never copied as they are. A thumbnail, a maker's notes, XMP or Photoshop's resources may
// hold the picture as it was before somebody in it was covered, and names of people; numbers of devices tell whose they
// are. So what is kept are the values below and nothing else, written anew.

const IFD0: Kept = [
  [0x010e, 'text'], // ImageDescription
  [0x010f, 'text'], // Make
  [0x0110, 'text'], // Model
  [0x0132, 'text'], // DateTime
  [0x013b, 'text'], // Artist
  [0x4746, 'short'], // Rating
  [0x8298, 'text'], // Copyright
];

const EXIF: Kept = [
  [0x829a, 'rational'], // ExposureTime
  [0x829d, 'rational'], // FNumber
  [0x8822, 'short'], // ExposureProgram
  [0x8827, 'short'], // PhotographicSensitivity
  [0x9003, 'text'], // DateTimeOriginal
  [0x9004, 'text'], // DateTimeDigitized
  [0x9010, 'text'], // OffsetTime
  [0x9011, 'text'], // OffsetTimeOriginal
  [0x9012, 'text'], // OffsetTimeDigitized
  [0x9204, 'signed'], // ExposureBiasValue
  [0x9207, 'short'], // MeteringMode
  [0x9209, 'short'], // Flash
  [0x920a, 'rational'], // FocalLength
  [0x9290, 'text'], // SubSecTime
  [0x9291, 'text'], // SubSecTimeOriginal
  [0x9292, 'text'], // SubSecTimeDigitized
  [0xa402, 'short'], // ExposureMode
  [0xa403, 'short'], // WhiteBalance
  [0xa405, 'short'], // FocalLengthIn35mmFilm
  [0xa406, 'short'], // SceneCaptureType
  [0xa433, 'text'], // LensMake
  [0xa434, 'text'], // LensModel
];

const GPS: Kept = [
  [0, 'byte'], // GPSVersionID
  [1, 'text'], // GPSLatitudeRef
  [2, 'rational'], // GPSLatitude
  [3, 'text'], // GPSLongitudeRef
  [4, 'rational'], // GPSLongitude
  [5, 'byte'], // GPSAltitudeRef
  [6, 'rational'], // GPSAltitude
  [7, 'rational'], // GPSTimeStamp
  [16, 'text'], // GPSImgDirectionRef
  [17, 'rational'], // GPSImgDirection
  [29, 'text'], // GPSDateStamp
  [31, 'rational'], // GPSHPositioningError
];

const EXIF_POINTER = 0x8769;
const GPS_POINTER = 0x8825;
/** Longer texts are cut, so that all fit into the 65,533 bytes of a JPEG segment. */
const LONGEST_TEXT = 1000;
const LONGEST_LIST = 8;

const CODES: Readonly<Record<Type, number>> = { byte: 1, text: 2, short: 3, rational: 5, signed: 10 };

interface Entry {
  readonly tag: number;
  readonly code: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** ExifVersion 2.32, which every directory of EXIF has. */
const VERSION: Entry = { tag: 0x9000, code: 7, count: 4, bytes: new TextEncoder().encode('0232') };

/**
 * An EXIF block (TIFF, little-endian; Exif 2.32) with those of these values that are kept; undefined where there are
 * none. It says nothing of orientation: pictures are upright.
 */
export function createExifBlock(
  values: ExifValues,
  choice: Exclude<MetadataChoice, 'none'>,
): Uint8Array<ArrayBuffer> | undefined {
  const first = toEntries(values.ifd0, IFD0);
  const kept = toEntries(values.exif, EXIF);
  const exif = kept.length === 0 ? [] : [...kept, VERSION].sort((a, b) => a.tag - b.tag);
  const gps = choice === 'all' ? toEntries(values.gps, GPS) : [];
  if (first.length + exif.length + gps.length === 0) return undefined;
  const start = 8;
  const extra = (exif.length > 0 ? 1 : 0) + (gps.length > 0 ? 1 : 0);
  const exifAt = start + sizeOf(first) + extra * 12;
  const gpsAt = exifAt + (exif.length > 0 ? sizeOf(exif) : 0);
  const block = new Uint8Array(gpsAt + (gps.length > 0 ? sizeOf(gps) : 0));
  block.set([0x49, 0x49, 42, 0, start, 0, 0, 0]);
  const pointers = [
    ...(exif.length > 0 ? [pointer(EXIF_POINTER, exifAt)] : []),
    ...(gps.length > 0 ? [pointer(GPS_POINTER, gpsAt)] : []),
  ];
  writeDirectory(block, start, [...first, ...pointers]);
  if (exif.length > 0) writeDirectory(block, exifAt, exif);
  if (gps.length > 0) writeDirectory(block, gpsAt, gps);
  return block;
}

function pointer(tag: number, at: number): Entry {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, at, true);
  return { tag, code: 4, count: 1, bytes };
}

function toEntries(values: Readonly<Record<number, unknown>> | undefined, kept: Kept): readonly Entry[] {
  if (values === undefined) return [];
  return kept.flatMap(([tag, type]) => {
    const entry = toEntry(tag, type, values[tag]);
    return entry === undefined ? [] : [entry];
  });
}

function toEntry(tag: number, type: Type, value: unknown): Entry | undefined {
  const code = CODES[type];
  if (type === 'text') {
    const text = typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, LONGEST_TEXT) : '';
    if (text === '') return undefined;
    const bytes = new TextEncoder().encode(`${text}\0`);
    return { tag, code, count: bytes.length, bytes };
  }
  const numbers = toNumbers(value);
  if (numbers.length === 0 || numbers.length > LONGEST_LIST) return undefined;
  const size = type === 'byte' ? 1 : type === 'short' ? 2 : 8;
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of numbers.entries()) {
    if (!isWithin(number, type)) return undefined;
    if (type === 'byte') view.setUint8(i, number);
    else if (type === 'short') view.setUint16(i * 2, number, true);
    else {
      const [above, below] = toFraction(Math.abs(number));
      if (type === 'signed') view.setInt32(i * 8, number < 0 ? -above : above, true);
      else view.setUint32(i * 8, above, true);
      view.setUint32(i * 8 + 4, below, true);
    }
  }
  return { tag, code, count: numbers.length, bytes };
}

function isWithin(number: number, type: Type): boolean {
  switch (type) {
    case 'byte':
      return Number.isInteger(number) && number >= 0 && number <= 255;
    case 'short':
      return Number.isInteger(number) && number >= 0 && number <= 65535;
    case 'rational':
      return number >= 0 && number < 2 ** 31;
    case 'signed':
      return Math.abs(number) < 2 ** 31;
    default:
      return false;
  }
}

function toNumbers(value: unknown): readonly number[] {
  const list = Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : [value];
  return list.every((each): each is number => typeof each === 'number' && Number.isFinite(each)) ? list : [];
}

/** The fraction of least denominator that a value was read from, or the nearest with at most 31 bits; by continued fractions. */
function toFraction(value: number): readonly [number, number] {
  let [above, below, lastAbove, lastBelow] = [Math.floor(value), 1, 1, 0];
  let rest = value - above;
  while (rest > 1e-9 && Math.abs(above / below - value) > value * 1e-10) {
    const whole = Math.floor(1 / rest);
    rest = 1 / rest - whole;
    const [nextAbove, nextBelow] = [whole * above + lastAbove, whole * below + lastBelow];
    if (nextAbove >= 2 ** 31 || nextBelow >= 2 ** 31) break;
    [lastAbove, lastBelow, above, below] = [above, below, nextAbove, nextBelow];
  }
  return [above, below];
}

/** Of a directory with the values that do not fit into its entries. */
function sizeOf(entries: readonly Entry[]): number {
  return 2 + entries.length * 12 + 4 + entries.reduce((sum, { bytes }) => sum + roomFor(bytes), 0);
}

function roomFor(bytes: Uint8Array): number {
  return bytes.length <= 4 ? 0 : bytes.length + (bytes.length % 2);
}

function writeDirectory(block: Uint8Array<ArrayBuffer>, start: number, entries: readonly Entry[]): void {
  const view = new DataView(block.buffer);
  view.setUint16(start, entries.length, true);
  let values = start + 2 + entries.length * 12 + 4;
  for (const [i, { tag, code, count, bytes }] of entries.entries()) {
    const at = start + 2 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, code, true);
    view.setUint32(at + 4, count, true);
    if (roomFor(bytes) === 0) block.set(bytes, at + 8);
    else {
      view.setUint32(at + 8, values, true);
      block.set(bytes, values);
      values += roomFor(bytes);
    }
  }
}
