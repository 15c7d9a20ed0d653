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

/**
 * Whether an ICC profile in these first bytes calls itself Display P3, as phones' photos do. Such pictures are kept in
 * that colour space from decoding to export; all others are brought to sRGB by the browser.
 */
export function isDisplayP3(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head);
  return text.includes('Display P3') || text.includes('D\0i\0s\0p\0l\0a\0y\0 \0P\x003');
}
