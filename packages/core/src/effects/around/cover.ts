import { parseColor, type Rgb } from '../../picture/color.ts';
import { convertRgb } from '../../picture/color-space.ts';
import type { Picture } from '../../picture/picture.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import type { RowBench } from '../shade/row-kernels.ts';
import type { Shader } from '../shade.ts';
import type { FieldRows } from './field.ts';

/** For shaders that have nothing to do. */
export const nothingToShade: Shader = { passes: [], create: () => () => {} };

/** A colour of the user's, sRGB, in the picture's colour space. */
export function toPictureColor(text: string, { colorSpace }: Picture): Rgb {
  return convertRgb(parseColor(text), 'srgb', colorSpace, createSrgbTables());
}

/** A unit vector: 0° up, 90° right. Rounded, since the last bit of Math.sin differs between engines. */
export function toDirection(angleDeg: number): { readonly x: number; readonly y: number } {
  const angle = (angleDeg * Math.PI) / 180;
  return { x: Math.round(Math.sin(angle) * 1e6) / 1e6, y: -Math.round(Math.cos(angle) * 1e6) / 1e6 };
}

/** Pixels of a row, from and to. */
export type Span = readonly [from: number, to: number];

/** Rows of covers, 0..1. Belongs to one thread. */
export interface CoverRows {
  /** Goes to a row of the picture. Gives the pixels, from and to, outside of which none is covered. */
  enter(y: number): Span;
  /** Writes the covers of pixels `from` to `to` of the row that was entered: within what `enter` gave. */
  fill(cover: Float32Array, from: number, to: number): void;
}

/** A shader that paints with covers, wherever something is behind the subject. */
export function shadeCovered(
  createRows: () => CoverRows,
  paint: (bench: RowBench, from: number, to: number) => void,
): Shader['create'] {
  return () => {
    const rows = createRows();
    return ({ y, subject, bench }) => {
      // Where all is selected nothing is behind.
      if (subject === undefined) return;
      const [first, last] = rows.enter(y);
      for (let at = first; at < last; ) {
        const [from, to] = findOpen(subject, at, last);
        if (from === to) return;
        rows.fill(bench.cover, from, to);
        // Pixels are painted in fours.
        bench.cover.fill(0, from & -4, from);
        bench.cover.fill(0, to, (to + 3) & -4);
        paint(bench, from, to);
        at = to;
      }
    };
  };
}

/** Runs of opaque pixels that are shorter are not worth leaving out. */
const LEAST_SOLID_PX = 32;

/** The next pixels behind which something may be seen, up to the next long run of opaque ones. */
function findOpen(subject: Float32Array, start: number, end: number): Span {
  const isSolid = (x: number): boolean => (subject[4 * x + 3] as number) >= 255;
  let from = start;
  while (from < end && isSolid(from)) from++;
  let solid = 0;
  for (let x = from; x < end; x++) {
    solid = isSolid(x) ? solid + 1 : 0;
    if (solid === LEAST_SOLID_PX) return [from, x + 1 - solid];
  }
  return [from, end];
}

/** Covers of a field that holds them. */
export function readCover(rows: FieldRows): CoverRows {
  return { enter: (y) => rows.enter(y), fill: (cover, from, to) => rows.read(cover, from, to) };
}

/** The least run of pixels that holds both. */
export function unite(a: Span, b: Span): Span {
  if (a[0] >= a[1]) return b;
  if (b[0] >= b[1]) return a;
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}
