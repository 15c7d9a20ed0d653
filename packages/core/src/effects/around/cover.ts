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

/**
 * A shader that fills rows of covers, 0..1, and then paints with them. `fill` gives the pixels, from and to, that it
 * filled: no others are covered.
 */
export function shadeCovered(
  createFill: () => (y: number, cover: Float32Array) => readonly [from: number, to: number],
  paint: (bench: RowBench, from: number, to: number) => void,
): Shader['create'] {
  return () => {
    const fill = createFill();
    return ({ y, subject, bench }) => {
      // Where all is selected nothing is behind.
      if (subject === undefined) return;
      const [from, to] = fill(y, bench.cover);
      if (from >= to) return;
      // Pixels are painted in fours.
      bench.cover.fill(0, from & -4, from);
      bench.cover.fill(0, to, (to + 3) & -4);
      paint(bench, from, to);
    };
  };
}

/** A fill for {@link shadeCovered} from a field of covers. */
export function readCover(rows: FieldRows): (y: number, cover: Float32Array) => readonly [from: number, to: number] {
  return (y, cover) => {
    const span = rows.enter(y);
    rows.read(cover, ...span);
    return span;
  };
}

/** The least run of pixels that holds both. */
export function unite(a: readonly [number, number], b: readonly [number, number]): readonly [number, number] {
  if (a[0] >= a[1]) return b;
  if (b[0] >= b[1]) return a;
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}
