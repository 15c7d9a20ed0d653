import type { Pass } from '../async/plan.ts';
import type { Rgb } from '../picture/color.ts';
import { convertRgb } from '../picture/color-space.ts';
import type { Picture } from '../picture/picture.ts';
import { createSrgbTables } from '../picture/srgb.ts';
import type { Backdrop } from './backdrop/backdrop.ts';
import { createFlat, createLinear } from './backdrop/gradient.ts';
import { createPictureBackdrop } from './backdrop/picture.ts';

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
 * sRGB; they and the picture are converted to the target's colour space. [Note: backdrops]
 */
export function planBackground(background: Background, target: Picture, color: Rgb): readonly Pass[] {
  const backdrop = createBackdrop(background, target, color);
  const dithers = background.kind === 'gradient';
  const pass: Pass = {
    name: 'background',
    rows: target.height,
    run(from, to) {
      const draw = backdrop.create();
      const line = new Float32Array(target.width * 4);
      for (let y = from; y < to; y++) {
        draw(y, line);
        if (dithers) storeDithered(line, y, target);
        else storeRounded(line, y, target);
      }
    },
  };
  return [...backdrop.passes, pass];
}

function createBackdrop(background: Background, target: Picture, color: Rgb): Backdrop {
  const tables = createSrgbTables();
  const toTarget = (each: Rgb) => convertRgb(each, 'srgb', target.colorSpace, tables);
  switch (background.kind) {
    case 'color':
      return createFlat(toTarget(color));
    case 'gradient':
      return createLinear(toTarget(background.from), toTarget(background.to), background.angleDeg, target);
    case 'picture':
      return createPictureBackdrop(background.picture, background, color, target);
  }
}

function storeRounded(line: Float32Array, y: number, { data, width }: Picture): void {
  const base = y * width * 4;
  for (let o = 0; o < line.length; o++) data[base + o] = ((line[o] as number) + 0.5) | 0;
}

/** Dithered with interleaved gradient noise (Jimenez 2014), so that long gradients show no bands. */
function storeDithered(line: Float32Array, y: number, { data, width }: Picture): void {
  const base = y * width * 4;
  for (let o = 0, x = 0; o < line.length; o += 4, x++) {
    const seed = 0.06711056 * x + 0.00583715 * y;
    const noise = 52.9829189 * (seed - Math.floor(seed));
    const dither = noise - Math.floor(noise);
    data[base + o] = ((line[o] as number) + dither) | 0;
    data[base + o + 1] = ((line[o + 1] as number) + dither) | 0;
    data[base + o + 2] = ((line[o + 2] as number) + dither) | 0;
    data[base + o + 3] = 255;
  }
}
