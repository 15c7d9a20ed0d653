import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { type Code, compile, instantiate, op, type Program, simd } from '../../filters/assemble.ts';
import { DITHER_X, DITHER_Y } from '../../filters/dither.ts';
import { spread } from '../../filters/vectors.ts';
import { FULL } from './figures.ts';

/**
 * Reads a level at twice its size, bilinearly, row by row: three parts of the nearer row and column, one part of the
 * other. Owned by one thread.
 */
export interface Doubler {
  /**
   * Mixes the two rows of a level that row `y` of the larger size lies between. Until the next call `line` holds four
   * times their values, four numbers a cell, with a margin of one cell on either side.
   */
  mix(level: Uint16Array, y: number): void;
  readonly line: Int32Array;
  /** The mixed row in twice its width, rounded. Overwritten by the next call. */
  double(): Uint16Array;
  /**
   * The mixed row in twice its width, in steps of 256 to a byte's one, put over pixels by its fourth number, 0 not at all
   * and {@link FULL} wholly, and dithered down to bytes. The fourth of each four bytes is that of `pixels`. Overwritten
   * by the next call.
   */
  draw(pixels: Uint8Array | Uint8ClampedArray, y: number): Uint8Array;
}

export interface DoublerOptions {
  /** `false` keeps to TypeScript, the reference. */
  readonly simd?: boolean;
  readonly cache?: ThreadCache | undefined;
}

export function createDoubler(
  size: { readonly width: number; readonly height: number },
  options: DoublerOptions = {},
): Doubler {
  const { width, height } = size;
  const cell = 16;
  const at = { line: cell, near: 0, beside: 0, shorts: 0, bytes: 0 };
  at.near = (width + 2) * cell;
  at.beside = at.near + width * 8;
  at.shorts = at.beside + width * 8;
  at.bytes = at.shorts + width * 16;
  const length = at.bytes + width * 8;

  const { buffer, kernels } = createKernels(length, options);
  const line = new Int32Array(buffer, 0, (width + 2) * 4);
  const near = new Uint16Array(buffer, at.near, width * 4);
  const beside = new Uint16Array(buffer, at.beside, width * 4);
  const shorts = new Uint16Array(buffer, at.shorts, width * 8);
  const bytes = new Uint8Array(buffer, at.bytes, width * 8);

  return {
    line,
    mix(level, y) {
      const row = y >> 1;
      const other = Math.max(0, Math.min(height - 1, (y & 1) === 0 ? row - 1 : row + 1));
      near.set(level.subarray(row * width * 4, (row + 1) * width * 4));
      beside.set(level.subarray(other * width * 4, (other + 1) * width * 4));
      kernels.mix(width, at.near, at.beside, at.line);
      line.copyWithin(0, 4, 8);
      line.copyWithin((width + 1) * 4, width * 4, (width + 1) * 4);
    },
    double() {
      kernels.double(width, at.line, at.shorts);
      return shorts;
    },
    draw(pixels, y) {
      bytes.set(pixels);
      kernels.draw(width, at.line, at.bytes, Math.imul(y, DITHER_Y));
      return bytes;
    },
  };
}

/** A doubler of a thread's own for all levels of this size. */
export function keepDoubler(size: { readonly width: number; readonly height: number }, cache: ThreadCache): Doubler {
  return cache.take(`doubler ${size.width}×${size.height}`, () => createDoubler(size, { cache }));
}

/** What stands for {@link FULL} in sums of four times four shares. */
const WHOLE = FULL * 16;

/** Over cells of four numbers; addresses are in bytes. */
interface Kernels {
  mix(count: number, near: number, beside: number, line: number): void;
  double(count: number, line: number, shorts: number): void;
  draw(count: number, line: number, bytes: number, noise: number): void;
}

/** What a doubler runs on. Undefined where the engine lacks WebAssembly or SIMD. */
function compileDoubler(): Program | undefined {
  return compile([mixFunction(), doubleFunction(), drawFunction()]);
}

function createKernels(
  length: number,
  { simd: isWanted = true, cache = createThreadCache(0) }: DoublerOptions,
): { buffer: ArrayBuffer; kernels: Kernels } {
  const ready = isWanted ? cache.take('doubler', compileDoubler) : undefined;
  if (ready !== undefined) {
    const { buffer, exports } = instantiate(ready, length);
    return { buffer, kernels: exports as unknown as Kernels };
  }
  const buffer = new ArrayBuffer(length);
  return { buffer, kernels: createReferenceKernels(buffer) };
}

/** The reference of the SIMD kernels. */
function createReferenceKernels(buffer: ArrayBuffer): Kernels {
  const words = new Int32Array(buffer);
  const shorts = new Uint16Array(buffer);
  const bytes = new Uint8Array(buffer);
  return {
    mix(count, near, beside, line) {
      for (let i = 0; i < count * 4; i++) {
        words[(line >> 2) + i] = 3 * (shorts[(near >> 1) + i] as number) + (shorts[(beside >> 1) + i] as number);
      }
    },
    double(count, line, to) {
      for (let x = 0; x < count * 2; x++) {
        const i = (line >> 2) + (x >> 1) * 4;
        const j = i - 4 + ((x & 1) << 3);
        for (let c = 0; c < 4; c++) {
          shorts[(to >> 1) + x * 4 + c] = (3 * (words[i + c] as number) + (words[j + c] as number) + 8) >> 4;
        }
      }
    },
    draw(count, line, to, noise) {
      for (let x = 0, o = to, moving = noise; x < count * 2; x++, o += 4, moving = (moving + DITHER_X) | 0) {
        const i = (line >> 2) + (x >> 1) * 4;
        const j = i - 4 + ((x & 1) << 3);
        const dither = moving >>> 20;
        const r = 3 * (words[i] as number) + (words[j] as number);
        const g = 3 * (words[i + 1] as number) + (words[j + 1] as number);
        const b = 3 * (words[i + 2] as number) + (words[j + 2] as number);
        const share = 3 * (words[i + 3] as number) + (words[j + 3] as number);
        const rest = WHOLE - share;
        if (rest === 0) {
          bytes[o] = (r + dither) >> 12;
          bytes[o + 1] = (g + dither) >> 12;
          bytes[o + 2] = (b + dither) >> 12;
          continue;
        }
        bytes[o] = mix(r, share, bytes[o] as number, rest, dither);
        bytes[o + 1] = mix(g, share, bytes[o + 1] as number, rest, dither);
        bytes[o + 2] = mix(b, share, bytes[o + 2] as number, rest, dither);
      }
    },
  };
}

/** A sum and a byte by their shares, in 32 bits. */
function mix(sum: number, share: number, byte: number, rest: number, dither: number): number {
  return (Math.imul(sum, share) + ((Math.imul(byte, rest) + dither) << 12)) >>> 24;
}

const { get, set, tee } = op;
const advance = (local: number, step: number): Code => [get(local), op.constant(step), op.add, set(local)];

/** `body` once for each of as many cells as the first argument says. */
function forEachCell(body: Code): Code {
  return [
    [op.block, op.loop, get(0), op.isZero, op.branchIf(1), body],
    [get(0), op.constant(1), op.subtract, set(0), op.branch(0), op.end, op.end],
  ];
}

/** Three times the vector on the stack, which `local` holds too. */
const thrice = (local: number): Code => [get(local), op.constant(1), simd.shiftLeftI, get(local), simd.addI];

function mixFunction() {
  const [near, beside, line, value] = [1, 2, 3, 4];
  const body = forEachCell([
    [get(near), simd.loadShortsI(0), set(value)],
    [get(line), thrice(value), get(beside), simd.loadShortsI(0), simd.addI, simd.store(0)],
    [advance(near, 8), advance(beside, 8), advance(line, 16)],
  ]);
  return { name: 'mix', arguments: 4, words: 0, vectors: 1, body };
}

function doubleFunction() {
  const [line, shorts, value, three] = [1, 2, 3, 4];
  const half = [simd.constantI(8), simd.addI, op.constant(4), simd.shiftRightI];
  const body = forEachCell([
    [get(line), simd.load(0), set(value), thrice(value), set(three)],
    [get(shorts), get(three), get(line), op.constant(16), op.subtract, simd.load(0), simd.addI, half],
    [get(three), get(line), simd.load(16), simd.addI, half, simd.narrowToShorts, simd.store(0)],
    [advance(line, 16), advance(shorts, 16)],
  ]);
  return { name: 'double', arguments: 3, words: 0, vectors: 2, body };
}

function drawFunction() {
  const [line, bytes, noise, value, three, own, share] = [1, 2, 3, 4, 5, 6, 7];
  const before = [get(line), op.constant(16), op.subtract, simd.load(0)];
  const after = [get(line), simd.load(16)];
  const addDither: Code = [get(noise), op.constant(20), op.shiftRight, simd.splatI, simd.addI];
  const goOn: Code = [get(noise), op.constant(DITHER_X), op.add, set(noise)];
  /** Whether nothing of a cell's own pixels is seen: the shares of the cell and of both neighbours are full. */
  const isCovered: Code = [
    [get(line), op.constant(4), op.subtract, op.load(0), get(line), op.load(12), op.add],
    [get(line), op.load(28), op.add, op.constant((3 * WHOLE) / 4), op.equal],
  ];
  const covering = (neighbour: Code): Code => [
    [get(three), neighbour, simd.addI, addDither, op.constant(12), simd.shiftRightI, goOn],
  ];
  const mixed = (neighbour: Code, ownPixel: Code): Code => [
    [get(three), neighbour, simd.addI, tee(value), spread(get(value), 3), tee(share), simd.multiplyI],
    [get(own), ownPixel, simd.constantI(WHOLE), get(share), simd.subtractI, simd.multiplyI],
    [addDither, op.constant(12), simd.shiftLeftI, simd.addI, op.constant(24), simd.shiftRightU, goOn],
  ];
  /** Of each pixel's four bytes the last stays. */
  const write = (pixels: Code): Code => [
    [get(bytes), get(bytes), simd.loadHalf(0), pixels, simd.narrowToShorts, tee(value), get(value), simd.narrowToBytes],
    [simd.constantI(0xff000000), simd.select, simd.storeHalf(0)],
  ];
  const body = forEachCell([
    [get(line), simd.load(0), set(value), thrice(value), set(three)],
    [isCovered, op.if, write([covering(before), covering(after)]), op.else],
    [get(bytes), simd.loadHalf(0), simd.lowToShorts, set(own)],
    [write([mixed(before, simd.lowToI), mixed(after, simd.highToI)]), op.end],
    [advance(line, 16), advance(bytes, 8)],
  ]);
  return { name: 'draw', arguments: 4, words: 0, vectors: 4, body };
}
