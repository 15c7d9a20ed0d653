import type { ThreadCache } from '../../async/thread-cache.ts';
import type { Rgb } from '../../picture/color.ts';
import { convertRgb, createColorConverter } from '../../picture/color-space.ts';
import type { ColorSpace, Picture } from '../../picture/picture.ts';
import { createRowResampler } from '../../picture/resample.ts';
import { createAxes, type Region } from '../../picture/resize.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import type { Backdrop, Size } from './backdrop.ts';
import { createFlat } from './gradient.ts';

export interface PictureFit {
  readonly fit: 'cover' | 'contain' | 'stretch';
  /** Which part is seen where not all is, 0..1. */
  readonly positionX: number;
  readonly positionY: number;
}

/** A picture in the size of the target. The colour, sRGB, shows wherever it leaves the target open. */
export function createPictureBackdrop(
  picture: Picture,
  fit: PictureFit,
  color: Rgb,
  target: Size & { readonly colorSpace: ColorSpace },
  cache?: ThreadCache,
): Backdrop {
  const tables = createSrgbTables();
  const { place, region } = fitPicture(picture, target, fit);
  const { columns, rows } = createAxes(picture, place.width, place.height, { region });
  const behind = convertRgb(color, 'srgb', picture.colorSpace, tables);
  const convert = createColorConverter(picture.colorSpace, target.colorSpace, tables);
  const open = createFlat(convertRgb(color, 'srgb', target.colorSpace, tables));
  return {
    passes: [],
    create() {
      const fill = open.create();
      const resample = createRowResampler(picture, columns, rows, { cache });
      const bytes = new Uint8Array(3);
      return (y, line) => {
        if (place.width < target.width || place.height < target.height) fill(y, line);
        if (y < place.y || y >= place.y + place.height) return;
        const seen = resample.row(y - place.y);
        for (let i = 0, o = place.x * 4; i < seen.length; i += 4, o += 4) {
          const rest = 1 - (seen[i + 3] as number) / 255;
          for (let c = 0; c < 3; c++) {
            const value = (seen[i + c] as number) + (behind[c] as number) * rest;
            line[o + c] = value <= 0 ? 0 : value >= 255 ? 255 : value;
          }
          line[o + 3] = 255;
          if (convert === undefined) continue;
          for (let c = 0; c < 3; c++) bytes[c] = ((line[o + c] as number) + 0.5) | 0;
          convert(bytes, 0);
          for (let c = 0; c < 3; c++) line[o + c] = bytes[c] as number;
        }
      };
    },
  };
}

/** Where in the target the picture goes, in whole pixels, and which part of it is seen there. */
function fitPicture(
  picture: Picture,
  target: Size,
  { fit, positionX, positionY }: PictureFit,
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
