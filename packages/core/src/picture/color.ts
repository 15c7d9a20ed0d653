import { FocalError } from '../errors.ts';

/** Red, green, blue as sRGB bytes. */
export type Rgb = readonly [number, number, number];

const NAMES: Readonly<Record<string, Rgb>> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  silver: [192, 192, 192],
  red: [255, 0, 0],
  green: [0, 128, 0],
  lime: [0, 255, 0],
  blue: [0, 0, 255],
  navy: [0, 0, 128],
  teal: [0, 128, 128],
  cyan: [0, 255, 255],
  magenta: [255, 0, 255],
  purple: [128, 0, 128],
  yellow: [255, 255, 0],
  orange: [255, 165, 0],
  pink: [255, 192, 203],
  brown: [165, 42, 42],
};

/** Whether {@link parseColor} takes it. */
export function isColor(text: string): boolean {
  return /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text) || Object.hasOwn(NAMES, text.toLowerCase());
}

/**
 * A colour written as `#rgb`, `#rrggbb` or one of the basic CSS names. Throws `invalid-argument` for anything else.
 *
 * @example
 * parseColor('#3366ff') // [51, 102, 255]
 */
export function parseColor(text: string): Rgb {
  const named = Object.hasOwn(NAMES, text.toLowerCase()) ? NAMES[text.toLowerCase()] : undefined;
  if (named !== undefined) return named;
  if (!isColor(text)) {
    throw new FocalError(
      'invalid-argument',
      `Expected a colour such as #3366ff or white, got ${JSON.stringify(text)}.`,
    );
  }
  const digits = text.slice(1);
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb;
}
