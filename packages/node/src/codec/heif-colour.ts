/** What a HEIF file says about its colours. */
export interface HeifColour {
  /** The ICC profile in it, if any. */
  readonly icc?: Uint8Array;
  /** Colour primaries by ITU-T H.273: 1 is sRGB's, 12 Display P3's. */
  readonly primaries?: number;
}

/** Boxes that hold boxes on the way to the colour properties, and how many bytes stand before those. */
const CONTAINERS: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };

/**
 * Reads the colour properties (`colr` boxes, ISO/IEC 23008-12) without decoding. Where items differ the first counts:
 * the tiles, thumbnail and main image of a photo share one profile.
 */
export function readHeifColour(bytes: Uint8Array): HeifColour {
  const found: { icc?: Uint8Array; primaries?: number } = {};
  walk(bytes, 0, bytes.length, found);
  return found;
}

function walk(bytes: Uint8Array, from: number, to: number, found: { icc?: Uint8Array; primaries?: number }): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= to; ) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    let size = view.getUint32(at);
    let header = 8;
    if (size === 1 && at + 16 <= to) {
      size = Number(view.getBigUint64(at + 8));
      header = 16;
    }
    if (size === 0) size = to - at;
    if (size < header || at + size > to) return;
    const skip = Object.hasOwn(CONTAINERS, type) ? CONTAINERS[type] : undefined;
    if (skip !== undefined) walk(bytes, at + header + skip, at + size, found);
    else if (type === 'colr') readColr(bytes, view, at + header, at + size, found);
    at += size;
  }
}

function readColr(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  found: { icc?: Uint8Array; primaries?: number },
): void {
  const kind = String.fromCharCode(...bytes.subarray(from, from + 4));
  if (kind === 'prof' || kind === 'rICC') found.icc ??= bytes.slice(from + 4, to);
  else if (kind === 'nclx' && from + 6 <= to) found.primaries ??= view.getUint16(from + 4);
}
