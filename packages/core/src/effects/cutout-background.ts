import type { Pass } from '../async/plan.ts';
import type { Rgb } from '../picture/color.ts';
import { convertRgb, createColorConverter } from '../picture/color-space.ts';
import type { Picture } from '../picture/picture.ts';
import { createAxes, type Region, resampleRgba } from '../picture/resize.ts';
import { createSrgbTables, type SrgbTables } from '../picture/srgb.ts';

export type Background =
  | { readonly kind: 'color' }
  | { readonly kind: 'gradient'; readonly from: Rgb; readonly to: Rgb; readonly angleDeg: number }
  | {
      readonly kind: 'picture';
      readonly picture: Picture;
      readonly fit: 'cover' | 'contain' | 'stretch';
      readonly positionX: number;
      readonly positionY: number;
    };

/**
 * Passes that fill the target with an opaque background. `color` shows wherever a picture leaves it open. Colours are
 * sRGB; they and the picture are converted to the target's colour space.
 */
export function planBackground(background: Background, target: Picture, color: Rgb): readonly Pass[] {
  const tables = createSrgbTables();
  const toTarget = (each: Rgb) => convertRgb(each, 'srgb', target.colorSpace, tables);
  const rows = target.height;
  switch (background.kind) {
    case 'color':
      return [{ name: 'background', rows, run: (from, to) => fillColor(target, toTarget(color), from, to) }];
    case 'gradient': {
      const gradient = { ...background, from: toTarget(background.from), to: toTarget(background.to) };
      return [{ name: 'background', rows, run: (from, to) => fillGradient(target, gradient, from, to) }];
    }
    case 'picture':
      return [
        { name: 'background', rows, run: (from, to) => fillColor(target, toTarget(color), from, to) },
        drawPicture(target, background, color, tables),
      ];
  }
}

function fillColor(target: Picture, [r, g, b]: Rgb, from: number, to: number): void {
  const { data, width } = target;
  for (let i = from * width * 4; i < to * width * 4; i += 4) {
    data[i] = r;
    data[i + 1] = g;
    data[i + 2] = b;
    data[i + 3] = 255;
  }
}

/**
 * A straight gradient from corner to corner as in CSS, even in sRGB values. Dithered with interleaved gradient noise
 * (Jimenez 2014), so that long gradients show no bands.
 */
function fillGradient(
  target: Picture,
  { from: start, to: end, angleDeg }: Extract<Background, { kind: 'gradient' }>,
  from: number,
  to: number,
): void {
  const { data, width, height } = target;
  const angle = (angleDeg * Math.PI) / 180;
  // Rounded, since the last bit of Math.sin differs between engines.
  const dx = Math.round(Math.sin(angle) * 1e6) / 1e6;
  const dy = -Math.round(Math.cos(angle) * 1e6) / 1e6;
  const length = Math.abs(dx) * width + Math.abs(dy) * height;
  for (let y = from; y < to; y++) {
    for (let x = 0, i = y * width * 4; x < width; x++, i += 4) {
      const raw = 0.5 + ((x + 0.5 - width / 2) * dx + (y + 0.5 - height / 2) * dy) / length;
      const share = raw < 0 ? 0 : raw > 1 ? 1 : raw;
      const seed = 0.06711056 * x + 0.00583715 * y;
      const noise = 52.9829189 * (seed - Math.floor(seed));
      const dither = noise - Math.floor(noise);
      for (let c = 0; c < 3; c++) {
        const value = (start[c] as number) + ((end[c] as number) - (start[c] as number)) * share;
        data[i + c] = Math.floor(value + dither);
      }
      data[i + 3] = 255;
    }
  }
}

function drawPicture(
  target: Picture,
  background: Extract<Background, { kind: 'picture' }>,
  color: Rgb,
  tables: SrgbTables,
): Pass {
  const { picture } = background;
  const { place, region } = fitPicture(picture, target, background);
  const { columns, rows } = createAxes(picture, place.width, place.height, { region });
  const behind = convertRgb(color, 'srgb', picture.colorSpace, tables);
  const convert = createColorConverter(picture.colorSpace, target.colorSpace, tables);
  return {
    name: 'background-picture',
    rows: place.height,
    run: (from, to) =>
      resampleRgba(picture, columns, rows, from, to, (row, line) => {
        let o = ((row + place.y) * target.width + place.x) * 4;
        for (let i = 0; i < line.length; i += 4, o += 4) {
          const rest = 1 - (line[i + 3] as number) / 255;
          for (let c = 0; c < 3; c++) {
            const value = (line[i + c] as number) + (behind[c] as number) * rest;
            target.data[o + c] = value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
          }
          convert?.(target.data, o);
        }
      }),
  };
}

/** Where in the target the picture goes, in whole pixels, and which part of it is seen there. */
function fitPicture(
  picture: Picture,
  target: Picture,
  { fit, positionX, positionY }: Extract<Background, { kind: 'picture' }>,
): { place: Region; region: Region } {
  const all = { x: 0, y: 0, width: picture.width, height: picture.height };
  const frame = { x: 0, y: 0, width: target.width, height: target.height };
  if (fit === 'stretch') return { place: frame, region: all };
  const ratios = [target.width / picture.width, target.height / picture.height] as const;
  if (fit === 'contain') {
    const ratio = Math.min(...ratios);
    const width = Math.max(1, Math.round(picture.width * ratio));
    const height = Math.max(1, Math.round(picture.height * ratio));
    const x = Math.round((target.width - width) * positionX);
    const y = Math.round((target.height - height) * positionY);
    return { place: { x, y, width, height }, region: all };
  }
  const ratio = Math.max(...ratios);
  const width = Math.min(picture.width, target.width / ratio);
  const height = Math.min(picture.height, target.height / ratio);
  const region = { x: (picture.width - width) * positionX, y: (picture.height - height) * positionY, width, height };
  return { place: frame, region };
}
