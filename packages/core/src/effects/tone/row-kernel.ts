import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { instantiate } from '../../filters/assemble.ts';
import type { Bytes } from '../../picture/picture.ts';
import { type Curve, ENTRIES, FINE } from './curve.ts';
import { GAINS, LEVELS, type LocalContrast } from './local-contrast.ts';
import { compileToneKernels, LUMA, type ToneKernels, type ToneLayout, type ToneParts } from './row-simd.ts';

/** What is done to a row, in this order. */
export interface ToneWork {
  readonly local?: LocalContrast | undefined;
  /** Takes the luma in place of all channels. Default: no. */
  readonly grey?: boolean;
  /** Of red, green and blue. */
  readonly curves: readonly [Curve, Curve, Curve] | undefined;
  /** How many times as strong colours become. Default: 1. */
  readonly saturation?: number;
  /** How much of the change is kept, 0..1. Default: 1. */
  readonly strength?: number;
}

/** Changes the selected of row `y`, premultiplied floats, in place. Belongs to one thread. */
export type ToneRows = (y: number, line: Float32Array, alpha: Bytes | undefined) => void;

export interface ToneRowsOptions {
  /** `false` keeps to TypeScript, the reference: the bits are equal. */
  readonly simd?: boolean;
  readonly cache?: ThreadCache | undefined;
}

const BLOCK = 4;
const CURVE_BYTES = ENTRIES * 4;
/** Blocks of factors of a row of tiles, and their bytes. */
const GAIN_BLOCKS = Math.ceil(GAINS / BLOCK);
const GAIN_BYTES = GAIN_BLOCKS * BLOCK * 4;

export function createToneRows(
  width: number,
  { local, grey = false, curves, saturation = 1, strength = 1 }: ToneWork,
  { simd = true, cache = createThreadCache(0) }: ToneRowsOptions = {},
): ToneRows {
  const blocks = Math.ceil(width / BLOCK);
  const own = [...new Set(curves)];
  const places = curves?.map((curve) => own.indexOf(curve) * CURVE_BYTES);
  const at = { gains: own.length * CURVE_BYTES, own: 0, index: 0, share: 0, alpha: 0, weight: 0, line: 0 };
  const below = at.gains + GAIN_BYTES;
  at.own = below + GAIN_BYTES;
  at.index = at.own + GAIN_BYTES;
  at.share = at.index + blocks * BLOCK * 4;
  at.alpha = at.share + blocks * BLOCK * 4;
  at.weight = (at.alpha + blocks * BLOCK + 15) & -16;
  at.line = at.weight + 16;
  const layout: ToneLayout = { ...at, curves: (places ?? [0, 0, 0]) as [number, number, number] };
  const parts: ToneParts = { local: local !== undefined, grey, curves: curves !== undefined, saturation, strength };
  const length = at.line + blocks * BLOCK * 16;

  const name = `tone ${JSON.stringify([layout, parts])}`;
  const program = simd ? cache.take(name, () => compileToneKernels(layout, parts)) : undefined;
  const ready = program && instantiate(program, length);
  const buffer = ready?.buffer ?? new ArrayBuffer(length);
  const kernels = (ready?.exports as ToneKernels | undefined) ?? createReferenceKernels(buffer, layout, parts);
  own.forEach((curve, i) => {
    new Float32Array(buffer, i * CURVE_BYTES, ENTRIES).set(curve);
  });
  const rows = local?.create(new Float32Array(buffer, at.gains, GAINS), new Float32Array(buffer, below, GAINS));
  if (rows !== undefined) {
    new Int32Array(buffer, at.index, width).set(rows.index);
    new Float32Array(buffer, at.share, width).set(rows.share);
  }
  const selected = new Uint8Array(buffer, at.alpha, width).fill(255);
  const weight = new Float32Array(buffer, at.weight, BLOCK);
  const row = new Float32Array(buffer, at.line, width * 4);

  return (y, line, alpha) => {
    if (rows !== undefined) {
      weight.fill(rows.enter(y));
      kernels.enter(GAIN_BLOCKS, at.gains, below, at.own);
    }
    row.set(line);
    if (alpha !== undefined) selected.set(alpha);
    kernels.tone(blocks);
    line.set(row);
  };
}

/** The reference of the SIMD kernels, in 32-bit floats step by step. */
function createReferenceKernels(buffer: ArrayBuffer, layout: ToneLayout, parts: ToneParts): ToneKernels {
  const floats = new Float32Array(buffer, 0, buffer.byteLength >> 2);
  const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  const bytes = new Uint8Array(buffer);
  const { fround } = Math;
  const { gains, index, share, weight } = {
    gains: layout.own >> 2,
    index: layout.index >> 2,
    share: layout.share >> 2,
    weight: layout.weight >> 2,
  };
  const [red, green, blue] = layout.curves.map((start) => start >> 2) as [number, number, number];
  const [saturation, strength] = [fround(parts.saturation), fround(parts.strength)];
  const [lumaR, lumaG, lumaB] = [fround(LUMA[0]), fround(LUMA[1]), fround(LUMA[2])];
  const luma = (r: number, g: number, b: number): number =>
    fround(fround(fround(r * lumaR) + fround(g * lumaG)) + fround(b * lumaB));
  const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);
  const lookUp = (curve: number, value: number): number =>
    floats[curve + (fround(clamp(value) * FINE + 0.5) | 0)] as number;
  const mix = (from: number, to: number, part: number): number => fround(from + fround(fround(to - from) * part));

  const enter: ToneKernels['enter'] = (blocks, above, below, own) => {
    for (let i = 0; i < blocks * BLOCK; i++) {
      const [a, b] = [floats[(above >> 2) + i] as number, floats[(below >> 2) + i] as number];
      floats[(own >> 2) + i] = mix(a, b, floats[weight] as number);
    }
  };
  const tone: ToneKernels['tone'] = (blocks) => {
    for (let x = 0, o = layout.line >> 2; x < blocks * BLOCK; x++, o += 4) {
      const selected = bytes[layout.alpha + x] as number;
      const own = floats[o + 3] as number;
      if (selected === 0 || !(own > 0)) continue;
      const opaque = own > 255 ? 255 : own;
      const scale = fround(255 / opaque);
      let r = fround((floats[o] as number) * scale);
      let g = fround((floats[o + 1] as number) * scale);
      let b = fround((floats[o + 2] as number) * scale);
      if (parts.local) {
        const lightness = clamp(luma(r, g, b));
        const at = gains + (words[index + x] as number) + (fround(fround(2 * lightness) + 0.5) | 0);
        const part = floats[share + x] as number;
        const gain = mix(floats[at] as number, floats[at + LEVELS] as number, part);
        r = fround(r * gain);
        g = fround(g * gain);
        b = fround(b * gain);
        const most = Math.max(r, g, b);
        if (most > 255) {
          const grey = fround(lightness * gain);
          const part = grey >= 255 ? 0 : fround(fround(255 - grey) / fround(most - grey));
          r = mix(grey, r, part);
          g = mix(grey, g, part);
          b = mix(grey, b, part);
        }
      }
      if (parts.grey) r = g = b = luma(r, g, b);
      if (parts.curves) {
        r = lookUp(red, r);
        g = lookUp(green, g);
        b = lookUp(blue, b);
      }
      if (parts.saturation !== 1) {
        const grey = luma(r, g, b);
        r = mix(grey, r, saturation);
        g = mix(grey, g, saturation);
        b = mix(grey, b, saturation);
      }
      if (selected === 255 && own >= 255 && parts.strength === 1) {
        floats[o] = r;
        floats[o + 1] = g;
        floats[o + 2] = b;
        continue;
      }
      // Back to premultiplied, as much of it as is selected.
      const part = fround(fround(selected / 255) * strength);
      const back = fround(opaque / 255);
      floats[o] = mix(floats[o] as number, fround(r * back), part);
      floats[o + 1] = mix(floats[o + 1] as number, fround(g * back), part);
      floats[o + 2] = mix(floats[o + 2] as number, fround(b * back), part);
    }
  };
  return { tone, enter };
}
