/** Red, green and blue of Display P3 as XYZ under D50 (SMPTE RP 431-2 primaries, D65 adapted by Bradford). */
const P3_PRIMARIES: Readonly<Record<string, readonly [number, number, number]>> = {
  rXYZ: [0.51512, 0.2412, -0.00105],
  gXYZ: [0.29198, 0.69225, 0.04189],
  bXYZ: [0.1571, 0.06657, 0.78407],
};

const D50: readonly [number, number, number] = [0.9642, 1, 0.82491];
/** Bradford adaptation from D65 to D50, row by row. */
const D65_TO_D50 = [1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168];
/** The sRGB curve as ICC parameters g, a, b, c, d (IEC 61966-2-1). */
const SRGB_CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

/** Whether an ICC profile is Display P3: its primaries with the sRGB curve, whatever its name. */
export function isDisplayP3(profile: Uint8Array): boolean {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (profile.byteLength < 132 || tagName(view, 36) !== 'acsp' || tagName(view, 16) !== 'RGB ') return false;
  const tags = readTags(view);
  const sameColours = Object.entries(P3_PRIMARIES).every(([name, expected]) => {
    const offset = tags.get(name);
    return (
      offset !== undefined &&
      offset + 20 <= view.byteLength &&
      expected.every((value, i) => Math.abs(view.getInt32(offset + 8 + i * 4) / 65536 - value) < 0.003)
    );
  });
  const curve = tags.get('gTRC');
  return sameColours && curve !== undefined && Math.abs(curveAtHalf(view, curve) - 0.21404) < 0.01;
}

/** A Display P3 profile (ICC version 4.3, matrix and curve), made here from the published numbers: some 500 bytes. */
export function createDisplayP3Profile(): Uint8Array {
  const curve = curveTag();
  const tags: readonly (readonly [name: string, data: Uint8Array])[] = [
    ['desc', textTag('Display P3')],
    ['cprt', textTag('CC0')],
    ['wtpt', xyzTag(D50)],
    ['chad', fixedTag('sf32', D65_TO_D50)],
    ...Object.entries(P3_PRIMARIES).map(([name, xyz]) => [name, xyzTag(xyz)] as const),
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const table = 132 + tags.length * 12;
  const placed = new Map<Uint8Array, number>();
  let size = table;
  for (const [, data] of tags) {
    if (placed.has(data)) continue;
    placed.set(data, size);
    size += data.length;
  }
  const profile = new Uint8Array(size);
  writeHeader(new DataView(profile.buffer), size);
  const view = new DataView(profile.buffer);
  view.setUint32(128, tags.length);
  for (const [index, [name, data]] of tags.entries()) {
    const offset = placed.get(data) ?? 0;
    putName(view, 132 + index * 12, name);
    view.setUint32(136 + index * 12, offset);
    view.setUint32(140 + index * 12, data.length);
    profile.set(data, offset);
  }
  return profile;
}

function writeHeader(view: DataView, size: number): void {
  view.setUint32(0, size);
  view.setUint32(8, 0x04300000);
  putName(view, 12, 'mntr');
  putName(view, 16, 'RGB ');
  putName(view, 20, 'XYZ ');
  view.setUint16(24, 2026);
  view.setUint16(26, 1);
  view.setUint16(28, 1);
  putName(view, 36, 'acsp');
  for (const [i, value] of D50.entries()) view.setInt32(68 + i * 4, Math.round(value * 65536));
}

function xyzTag(xyz: readonly number[]): Uint8Array {
  return fixedTag('XYZ ', xyz);
}

function curveTag(): Uint8Array {
  const tag = new Uint8Array(32);
  const view = new DataView(tag.buffer);
  putName(view, 0, 'para');
  view.setUint16(8, 3);
  for (const [i, value] of SRGB_CURVE.entries()) view.setInt32(12 + i * 4, Math.round(value * 65536));
  return tag;
}

function fixedTag(type: string, values: readonly number[]): Uint8Array {
  const tag = new Uint8Array(8 + values.length * 4);
  const view = new DataView(tag.buffer);
  putName(view, 0, type);
  for (const [i, value] of values.entries()) view.setInt32(8 + i * 4, Math.round(value * 65536));
  return tag;
}

/** One English line as multiLocalizedUnicode. */
function textTag(text: string): Uint8Array {
  const tag = new Uint8Array((28 + text.length * 2 + 3) & ~3);
  const view = new DataView(tag.buffer);
  putName(view, 0, 'mluc');
  view.setUint32(8, 1);
  view.setUint32(12, 12);
  putName(view, 16, 'enUS');
  view.setUint32(20, text.length * 2);
  view.setUint32(24, 28);
  for (let i = 0; i < text.length; i++) view.setUint16(28 + i * 2, text.charCodeAt(i));
  return tag;
}

/** Linear value of half signal, or NaN for a curve of a kind that Display P3 does not use. */
function curveAtHalf(view: DataView, offset: number): number {
  if (offset + 16 > view.byteLength) return Number.NaN;
  if (tagName(view, offset) === 'curv') {
    const count = view.getUint32(offset + 8);
    if (count === 1) return 0.5 ** (view.getUint16(offset + 12) / 256);
    const middle = offset + 12 + ((count - 1) >> 1) * 2;
    return count > 2 && middle + 2 <= view.byteLength ? view.getUint16(middle) / 65535 : Number.NaN;
  }
  if (tagName(view, offset) !== 'para' || view.getUint16(offset + 8) !== 3 || offset + 32 > view.byteLength) {
    return Number.NaN;
  }
  const [g = 0, a = 0, b = 0] = [0, 1, 2].map((i) => view.getInt32(offset + 12 + i * 4) / 65536);
  return (a * 0.5 + b) ** g;
}

function readTags(view: DataView): Map<string, number> {
  const count = Math.min(view.getUint32(128), Math.floor((view.byteLength - 132) / 12));
  const tags = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const offset = view.getUint32(136 + i * 12);
    if (offset + 12 <= view.byteLength) tags.set(tagName(view, 132 + i * 12), offset);
  }
  return tags;
}

function tagName(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}

function putName(view: DataView, offset: number, name: string): void {
  for (let i = 0; i < 4; i++) view.setUint8(offset + i, name.charCodeAt(i));
}
