import type { Pass } from '../async/plan.ts';
import type { Affine } from '../picture/affine.ts';
import { createColorConverter } from '../picture/color-space.ts';
import type { Picture } from '../picture/picture.ts';
import { createSrgbTables } from '../picture/srgb.ts';
import { warpPicture } from '../picture/warp.ts';
import type { Point } from '../scene/geometry.ts';

/** Where a sticker lies, in pixels: a square about its middle, turned so that `right` is to its right. */
export interface Sticker {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly right: Point;
}

/** The middle square of a picture drawn over the result, once for each sticker; what is transparent in it stays clear. */
export function planStickers(picture: Picture, stickers: () => readonly Sticker[], result: Picture): readonly Pass[] {
  return [
    {
      name: 'stickers',
      // They may overlap: one after the other.
      rows: 1,
      run() {
        for (const sticker of stickers()) drawSticker(picture, sticker, result);
      },
    },
  ];
}

function drawSticker(picture: Picture, { x, y, size, right }: Sticker, result: Picture): void {
  const reach = (size / 2) * (Math.abs(right.x) + Math.abs(right.y));
  const left = Math.max(0, Math.floor(x - reach));
  const top = Math.max(0, Math.floor(y - reach));
  const width = Math.min(result.width, Math.ceil(x + reach)) - left;
  const height = Math.min(result.height, Math.ceil(y + reach)) - top;
  if (width <= 0 || height <= 0) return;
  const square = Math.min(picture.width, picture.height);
  const scale = square / size;
  const map: Affine = {
    xx: right.x * scale,
    xy: right.y * scale,
    x0: picture.width / 2 + scale * (right.x * (left - x) + right.y * (top - y)),
    yx: -right.y * scale,
    yy: right.x * scale,
    y0: picture.height / 2 + scale * (right.x * (top - y) - right.y * (left - x)),
  };
  const drawn = warpPicture(picture, map, width, height);
  const convert = createColorConverter(picture.colorSpace, result.colorSpace, createSrgbTables());
  const [fromX, fromY] = [(picture.width - square) / 2, (picture.height - square) / 2];
  for (let row = 0, i = 0; row < height; row++) {
    let o = ((top + row) * result.width + left) * 4;
    for (let column = 0; column < width; column++, i += 4, o += 4) {
      const u = map.xx * (column + 0.5) + map.xy * (row + 0.5) + map.x0 - fromX;
      const v = map.yx * (column + 0.5) + map.yy * (row + 0.5) + map.y0 - fromY;
      // Fades over one pixel at the square's sides.
      const inside = Math.min(u, v, square - u, square - v) / scale + 0.5;
      if (inside <= 0) continue;
      convert?.(drawn.data, i);
      const alpha = ((drawn.data[i + 3] as number) / 255) * Math.min(1, inside);
      const under = ((result.data[o + 3] as number) / 255) * (1 - alpha);
      if (alpha === 0) continue;
      for (let c = 0; c < 3; c++) {
        const mixed = (drawn.data[i + c] as number) * alpha + (result.data[o + c] as number) * under;
        result.data[o + c] = Math.round(mixed / (alpha + under));
      }
      result.data[o + 3] = Math.round((alpha + under) * 255);
    }
  }
}
