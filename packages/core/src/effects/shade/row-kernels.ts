import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { instantiate, type Program } from '../../filters/assemble.ts';
import { DITHER_X, DITHER_Y } from '../../filters/dither.ts';
import type { Rgb } from '../../picture/color.ts';
import type { Bytes } from '../../picture/picture.ts';
import { compileRowKernels, DITHER_STEP, HAZE, NEAR, type RowKernels } from './row-simd.ts';

/** A row of pixels on its way through shaders: four floats a pixel, premultiplied, 0..255. Belongs to one thread. */
export interface RowBench {
  readonly line: Float32Array;
  /** The selected alone. Overwritten by {@link RowBench.takeSubject}. */
  readonly subject: Float32Array;
  /** Room for what stands behind. */
  readonly behind: Float32Array;
  /** Room for numbers of pixels, such as how much of each is covered. */
  readonly cover: Float32Array;
  readonly frame: FrameRow;
  /** Reads a row of straight bytes into the line. */
  load(data: Bytes, base: number): void;
  /**
   * The selected alone, by their straight bytes in the row that was loaded. What shaders did to the row, the line minus
   * the bytes it came from, they did to the selected in its share.
   */
  takeSubject(cut: Bytes, base: number): Float32Array;
  /** Remembers the line. */
  keep(): void;
  /** Leaves a share of the line's change since then only. */
  blend(opacity: number): void;
  /** The line becomes `front`, the line itself or the subject, over {@link RowBench.behind}, which is opaque. */
  putBehind(front: Float32Array): void;
  /**
   * Draws a colour between the selected and what is behind it: {@link RowBench.cover} says how much, 0..1, of pixels
   * `from` to `to`. With S the selected alone, the line becomes S + (line − S)(1 − c) + (1 − αs) c · colour.
   */
  paintBehind(color: Rgb, from: number, to: number): void;
  /** The same with light added to what is behind, as a screen before it would: white stays white. */
  shineBehind(color: Rgb, from: number, to: number): void;
  /**
   * Draws {@link RowBench.frame} over pixels `from` to `to`, and where it may behind what of the subject reaches over
   * it. [Note: pop-out frames]
   */
  drawFrame(colors: { readonly band: Rgb; readonly hole: Rgb }, mayReach: boolean, from: number, to: number): void;
  /** Whether all of the line, or the subject, is opaque. */
  isOpaque(line: Float32Array): boolean;
  /** Writes the line as straight bytes, rounded with dither: the only time. */
  store(y: number, data: Bytes, base: number): void;
}

/** A frame's numbers for each pixel of a row. */
export interface FrameRow {
  /** How much of it lies on the band, 0..1. */
  readonly share: Float32Array;
  /** How much the band's shadow leaves of what is behind the subject, 0..1. */
  readonly keep: Float32Array;
  /** How much of it lies in a hole of the band, 0..1. */
  readonly hole: Float32Array;
  /** How much darker the band is for the subject's shadow, 0..1. */
  readonly shade: Float32Array;
}

export interface RowBenchOptions {
  /** `false` keeps to TypeScript, the reference: the bits are equal. */
  readonly simd?: boolean;
  readonly cache?: ThreadCache | undefined;
}

const BLOCK = 4;

export function createRowBench(
  width: number,
  { simd = true, cache = createThreadCache(0) }: RowBenchOptions = {},
): RowBench {
  const blocks = Math.ceil(width / BLOCK);
  const [small, large] = [blocks * BLOCK * 4, blocks * BLOCK * 16];
  const at = { bytes: 0, cut: small, line: 0, subject: 0, before: 0, behind: 0, planes: 0, number: 0 };
  at.line = at.cut + small;
  at.subject = at.line + large;
  at.before = at.subject + large;
  at.behind = at.before + large;
  at.planes = at.behind + large;
  at.number = at.planes + 4 * small;
  const program = simd ? cache.take('row kernels', compileRowKernels) : undefined;
  const { buffer, kernels } = createKernels(at.number + 48, program);
  const bytes = new Uint8Array(buffer, at.bytes, width * 4);
  const cutBytes = new Uint8Array(buffer, at.cut, width * 4);
  const numbers = new Float32Array(buffer, at.number, 12);
  const planes = [0, 1, 2, 3].map((i) => at.planes + i * small) as [number, number, number, number];
  const [share, keep, hole, shade] = planes.map((start) => new Float32Array(buffer, start, width)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const floats = (start: number): Float32Array => new Float32Array(buffer, start, width * 4);
  const [line, subject, before, behind] = [at.line, at.subject, at.before, at.behind].map(floats) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];

  /** Calls a kernel with the blocks of pixels `from` to `to`. */
  function runOver(from: number, to: number, run: (blocks: number, first: number) => void): void {
    const first = Math.floor(from / BLOCK);
    const count = Math.ceil(to / BLOCK) - first;
    if (count > 0) run(count, first);
  }

  function cover(kernel: RowKernels['paint'], color: Rgb, from: number, to: number): void {
    numbers.set(color);
    numbers[3] = 255;
    runOver(from, to, (count, first) => {
      kernel(count, at.line + first * 64, at.subject + first * 64, planes[0] + first * 16, at.number);
    });
  }

  return {
    line,
    subject,
    behind,
    cover: share,
    frame: { share, keep, hole, shade },
    load(data, base) {
      bytes.set(data.subarray(base, base + bytes.length));
      kernels.load(blocks, at.bytes, at.line);
    },
    takeSubject(cut, base) {
      cutBytes.set(cut.subarray(base, base + bytes.length));
      kernels.subject(blocks, at.cut, at.bytes, at.line, at.subject);
      return subject;
    },
    keep() {
      before.set(line);
    },
    blend(opacity) {
      numbers[0] = opacity;
      kernels.blend(blocks, at.line, at.before, at.number);
    },
    putBehind(front) {
      kernels.behind(blocks, front === subject ? at.subject : at.line, at.behind, at.line);
    },
    paintBehind: (color, from, to) => cover(kernels.paint, color, from, to),
    shineBehind: (color, from, to) => cover(kernels.shine, color, from, to),
    drawFrame({ band, hole: inHole }, mayReach, from, to) {
      numbers.set([...band, 255, ...inHole, 255]);
      numbers.fill(mayReach ? 1 : 0, 8);
      runOver(from, to, (count, first) => {
        const [a, b, c, d] = planes.map((start) => start + first * 16) as typeof planes;
        kernels.frame(count, at.line + first * 64, at.subject + first * 64, a, b, c, d, at.number);
      });
    },
    isOpaque(of) {
      for (let o = 3; o < of.length; o += 4) if ((of[o] as number) < 255) return false;
      return true;
    },
    store(y, data, base) {
      kernels.store(blocks, at.line, at.bytes, Math.imul(y, DITHER_Y));
      data.set(bytes, base);
    },
  };
}

function createKernels(length: number, program: Program | undefined): { buffer: ArrayBuffer; kernels: RowKernels } {
  if (program === undefined) {
    const buffer = new ArrayBuffer(length);
    return { buffer, kernels: createReferenceKernels(buffer) };
  }
  const { buffer, exports } = instantiate(program, length);
  return { buffer, kernels: exports as unknown as RowKernels };
}

/** The reference of the SIMD kernels, in 32-bit floats step by step. */
function createReferenceKernels(buffer: ArrayBuffer): RowKernels {
  const bytes = new Uint8Array(buffer);
  const floats = new Float32Array(buffer);
  const { fround } = Math;
  const [near, step] = [fround(NEAR), fround(DITHER_STEP)];
  const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

  function eachCovered(
    blocks: number,
    line: number,
    subject: number,
    cover: number,
    change: (o: number, s: number, c: number, own: number) => void,
  ): void {
    for (let x = 0, o = line >> 2, s = subject >> 2; x < blocks * 4; x++, o += 4, s += 4) {
      const c = floats[(cover >> 2) + x] as number;
      const own = floats[s + 3] as number;
      if (c > 0 && own < 255) change(o, s, c, own);
    }
  }

  return {
    load(blocks, from, to) {
      for (let i = from, o = to >> 2, end = from + blocks * 16; i < end; i += 4, o += 4) {
        const alpha = bytes[i + 3] as number;
        const share = fround(alpha / 255);
        for (let c = 0; c < 3; c++) floats[o + c] = (bytes[i + c] as number) * share;
        floats[o + 3] = alpha;
      }
    },
    subject(blocks, cut, source, line, to) {
      for (let i = 0, l = line >> 2, o = to >> 2; i < blocks * 16; i += 4, l += 4, o += 4) {
        const alpha = bytes[cut + i + 3] as number;
        const own = bytes[source + i + 3] as number;
        const share = fround(alpha / 255);
        const premultiplied = fround(own / 255);
        for (let c = 0; c < 3; c++) {
          const now = floats[l + c] as number;
          const was = fround((bytes[source + i + c] as number) * premultiplied);
          const value = share * fround(fround((bytes[cut + i + c] as number) + now) - was);
          floats[o + c] = alpha === 0 ? 0 : alpha === 255 ? now : value;
        }
        const now = floats[l + 3] as number;
        const value = fround(alpha + fround(share * fround(now - own)));
        floats[o + 3] = alpha === 0 ? 0 : alpha === 255 ? now : value < 0 ? 0 : value;
      }
    },
    blend(blocks, line, before, share) {
      const part = floats[share >> 2] as number;
      for (let i = line >> 2, o = before >> 2, end = i + blocks * 16; i < end; i++, o++) {
        const was = floats[o] as number;
        floats[i] = was + fround(fround((floats[i] as number) - was) * part);
      }
    },
    behind(blocks, front, behind, line) {
      for (let i = front >> 2, b = behind >> 2, o = line >> 2, n = 0; n < blocks * 4; n++, i += 4, b += 4, o += 4) {
        const own = floats[i + 3] as number;
        const opaque = own < 0 ? 0 : own > 255 ? 255 : own;
        const rest = fround(1 - fround(opaque / 255));
        for (let c = 0; c < 4; c++) {
          const kept = own <= 0 ? 0 : (floats[i + c] as number);
          floats[o + c] = kept + fround(rest * (floats[b + c] as number));
        }
      }
    },
    paint(blocks, line, subject, cover, color) {
      eachCovered(blocks, line, subject, cover, (o, s, c, own) => {
        const part = fround(c * fround(1 - fround(own / 255)));
        for (let k = 0; k < 4; k++) {
          const front = floats[s + k] as number;
          const kept = fround(fround((floats[o + k] as number) - front) * fround(1 - c));
          floats[o + k] = fround(front + kept) + fround(part * (floats[(color >> 2) + k] as number));
        }
      });
    },
    shine(blocks, line, subject, cover, color) {
      eachCovered(blocks, line, subject, cover, (o, s, c, own) => {
        const room = fround(255 - own);
        const share = fround(c / 255);
        for (let k = 0; k < 3; k++) {
          const now = floats[o + k] as number;
          const behind = fround(now - (floats[s + k] as number));
          const lit = behind < 0 ? 0 : behind;
          const unlit = fround(room - (room < lit ? room : lit));
          floats[o + k] = now + fround(fround(share * (floats[(color >> 2) + k] as number)) * unlit);
        }
        const alpha = floats[o + 3] as number;
        floats[o + 3] = alpha + fround(c * fround(255 - alpha));
      });
    },
    frame(blocks, line, subject, shares, keeps, holes, shades, numbers) {
      const n = numbers >> 2;
      for (let x = 0, o = line >> 2, s = subject >> 2; x < blocks * 4; x++, o += 4, s += 4) {
        const share = floats[(shares >> 2) + x] as number;
        const keep = floats[(keeps >> 2) + x] as number;
        const hole = floats[(holes >> 2) + x] as number;
        const lit = fround(1 - (floats[(shades >> 2) + x] as number));
        const own = fround((floats[s + 3] as number) / 255);
        if (keep < 1 && own < 1) {
          for (let k = 0; k < 3; k++) {
            const front = floats[s + k] as number;
            floats[o + k] = front + fround(fround((floats[o + k] as number) - front) * keep);
          }
          const front = floats[s + 3] as number;
          floats[o + 3] = front + fround((floats[o + 3] as number) - front);
        }
        if (!(share > 0)) continue;
        const raw = fround(fround(own - fround(HAZE[0])) / fround(HAZE[1] - HAZE[0]));
        const solid = raw < 0 ? 0 : raw > 1 ? 1 : raw;
        const eased = fround(fround(solid * solid) * fround(3 - fround(2 * solid)));
        const pops = fround(eased * (floats[n + 8] as number));
        const rest = fround(1 - share);
        const kept = fround(1 - fround(share * fround(1 - pops)));
        const part = fround(share * fround(1 - fround(pops * own)));
        for (let k = 0; k < 4; k++) {
          const front = floats[s + k] as number;
          const band = floats[n + k] as number;
          const flat = fround(band + fround(fround((floats[n + 4 + k] as number) - band) * hole));
          const behind = fround(fround((floats[o + k] as number) - front) * rest);
          const color = k === 3 ? flat : fround(flat * lit);
          floats[o + k] = fround(fround(front * kept) + behind) + fround(part * color);
        }
      }
    },
    store(blocks, line, to, noise) {
      for (let i = line >> 2, o = to, x = 0; x < blocks * 4; x++, i += 4, o += 4) {
        const alpha = floats[i + 3] as number;
        const byte = fround(clamp(alpha) + 0.5) | 0;
        const scale = fround(255 / (alpha > 255 ? 255 : alpha));
        const dither = fround(fround(((Math.imul(x, DITHER_X) + noise) >>> 20) * step) + near);
        for (let c = 0; c < 3; c++) {
          const value = clamp(fround((floats[i + c] as number) * scale));
          bytes[o + c] = byte === 0 ? 0 : fround(value + dither) | 0;
        }
        bytes[o + 3] = byte;
      }
    },
  };
}
