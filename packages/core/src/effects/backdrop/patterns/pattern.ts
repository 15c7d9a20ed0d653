import type { Rgb } from '../../../picture/color.ts';
import type { Size } from '../backdrop.ts';
import type { DrawRow } from '../canvas.ts';
import type { Draw } from '../random.ts';

export interface PatternInput {
  readonly grid: Size;
  /** From dark to light, or in the order of its circle; at least two, in the picture's colour space. */
  readonly palette: readonly Rgb[];
  /** Size of what is drawn: 1 as designed. */
  readonly scale: number;
  readonly draw: Draw;
}

/** Draws rows of a grid. Lengths in it are shares of the longer side, so that every size shows the same. */
export type Pattern = (input: PatternInput) => DrawRow;

/** The palette's colour at a share 0..1 of its way. */
export function colorAt(palette: readonly Rgb[], share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (palette.length - 1);
  const i = Math.min(palette.length - 2, Math.floor(at));
  const [from, to] = [palette[i] as Rgb, palette[i + 1] as Rgb];
  const part = at - i;
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part, from[2] + (to[2] - from[2]) * part];
}

export function mixColors(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

export function fillRow(line: Float32Array, [r, g, b]: Rgb): void {
  for (let i = 0; i < line.length; i += 3) {
    line[i] = r;
    line[i + 1] = g;
    line[i + 2] = b;
  }
}

/** Puts a colour over one cell. */
export function blendCell(line: Float32Array, x: number, [r, g, b]: Rgb, share: number): void {
  const i = x * 3;
  line[i] = (line[i] as number) + (r - (line[i] as number)) * share;
  line[i + 1] = (line[i + 1] as number) + (g - (line[i + 1] as number)) * share;
  line[i + 2] = (line[i + 2] as number) + (b - (line[i + 2] as number)) * share;
}

/** 0 at `from`, 1 at `to`, smooth between. */
export function smooth(value: number, from: number, to: number): number {
  const share = (value - from) / (to - from);
  return share <= 0 ? 0 : share >= 1 ? 1 : share * share * (3 - 2 * share);
}
