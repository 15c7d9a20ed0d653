import type { Rgb } from '@focal/core';

/** Colours by which photos are found, each a bit of `assets.colors` in this order. */
export const COLOR_WORDS = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'brown',
  'black',
  'white',
  'gray',
] as const;
export type ColorWord = (typeof COLOR_WORDS)[number];

/** A photo has much of a colour from this share on. */
export const COLOR_SHARE = 0.08;

/** The bit of a colour's name; undefined of colours that are told by their parts. */
export function colorBit(name: string): number | undefined {
  const at = (COLOR_WORDS as readonly string[]).indexOf(name === 'grey' ? 'gray' : name);
  return at < 0 ? undefined : 1 << at;
}

/** Bits of the colours that a photo has much of. */
export function colorBitsOf(palette: readonly { readonly rgb: Rgb; readonly share: number }[]): number {
  const shares = COLOR_WORDS.map(() => 0);
  for (const { rgb, share } of palette) {
    const at = COLOR_WORDS.indexOf(nameColor(rgb));
    shares[at] = (shares[at] as number) + share;
  }
  return shares.reduce((bits, share, at) => (share >= COLOR_SHARE ? bits | (1 << at) : bits), 0);
}

/** What people call a colour, by its hue, saturation and value (Smith 1978). */
export function nameColor([red, green, blue]: Rgb): ColorWord {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const value = most / 255;
  const saturation = most === 0 ? 0 : (most - least) / most;
  if (value < 0.2) return 'black';
  if (saturation < 0.16) return value > 0.82 ? 'white' : value < 0.28 ? 'black' : 'gray';
  const hueDeg = toHue(red, green, blue, most - least);
  if (hueDeg < 14 || hueDeg >= 345) return value > 0.75 && saturation < 0.55 ? 'pink' : 'red';
  if (hueDeg < 45) return value < 0.65 ? 'brown' : 'orange';
  if (hueDeg < 68) return value < 0.4 ? 'brown' : 'yellow';
  if (hueDeg < 168) return 'green';
  if (hueDeg < 256) return 'blue';
  if (hueDeg < 292) return 'purple';
  return value < 0.5 ? 'purple' : 'pink';
}

function toHue(red: number, green: number, blue: number, range: number): number {
  if (red >= green && red >= blue) return (((green - blue) / range) * 60 + 360) % 360;
  return green >= blue ? ((blue - red) / range) * 60 + 120 : ((red - green) / range) * 60 + 240;
}
