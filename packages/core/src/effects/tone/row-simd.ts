import { type Code, compile, op, type Program, simd, type WasmFunction } from '../../filters/assemble.ts';
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
  subtract,
} from '../../filters/vectors.ts';
import { FINE } from './curve.ts';
import { LEVELS } from './local-contrast.ts';

export interface ToneKernels {
  /** Changes the row in its memory: so many blocks of four pixels. */
  readonly tone: (blocks: number) => void;
  /** Mixes the factors of two rows of tiles for the row's own place between them. */
  readonly enter: (blocks: number, above: number, below: number, own: number) => void;
}

/** Byte addresses in the kernel's memory. */
export interface ToneLayout {
  readonly curves: readonly [red: number, green: number, blue: number];
  /**
   * Factors by tile and lightness: of two rows of tiles, and of what lies between them; for each pixel the place of its
   * tile's, and the share of the tile after.
   */
  readonly gains: number;
  readonly own: number;
  readonly index: number;
  readonly share: number;
  /** How much of each pixel is selected, a byte. */
  readonly alpha: number;
  /** Share of the lower row of tiles, four times. */
  readonly weight: number;
  readonly line: number;
}

/** What there is to do. */
export interface ToneParts {
  readonly local: boolean;
  readonly grey: boolean;
  readonly curves: boolean;
  readonly saturation: number;
  readonly strength: number;
}

/** The kernels as WebAssembly. Undefined where the engine lacks WebAssembly or SIMD. */
export function compileToneKernels(layout: ToneLayout, parts: ToneParts): Program | undefined {
  return compile([toneFunction(layout, parts), enterFunction(layout)]);
}

const { get, set } = op;
/** Weights of luma (ITU-R BT.601). */
export const LUMA = [0.299, 0.587, 0.114] as const;
// Bytes of two pixels of two vectors each, for turning four pixels into four channels and back.
const LOW = simd.shuffleBytes(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
const HIGH = simd.shuffleBytes(8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
const FIRST = simd.shuffleBytes(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
const LAST = simd.shuffleBytes(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);

const mix = (from: Code, to: Code, part: Code): Code => add(from, multiply(subtract(to, from), part));

function enterFunction(layout: ToneLayout): WasmFunction {
  const [above, below, own] = [1, 2, 3];
  const body = repeat([
    [get(own), mix([get(above), simd.load(0)], [get(below), simd.load(0)], [op.constant(0), simd.load(layout.weight)])],
    [simd.store(0), advance(above, 16), advance(below, 16), advance(own, 16)],
  ]);
  return { name: 'enter', arguments: 4, words: 0, vectors: 0, body };
}

function toneFunction(layout: ToneLayout, parts: ToneParts): WasmFunction {
  const [pixel, line, r, g, b, own, red, green, blue] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [grey, gain, top, at, selected, a, c, d, e] = [10, 11, 12, 13, 14, 15, 16, 17, 18];
  const channels = [r, g, b];
  const before = [red, green, blue];
  const fourth: Code = [get(pixel), op.constant(2), op.shiftLeft];
  const clamp = (code: Code): Code => least(most(code, floats(0)), floats(255));
  const luma = add(
    add(multiply(get(r), floats(LUMA[0])), multiply(get(g), floats(LUMA[1]))),
    multiply(get(b), floats(LUMA[2])),
  );
  /** Four floats of a table, at the byte offsets in the local `at`. */
  const gather = (offset: number, to: number): Code =>
    [0, 1, 2, 3].map((lane) => [get(at), simd.laneI(lane), get(to), simd.loadLane(lane, offset), set(to)]);
  const toOffset = (code: Code): Code => [code, op.constant(2), simd.shiftLeftI, set(at)];

  const enter: Code = [
    [get(line), simd.load(0), set(a), get(line), simd.load(16), set(c)],
    [get(line), simd.load(32), set(d), get(line), simd.load(48), set(e)],
    [get(a), get(c), LOW, set(r), get(d), get(e), LOW, set(g)],
    [get(a), get(c), HIGH, set(b), get(d), get(e), HIGH, set(own)],
    [get(r), get(g), FIRST, set(red), get(r), get(g), LAST, set(green)],
    [get(b), get(own), FIRST, set(blue), get(b), get(own), LAST, set(own)],
    [divide(floats(255), least(get(own), floats(255))), set(top)],
    channels.map((channel, i) => [multiply(get(before[i] as number), get(top)), set(channel)]),
  ];
  const local: Code = [
    [clamp(luma), set(grey)],
    toOffset([
      [fourth, simd.load(layout.index)],
      [add(multiply(floats(2), get(grey)), floats(0.5)), simd.toI, simd.addI],
    ]),
    [gather(layout.own, gain), gather(layout.own + LEVELS * 4, selected)],
    [mix(get(gain), get(selected), [fourth, simd.load(layout.share)]), set(gain)],
    channels.map((channel) => [multiply(get(channel), get(gain)), set(channel)]),
    [most(most(get(r), get(g)), get(b)), set(top), multiply(get(grey), get(gain)), set(grey)],
    [get(top), floats(255), simd.isGreaterF, simd.isAny, op.if],
    [divide(subtract(floats(255), get(grey)), subtract(get(top), get(grey)))],
    [get(grey), floats(255), simd.isAtLeastF, simd.andNot, set(at)],
    channels.map((channel) => [
      choose([get(top), floats(255), simd.isGreaterF], mix(get(grey), get(channel), get(at)), get(channel)),
      set(channel),
    ]),
    op.end,
  ];
  const toGrey: Code = [luma, set(r), get(r), set(g), get(r), set(b)];
  const curves: Code = channels.map((channel, i) => [
    toOffset([add(multiply(clamp(get(channel)), floats(FINE)), floats(0.5)), simd.toI]),
    gather(layout.curves[i] as number, channel),
  ]);
  const saturate: Code = [
    [luma, set(grey)],
    channels.map((channel) => [mix(get(grey), get(channel), floats(parts.saturation)), set(channel)]),
  ];
  const leave: Code = [
    [get(pixel), simd.loadWord(layout.alpha), simd.lowToShorts, simd.lowToI, simd.toF, set(selected)],
    [
      divide(least(get(own), floats(255)), floats(255)),
      set(gain),
      multiply(divide(get(selected), floats(255)), floats(parts.strength)),
      set(top),
    ],
    [get(selected), floats(255), simd.equalF, get(own), floats(255), simd.isAtLeastF, simd.and, set(at)],
    [get(selected), floats(0), simd.isGreaterF, get(own), floats(0), simd.isGreaterF, simd.and, set(grey)],
    channels.map((channel, i) => {
      const was = get(before[i] as number);
      const partly = mix(was, multiply(get(channel), get(gain)), get(top));
      const changed = parts.strength === 1 ? choose(get(at), get(channel), partly) : partly;
      return [choose(get(grey), changed, was), set(channel)];
    }),
    [get(r), get(g), LOW, set(a), get(b), get(own), LOW, set(c)],
    [get(r), get(g), HIGH, set(d), get(b), get(own), HIGH, set(e)],
    [get(line), get(a), get(c), FIRST, simd.store(0), get(line), get(a), get(c), LAST, simd.store(16)],
    [get(line), get(d), get(e), FIRST, simd.store(32), get(line), get(d), get(e), LAST, simd.store(48)],
  ];
  const body: Code = [
    [op.constant(layout.line), set(line)],
    repeat([
      // Nothing to do where none of four is selected.
      [get(pixel), op.load(layout.alpha), op.if],
      [
        enter,
        parts.local ? local : [],
        parts.grey ? toGrey : [],
        parts.curves ? curves : [],
        parts.saturation === 1 ? [] : saturate,
        leave,
      ],
      [op.end, advance(pixel, 4), advance(line, 64)],
    ]),
  ];
  return { name: 'tone', arguments: 1, words: 2, vectors: 16, body };
}
