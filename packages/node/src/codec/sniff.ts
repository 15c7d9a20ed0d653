import { FocalError } from '@focal/core';

/** What Focal reads. */
export type InputFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif' | 'heic';

/** Known kinds that Focal does not read, in the words of the error. */
const OTHERS: readonly (readonly [signature: string, name: string])[] = [
  ['BM', 'a BMP picture'],
  ['%PDF', 'a PDF document'],
  ['8BPS', 'a Photoshop document'],
  ['\xff\x0a', 'a JPEG XL picture'],
  ['\0\0\0\x0cJXL ', 'a JPEG XL picture'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 picture'],
  ['\0\0\x01\0', 'an icon file'],
  ['PK\x03\x04', 'a ZIP archive or office document'],
  ['\x1f\x8b', 'a gzip archive'],
  ['RIFF', 'a RIFF file (sound or video)'],
  ['\x1aE\xdf\xa3', 'a Matroska or WebM video'],
  ['qoif', 'a QOI picture'],
  ['FUJIFILMCCD-RAW', 'a Fujifilm raw photo'],
];

/**
 * The kind of picture, by its first bytes; names of files mean nothing. Throws `corrupt-input` for an empty file and
 * `unsupported-format` that says what the bytes look like.
 */
export function sniffFormat(bytes: Uint8Array): InputFormat {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  if (bytes.length === 0) throw new FocalError('corrupt-input', 'Expected a picture, got an empty file.');
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return 'tiff';
  if (head.startsWith('II+\0') || head.startsWith('MM\0+')) return 'tiff';
  if (head.slice(4, 8) === 'ftyp') return sniffBaseMedia(bytes);
  throw unsupported(describe(bytes, head));
}

/** ISO base media files say what they hold by brands: the major one, then compatible ones. */
function sniffBaseMedia(bytes: Uint8Array): InputFormat {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const box = String.fromCharCode(...bytes.subarray(8, Math.min(size, 256, bytes.length)));
  const brands = [box.slice(0, 4), ...(box.slice(8).match(/[\s\S]{4}/g) ?? [])];
  if (brands.includes('avif') || brands.includes('avis')) return 'avif';
  const heic = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];
  if (brands.some((brand) => heic.includes(brand))) return 'heic';
  throw unsupported(brands[0] === 'crx ' ? 'a Canon raw photo' : 'an MP4 or QuickTime video');
}

function describe(bytes: Uint8Array, head: string): string {
  const known = OTHERS.find(([signature]) => head.startsWith(signature));
  if (known !== undefined) return known[1];
  if (!isText(bytes.subarray(0, 1024))) return 'data of an unknown kind';
  const start = head.trimStart().toLowerCase();
  if (start.startsWith('<svg') || (start.startsWith('<?xml') && head.includes('svg'))) return 'an SVG drawing';
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'a web page';
  return 'text';
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function unsupported(what: string): FocalError {
  return new FocalError('unsupported-format', `Expected a picture, got what looks like ${what}.`, {
    hint: 'Focal reads JPEG, PNG, WebP, AVIF, TIFF, GIF and HEIC.',
  });
}
