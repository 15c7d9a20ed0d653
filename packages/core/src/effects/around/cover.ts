import { parseColor, type Rgb } from '../../picture/color.ts';
import { convertRgb } from '../../picture/color-space.ts';
import type { Picture } from '../../picture/picture.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import type { ShadeRow, Shader } from '../shade.ts';

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

/** A shader that fills a row of covers, 0..1, and then paints with it. Returns false from `fill` where there are none. */
export function shadeCovered(
  width: number,
  createFill: () => (y: number, cover: Float32Array) => boolean,
  paint: (row: ShadeRow, cover: Float32Array) => void,
): Shader['create'] {
  return () => {
    const cover = new Float32Array(width);
    const fill = createFill();
    return (row) => {
      if (fill(row.y, cover)) paint(row, cover);
    };
  };
}
