/** Kinds of picture files that are told apart by their first bytes. */
export type FileKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'heic' | 'tiff' | 'bmp';

/** How many bytes {@link sniffKind} and {@link isDisplayP3} look at. */
export const SNIFF_BYTES = 65_536;

/** What kind of picture these first bytes belong to; undefined where they belong to none that Focal knows. */
export function sniffKind(head: Uint8Array): FileKind | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (head[0] === 0xff && head[1] === 0xd8) return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (text(0, 4) === 'GIF8') return 'gif';
  if (text(0, 4) === 'II*\0' || text(0, 4) === 'MM\0*') return 'tiff';
  if (text(0, 2) === 'BM') return 'bmp';
  if (text(4, 8) === 'ftyp') return /^(avif|avis)/.test(text(8, 12)) ? 'avif' : sniffHeif(text(8, 12));
  return undefined;
}

function sniffHeif(brand: string): FileKind | undefined {
  return /^(heic|heix|heim|heis|hevc|hevx|mif1|msf1)$/.test(brand) ? 'heic' : undefined;
}

/** Red of Display P3 as XYZ under D50 in units of 2⁻¹⁶, as an ICC profile holds it. */
const P3_RED = [33_759, 15_807, -69];
const TOLERANCE = 197;

/**
 * Whether an ICC profile in these first bytes has the red of Display P3, as phones' photos do; its name differs from
 * maker to maker. Such pictures are kept in that colour space from decoding to export; all others are brought to sRGB by
 * the browser. A PNG keeps its profile compressed and counts as sRGB.
 */
export function isDisplayP3(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  // Colours are tags of the type `XYZ `, four bytes of nothing, then three numbers.
  for (let i = 0; i + 20 <= head.length; i++) {
    if (head[i] !== 0x58 || view.getUint32(i) !== 0x58595a20) continue;
    if (P3_RED.every((value, axis) => Math.abs(view.getInt32(i + 8 + axis * 4) - value) <= TOLERANCE)) return true;
  }
  return false;
}
