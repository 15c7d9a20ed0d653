import { instantiate, type Program } from '../../filters/assemble.ts';
import { DITHER_X, DITHER_Y } from '../../filters/dither.ts';
import type { Bytes } from '../../picture/picture.ts';
import { compileRowKernels, DITHER_STEP, NEAR, type RowKernels } from './row-simd.ts';

/** A row of pixels on its way through shaders: four floats a pixel, premultiplied, 0..255. Belongs to one thread. */
export interface RowBench {
  readonly line: Float32Array;
  /** The selected alone. Overwritten by {@link RowBench.takeSubject}. */
  readonly subject: Float32Array;
  /** Room for what stands behind. */
  readonly behind: Float32Array;
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
  /** Whether all of the line, or the subject, is opaque. */
  isOpaque(line: Float32Array): boolean;
  /** Writes the line as straight bytes, rounded with dither: the only time. */
  store(y: number, data: Bytes, base: number): void;
}

export interface RowBenchOptions {
  /** `false` keeps to TypeScript, the reference: the bits are equal. */
  readonly simd?: boolean;
}

const BLOCK = 4;

export function createRowBench(width: number, { simd = true }: RowBenchOptions = {}): RowBench {
  const blocks = Math.ceil(width / BLOCK);
  const [small, large] = [blocks * BLOCK * 4, blocks * BLOCK * 16];
  const at = { bytes: 0, cut: small, line: 0, subject: 0, before: 0, behind: 0, number: 0 };
  at.line = at.cut + small;
  at.subject = at.line + large;
  at.before = at.subject + large;
  at.behind = at.before + large;
  at.number = at.behind + large;
  const { buffer, kernels } = createKernels(at.number + 16, simd ? compileRowKernels() : undefined);
  const bytes = new Uint8Array(buffer, at.bytes, width * 4);
  const cutBytes = new Uint8Array(buffer, at.cut, width * 4);
  const number = new Float32Array(buffer, at.number, 1);
  const floats = (start: number): Float32Array => new Float32Array(buffer, start, width * 4);
  const [line, subject, before, behind] = [at.line, at.subject, at.before, at.behind].map(floats) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];

  return {
    line,
    subject,
    behind,
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
      number[0] = opacity;
      kernels.blend(blocks, at.line, at.before, at.number);
    },
    putBehind(front) {
      kernels.behind(blocks, front === subject ? at.subject : at.line, at.behind, at.line);
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
