import { type Code, compile, op, type Program, simd, type WasmFunction } from '../../filters/assemble.ts';
import { DITHER_X } from '../../filters/dither.ts';
import {
  add,
  advance,
  choose,
  divide,
  floats,
  least,
  most,
  multiply,
  repeat,
  spread,
  subtract,
} from '../../filters/vectors.ts';

/** Floats this near a whole number are that number, so that what was not changed stays as it was. */
export const NEAR = 1 / 512;
/** A step of the dither, 0..4095, of what is left between two of those. */
export const DITHER_STEP = (1 - 2 * NEAR) / 4096;

/** The kernels of `createRowBench` over blocks of four pixels. All other arguments are byte addresses. */
export interface RowKernels {
  /** Straight bytes into premultiplied floats. */
  readonly load: (blocks: number, from: number, to: number) => void;
  /** The selected alone: their bytes and the row's, and the row as it is now. */
  readonly subject: (blocks: number, cut: number, source: number, line: number, to: number) => void;
  /** A share, a float, of the change of a line. */
  readonly blend: (blocks: number, line: number, before: number, share: number) => void;
  /** What is in front over what is behind and opaque. */
  readonly behind: (blocks: number, front: number, behind: number, line: number) => void;
  /** A colour, four floats, between the selected and what is behind: `cover` says how much, 0..1, a float a pixel. */
  readonly paint: (blocks: number, line: number, subject: number, cover: number, color: number) => void;
  /** Light of a colour added to what is behind the selected, as a screen before it would. */
  readonly shine: (blocks: number, line: number, subject: number, cover: number, color: number) => void;
  /** A band behind what of the selected may reach over it: {@link FrameRow}, its colours at `numbers`. */
  readonly frame: (
    blocks: number,
    line: number,
    subject: number,
    share: number,
    keep: number,
    hole: number,
    shade: number,
    numbers: number,
  ) => void;
  /** Premultiplied floats into straight bytes; `noise` is the row's part of the dither. */
  readonly store: (blocks: number, line: number, to: number, noise: number) => void;
}

/** The kernels as WebAssembly. Undefined where the engine lacks WebAssembly or SIMD. */
export function compileRowKernels(): Program | undefined {
  return compile([
    loadFunction(),
    subjectFunction(),
    blendFunction(),
    behindFunction(),
    paintFunction(),
    shineFunction(),
    frameFunction(),
    storeFunction(),
  ]);
}

const { get, set } = op;
const PIXELS = [0, 1, 2, 3] as const;
/** `a` in red, green and blue, `b` in alpha. */
const colorAndAlpha = (a: Code, b: Code): Code => [
  [a, b],
  simd.shuffleBytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28, 29, 30, 31),
];

/** Four pixels of bytes, one as floats. */
function pixelOf(bytes: number, pixel: (typeof PIXELS)[number]): Code {
  const half = pixel < 2 ? simd.lowToShorts : simd.highToShorts;
  return [get(bytes), half, pixel % 2 === 0 ? simd.lowToI : simd.highToI, simd.toF];
}

function loadFunction(): WasmFunction {
  const [from, to, bytes, value] = [1, 2, 3, 4];
  const share = divide(spread(get(value), 3), floats(255));
  const body = repeat([
    [get(from), simd.load(0), set(bytes)],
    PIXELS.map((pixel) => [
      [pixelOf(bytes, pixel), set(value)],
      [get(to), multiply(get(value), colorAndAlpha(share, floats(1))), simd.store(16 * pixel)],
    ]),
    [advance(from, 16), advance(to, 64)],
  ]);
  return { name: 'load', arguments: 3, words: 0, vectors: 2, body };
}

function subjectFunction(): WasmFunction {
  const [cut, source, line, to, cutBytes, bytes, own, was, now, alpha] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const alphas: Code = [get(cutBytes), simd.constantI(0xff000000), simd.and];
  const solve = (pixel: (typeof PIXELS)[number]): Code => {
    const share = divide(get(alpha), floats(255));
    const premultiplied = colorAndAlpha(divide(spread(get(was), 3), floats(255)), floats(1));
    const change = subtract(add(get(own), get(now)), multiply(get(was), premultiplied));
    // Of alpha it is the change alone that counts in its share.
    const color = multiply(share, change);
    const clear = most(add(get(alpha), multiply(share, subtract(get(now), get(was)))), floats(0));
    const value = colorAndAlpha(color, clear);
    const whole = [get(alpha), floats(255), simd.equalF];
    const none = [get(alpha), floats(0), simd.equalF];
    return [
      [pixelOf(cutBytes, pixel), set(own), pixelOf(bytes, pixel), set(was)],
      [get(line), simd.load(16 * pixel), set(now), spread(get(own), 3), set(alpha)],
      [get(to), choose(whole, get(now), [value, none, simd.andNot]), simd.store(16 * pixel)],
    ];
  };
  const body = repeat([
    [get(cut), simd.load(0), set(cutBytes)],
    [alphas, simd.isAny, op.isZero, op.if],
    PIXELS.map((pixel) => [get(to), simd.constantI(0), simd.store(16 * pixel)]),
    [op.else, get(cutBytes), simd.constantI(0x00ffffff), simd.or, simd.constantI(-1), simd.equalBytes],
    [simd.areAllBytes, op.if],
    PIXELS.map((pixel) => [get(to), get(line), simd.load(16 * pixel), simd.store(16 * pixel)]),
    [op.else, get(source), simd.load(0), set(bytes)],
    PIXELS.map(solve),
    [op.end, op.end],
    [advance(cut, 16), advance(source, 16), advance(line, 64), advance(to, 64)],
  ]);
  return { name: 'subject', arguments: 5, words: 0, vectors: 6, body };
}

function blendFunction(): WasmFunction {
  const [line, before, share, part] = [1, 2, 3, 4];
  const body = [
    [get(share), simd.loadSplat(0), set(part)],
    repeat([
      PIXELS.map((pixel) => {
        const [now, was]: readonly Code[] = [
          [get(line), simd.load(16 * pixel)],
          [get(before), simd.load(16 * pixel)],
        ];
        const value = add(was as Code, multiply(subtract(now as Code, was as Code), get(part)));
        return [get(line), value, simd.store(16 * pixel)];
      }),
      [advance(line, 64), advance(before, 64)],
    ]),
  ];
  return { name: 'blend', arguments: 4, words: 0, vectors: 1, body };
}

function behindFunction(): WasmFunction {
  const [front, behind, line, own, alpha] = [1, 2, 3, 4, 5];
  const rest = subtract(floats(1), divide(least(most(get(alpha), floats(0)), floats(255)), floats(255)));
  const none = [get(alpha), floats(0), simd.isAtMostF];
  const body = repeat([
    PIXELS.map((pixel) => [
      [get(front), simd.load(16 * pixel), set(own), spread(get(own), 3), set(alpha)],
      [get(line), add([get(own), none, simd.andNot], multiply(rest, [get(behind), simd.load(16 * pixel)]))],
      simd.store(16 * pixel),
    ]),
    [advance(front, 64), advance(behind, 64), advance(line, 64)],
  ]);
  return { name: 'behind', arguments: 4, words: 0, vectors: 2, body };
}

/** For each pixel of a block with any cover `value` in its place, where it is covered and not all the selected's. */
function coverEach(value: (line: Code, subject: Code, cover: Code, own: Code, color: Code) => Code) {
  const [line, subject, cover, color, colors, covers, now, front, share, own] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const isSeen = [get(share), floats(0), simd.isGreaterF, get(own), floats(255), simd.isAtLeastF, simd.andNot];
  const body = [
    [get(color), simd.load(0), set(colors)],
    repeat([
      [get(cover), simd.load(0), set(covers), get(covers), floats(0), simd.isGreaterF, simd.isAny, op.if],
      PIXELS.map((pixel) => [
        [get(line), simd.load(16 * pixel), set(now), get(subject), simd.load(16 * pixel), set(front)],
        [spread(get(covers), pixel), set(share), spread(get(front), 3), set(own)],
        [get(line), choose(isSeen, value(get(now), get(front), get(share), get(own), get(colors)), get(now))],
        simd.store(16 * pixel),
      ]),
      [op.end, advance(line, 64), advance(subject, 64), advance(cover, 16)],
    ]),
  ];
  return { arguments: 5, words: 0, vectors: 6, body };
}

function paintFunction(): WasmFunction {
  const each = coverEach((line, subject, cover, own, color) => {
    const part = multiply(cover, subtract(floats(1), divide(own, floats(255))));
    const kept = multiply(subtract(line, subject), subtract(floats(1), cover));
    return add(add(subject, kept), multiply(part, color));
  });
  return { name: 'paint', ...each };
}

function shineFunction(): WasmFunction {
  const each = coverEach((line, subject, cover, own, color) => {
    const room = subtract(floats(255), own);
    const unlit = subtract(room, least(most(subtract(line, subject), floats(0)), room));
    const light = multiply(multiply(divide(cover, floats(255)), color), unlit);
    return add(line, colorAndAlpha(light, multiply(cover, subtract(floats(255), line))));
  });
  return { name: 'shine', ...each };
}

/** Of what is less selected than the first nothing is seen on a frame's band, from the second on all. */
export const HAZE = [0.35, 0.85] as const;

function frameFunction(): WasmFunction {
  const [line, subject, shares, keeps, holes, shades, numbers] = [1, 2, 3, 4, 5, 6, 7];
  const [share, keep, hole, shade, now, front, own, pops] = [8, 9, 10, 11, 12, 13, 14, 15];
  const number = (index: number): Code => [get(numbers), simd.load(16 * index)];
  const isDark = [get(keep), floats(1), simd.isAtLeastF, get(own), floats(1), simd.isAtLeastF, simd.or];
  const darkened = add(get(front), multiply(subtract(get(now), get(front)), colorAndAlpha(get(keep), floats(1))));
  const solid = least(
    most(divide(subtract(get(own), floats(HAZE[0])), floats(HAZE[1] - HAZE[0])), floats(0)),
    floats(1),
  );
  const eased = multiply(multiply(get(pops), get(pops)), subtract(floats(3), multiply(floats(2), get(pops))));
  const rest = subtract(floats(1), get(share));
  const kept = subtract(floats(1), multiply(get(share), subtract(floats(1), get(pops))));
  const part = multiply(get(share), subtract(floats(1), multiply(get(pops), get(own))));
  const flat = add(number(0), multiply(subtract(number(1), number(0)), get(hole)));
  const color = multiply(flat, colorAndAlpha(subtract(floats(1), get(shade)), floats(1)));
  const behind = multiply(subtract(get(now), get(front)), rest);
  const value = add(add(multiply(get(front), kept), behind), multiply(part, color));
  const plane = (start: number, pixel: number): Code => [get(start), simd.loadSplat(4 * pixel)];
  const body = repeat([
    PIXELS.map((pixel) => [
      [plane(shares, pixel), set(share), plane(keeps, pixel), set(keep)],
      [plane(holes, pixel), set(hole), plane(shades, pixel), set(shade)],
      [get(line), simd.load(16 * pixel), set(now), get(subject), simd.load(16 * pixel), set(front)],
      [divide(spread(get(front), 3), floats(255)), set(own)],
      [choose(isDark, get(now), darkened), set(now)],
      [solid, set(pops), multiply(eased, number(2)), set(pops)],
      [get(line), choose([get(share), floats(0), simd.isGreaterF], value, get(now)), simd.store(16 * pixel)],
    ]),
    [advance(line, 64), advance(subject, 64)],
    [advance(shares, 16), advance(keeps, 16), advance(holes, 16), advance(shades, 16)],
  ]);
  return { name: 'frame', arguments: 8, words: 0, vectors: 8, body };
}

function storeFunction(): WasmFunction {
  const [line, to, noise, seeds, dither, value, alpha, bytes, first] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const starts = PIXELS.flatMap((pixel) => littleEndian(Math.imul(pixel, DITHER_X)));
  const clamp = (code: Code): Code => least(most(code, floats(0)), floats(255));
  const whole = (pixel: (typeof PIXELS)[number]): Code => {
    const scale = divide(floats(255), least(get(alpha), floats(255)));
    const scaled = multiply(get(value), colorAndAlpha(scale, floats(1)));
    const step = colorAndAlpha(spread(get(dither), pixel), floats(0.5));
    return [
      [get(line), simd.load(16 * pixel), set(value), spread(get(value), 3), set(alpha)],
      [add(clamp(scaled), step), simd.toI],
    ];
  };
  // Of pixels whose alpha is 0 nothing is left.
  const alphas = [get(bytes), get(bytes), simd.shuffleBytes(3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15)];
  const none = [alphas, simd.constantI(0), simd.equalBytes];
  const body = [
    [get(noise), simd.splatI, simd.constantBytes(...starts), simd.addI, set(seeds)],
    repeat([
      [add(multiply([get(seeds), op.constant(20), simd.shiftRightU, simd.toF], floats(DITHER_STEP)), floats(NEAR))],
      [set(dither), get(seeds), simd.constantI(Math.imul(4, DITHER_X)), simd.addI, set(seeds)],
      [whole(0), set(first), get(first), whole(1), simd.narrowToShorts, set(first)],
      [get(first), whole(2), set(bytes), get(bytes), whole(3), simd.narrowToShorts, simd.narrowToBytes, set(bytes)],
      [get(to), [get(bytes), none, simd.andNot], simd.store(0)],
      [advance(line, 64), advance(to, 16)],
    ]),
  ];
  return { name: 'store', arguments: 4, words: 0, vectors: 6, body };
}

function littleEndian(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
}
