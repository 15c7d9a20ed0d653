/** A JPEG within other bytes. */
export interface FoundJpeg {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly width: number;
  readonly height: number;
}

const START = Buffer.from([0xff, 0xd8, 0xff]);
const END = Buffer.from([0xff, 0xd9]);

/**
 * The JPEG with the most pixels that lies anywhere in the bytes, which every viewer shows: baseline or progressive.
 * Pictures within a picture, such as its own thumbnail, count as parts of it. Lossless JPEG, in which some raw photos
 * keep what the sensor saw, is none.
 */
export function findLargestJpeg(given: Uint8Array): FoundJpeg | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  let largest: FoundJpeg | undefined;
  for (let at = bytes.indexOf(START); at !== -1; ) {
    const found = readJpeg(bytes, at);
    if (found !== undefined && (largest === undefined || pixelsOf(found) > pixelsOf(largest))) largest = found;
    at = bytes.indexOf(START, found?.end ?? at + 2);
  }
  return largest;
}

const pixelsOf = ({ width, height }: FoundJpeg): number => width * height;

/** By its markers (ITU-T T.81, B). */
function readJpeg(bytes: Buffer, start: number): FoundJpeg | undefined {
  let size: { readonly width: number; readonly height: number } | undefined;
  for (let at = start + 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] as number;
    // Any number of these may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (marker < 0xc0 || marker === 0xd8 || marker === 0xd9 || length < 2) return undefined;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (marker > 0xc2 || at + 9 > bytes.length) return undefined;
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
      if (size.width === 0 || size.height === 0) return undefined;
    }
    if (marker === 0xda) {
      // In what follows, FF stands before 00 or a restart; only the end is FF D9.
      const end = bytes.indexOf(END, at + 2 + length);
      return size === undefined || end === -1 ? undefined : { start, end: end + 2, ...size };
    }
    at += 2 + length;
  }
  return undefined;
}
