/** A TIFF structure, as raw photos and EXIF have it. Nothing in it is trusted. */
export interface TiffDirectory {
  /** Numbers, or text, by their tags; of what is long only the first members. */
  readonly tags: ReadonlyMap<number, TiffValue>;
}

export type TiffValue = string | readonly number[];

const MOST_DIRECTORIES = 64;
const MOST_ENTRIES = 4096;
const MOST_MEMBERS = 4096;
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const SUB_DIRECTORIES = 0x14a;
const EXIF_DIRECTORY = 0x8769;
const GPS_DIRECTORY = 0x8825;

/** Directories of a TIFF structure by where they are: in the chain, within one of it, EXIF, GPS. */
export interface TiffDirectories {
  readonly main: readonly TiffDirectory[];
  readonly sub: readonly TiffDirectory[];
  readonly exif: TiffDirectory | undefined;
  readonly gps: TiffDirectory | undefined;
}

/** Undefined where it is none. Magic numbers of makers, such as Olympus and Panasonic, count as that of TIFF. */
export function readTiff(bytes: Uint8Array): TiffDirectories | undefined {
  if (bytes.length < 16) return undefined;
  const order = String.fromCharCode(bytes[0] as number, bytes[1] as number);
  if (order !== 'II' && order !== 'MM') return undefined;
  const isLittle = order === 'II';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  const seen = new Set<number>();

  function readDirectory(offset: number): { readonly directory: TiffDirectory; readonly next: number } | undefined {
    if (offset < 8 || offset + 2 > bytes.length || seen.has(offset) || ++count > MOST_DIRECTORIES) return undefined;
    seen.add(offset);
    const entries = view.getUint16(offset, isLittle);
    const end = offset + 2 + entries * 12;
    if (entries > MOST_ENTRIES || end > bytes.length) return undefined;
    const tags = new Map<number, TiffValue>();
    for (let at = offset + 2; at < end; at += 12) {
      const value = readValue(at);
      if (value !== undefined) tags.set(view.getUint16(at, isLittle), value);
    }
    return { directory: { tags }, next: end + 4 <= bytes.length ? view.getUint32(end, isLittle) : 0 };
  }

  function readValue(at: number): TiffValue | undefined {
    const type = view.getUint16(at + 2, isLittle);
    const members = view.getUint32(at + 4, isLittle);
    const size = TYPE_BYTES[type] ?? 0;
    if (size === 0) return undefined;
    const start = size * members <= 4 ? at + 8 : view.getUint32(at + 8, isLittle);
    if (start + size * members > bytes.length) return undefined;
    if (type === 2) {
      const text = new TextDecoder().decode(bytes.subarray(start, start + Math.min(members, MOST_MEMBERS)));
      return text.split('\0')[0] ?? '';
    }
    const values: number[] = [];
    for (let member = 0; member < Math.min(members, MOST_MEMBERS); member++) {
      values.push(readNumber(type, start + member * size));
    }
    return values;
  }

  function readNumber(type: number, at: number): number {
    switch (type) {
      case 3:
        return view.getUint16(at, isLittle);
      case 4:
      case 13:
        return view.getUint32(at, isLittle);
      case 5:
        return view.getUint32(at, isLittle) / view.getUint32(at + 4, isLittle);
      case 6:
        return view.getInt8(at);
      case 8:
        return view.getInt16(at, isLittle);
      case 9:
        return view.getInt32(at, isLittle);
      case 10:
        return view.getInt32(at, isLittle) / view.getInt32(at + 4, isLittle);
      case 11:
        return view.getFloat32(at, isLittle);
      case 12:
        return view.getFloat64(at, isLittle);
      default:
        return view.getUint8(at);
    }
  }

  const main: TiffDirectory[] = [];
  const sub: TiffDirectory[] = [];
  for (let offset = view.getUint32(4, isLittle); offset !== 0; ) {
    const read = readDirectory(offset);
    if (read === undefined) break;
    main.push(read.directory);
    offset = read.next;
  }
  const pointed = (tag: number): readonly number[] => main.flatMap(({ tags }) => numbersOf(tags.get(tag)));
  for (const offset of pointed(SUB_DIRECTORIES)) {
    const read = readDirectory(offset);
    if (read !== undefined) sub.push(read.directory);
  }
  const first = (tag: number): TiffDirectory | undefined =>
    pointed(tag).flatMap((offset) => readDirectory(offset)?.directory ?? [])[0];
  return main.length === 0 ? undefined : { main, sub, exif: first(EXIF_DIRECTORY), gps: first(GPS_DIRECTORY) };
}

export function numbersOf(value: TiffValue | undefined): readonly number[] {
  return typeof value === 'string' || value === undefined ? [] : value;
}
