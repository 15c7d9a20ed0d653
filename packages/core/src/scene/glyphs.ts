/** Columns and rows of a glyph. */
export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;

// Five bits a row, two hexadecimal digits each, from the top. Enough for labels: what else there is becomes a dash.
const GLYPHS: Readonly<Record<string, string>> = {
  ' ': '00000000000000',
  '-': '0000001f000000',
  '.': '00000000000c0c',
  '%': '18190204081303',
  '0': '0e11131519110e',
  '1': '040c040404040e',
  '2': '0e11010204081f',
  '3': '1f02040201110e',
  '4': '02060a121f0202',
  '5': '1f101e0101110e',
  '6': '0608101e11110e',
  '7': '1f010204080808',
  '8': '0e11110e11110e',
  '9': '0e11110f01020c',
  a: '00000e010f110f',
  b: '1010161911111e',
  c: '00000e1010110e',
  d: '01010d1311110f',
  e: '00000e111f100e',
  f: '0609081c080808',
  g: '000f11110f010e',
  h: '10101619111111',
  i: '04000c0404040e',
  j: '0200060202120c',
  k: '10101214181412',
  l: '0c04040404040e',
  m: '00001a15151111',
  n: '00001619111111',
  o: '00000e1111110e',
  p: '00001e111e1010',
  q: '00000d130f0101',
  r: '00001619101010',
  s: '00000e100e011e',
  t: '08081c08080906',
  u: '0000111111130d',
  v: '00001111110a04',
  w: '0000111115150a',
  x: '0000110a040a11',
  y: '000011110f010e',
  z: '00001f0204081f',
};

/** Whether the glyph of a character covers this cell. Capitals are drawn small. */
export function isGlyphSet(character: string, column: number, row: number): boolean {
  const glyph = GLYPHS[character.toLowerCase()] ?? GLYPHS['-'] ?? '';
  const bits = Number.parseInt(glyph.slice(row * 2, row * 2 + 2), 16);
  return ((bits >> (GLYPH_WIDTH - 1 - column)) & 1) === 1;
}
