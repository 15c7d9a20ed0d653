import type { Rgb } from '../../picture/color.ts';
import type { ShadeRow } from '../shade.ts';

/**
 * Draws a colour between the selected and what is behind it: `cover` says how much, 0..1, for each pixel. With S the
 * selected alone, the row becomes S + (row − S)(1 − c) + (1 − αs) c · color, premultiplied.
 */
export function paintBehind({ line, subject }: ShadeRow, cover: Float32Array, [red, green, blue]: Rgb): void {
  for (let o = 0, x = 0; o < line.length; o += 4, x++) {
    const c = cover[x] as number;
    if (c <= 0) continue;
    const own = subject === undefined ? 255 : (subject[o + 3] as number);
    if (own >= 255) continue;
    const keep = 1 - c;
    const part = c * (1 - own / 255);
    const front = subject ?? line;
    const r = front[o] as number;
    const g = front[o + 1] as number;
    const b = front[o + 2] as number;
    const a = front[o + 3] as number;
    line[o] = r + ((line[o] as number) - r) * keep + part * red;
    line[o + 1] = g + ((line[o + 1] as number) - g) * keep + part * green;
    line[o + 2] = b + ((line[o + 2] as number) - b) * keep + part * blue;
    line[o + 3] = a + ((line[o + 3] as number) - a) * keep + part * 255;
  }
}

/** The same with light added to what is behind, as a screen before it would: white stays white. */
export function shineBehind({ line, subject }: ShadeRow, cover: Float32Array, [red, green, blue]: Rgb): void {
  for (let o = 0, x = 0; o < line.length; o += 4, x++) {
    const c = cover[x] as number;
    if (c <= 0) continue;
    const own = subject === undefined ? 255 : (subject[o + 3] as number);
    if (own >= 255) continue;
    const room = 255 - own;
    const share = c / 255;
    const r = line[o] as number;
    const g = line[o + 1] as number;
    const b = line[o + 2] as number;
    line[o] = r + share * red * unlit(subject === undefined ? r : r - (subject[o] as number), room);
    line[o + 1] = g + share * green * unlit(subject === undefined ? g : g - (subject[o + 1] as number), room);
    line[o + 2] = b + share * blue * unlit(subject === undefined ? b : b - (subject[o + 2] as number), room);
    line[o + 3] = (line[o + 3] as number) + c * (255 - (line[o + 3] as number));
  }
}

/** How far what is behind, premultiplied, is from white. */
function unlit(behind: number, room: number): number {
  return behind >= room ? 0 : behind <= 0 ? room : room - behind;
}
