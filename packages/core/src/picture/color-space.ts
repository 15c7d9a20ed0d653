import type { Rgb } from './color.ts';
import type { ColorSpace } from './picture.ts';
import type { SrgbTables } from './srgb.ts';

// Linear light, D65 both; from the primaries of IEC 61966-2-1 and SMPTE EG 432-1, as in CSS Color 4.
const SRGB_TO_P3 = [0.822462, 0.177538, 0, 0.033194, 0.966806, 0, 0.017083, 0.072397, 0.91052] as const;
const P3_TO_SRGB = [1.22494, -0.22494, 0, -0.042057, 1.042057, 0, -0.019638, -0.078636, 1.098274] as const;

/** Turns three bytes at `data[at..at+2]` from one colour space into the other, in place. Colours outside are clipped. */
export type ConvertColor = (data: { [index: number]: number }, at: number) => void;

/** Nothing to do where both are the same: undefined. */
export function createColorConverter(from: ColorSpace, to: ColorSpace, tables: SrgbTables): ConvertColor | undefined {
  if (from === to) return undefined;
  const matrix = from === 'srgb' ? SRGB_TO_P3 : P3_TO_SRGB;
  const { toLinear, fromLinear } = tables;
  return (data, at) => {
    const r = toLinear[data[at] as number] as number;
    const g = toLinear[data[at + 1] as number] as number;
    const b = toLinear[data[at + 2] as number] as number;
    for (let c = 0; c < 3; c++) {
      const value =
        (matrix[c * 3] as number) * r + (matrix[c * 3 + 1] as number) * g + (matrix[c * 3 + 2] as number) * b;
      data[at + c] = fromLinear[value <= 0 ? 0 : value >= 1 ? 65535 : (value * 65535 + 0.5) | 0] as number;
    }
  };
}

/** One colour in another space. */
export function convertRgb(color: Rgb, from: ColorSpace, to: ColorSpace, tables: SrgbTables): Rgb {
  const bytes: [number, number, number] = [...color];
  createColorConverter(from, to, tables)?.(bytes, 0);
  return bytes;
}
