import { type Code, compile, instantiate, op, type Program, simd } from './assemble.ts';
import { advance, repeat } from './vectors.ts';

/**
 * Sums the kernels of one row of pixels. All but the first argument are byte addresses in the filter's memory: kernel
 * indices (16 bit), first entry of each kernel, row addresses, and where the sums go.
 */
export type DiscGather = (count: number, indices: number, starts: number, addresses: number, sums: number) => void;

/** Adds to each of so many pixels from a byte address on all those before it. */
export type DiscSum = (count: number, at: number) => void;

/** What a `DiscFilter` runs on. */
export interface DiscLoops {
  readonly gather: DiscGather;
  readonly sum: DiscSum;
}

/**
 * The loops of `createDiscFilter` as WebAssembly SIMD: four channels at a time, in the same order and precision as the
 * reference. Undefined where the engine lacks WebAssembly or SIMD.
 */
export function compileDiscLoops(): Program | undefined {
  return compile([
    { name: 'gather', arguments: 5, words: 5, vectors: 6 + GROUP, body: gatherBody() },
    { name: 'sum', arguments: 2, words: 0, vectors: 1, body: sumBody() },
  ]);
}

/** The loops over a memory of their own. */
export function createDiscLoops(program: Program, length: number): { buffer: ArrayBuffer; loops: DiscLoops } {
  const { buffer, exports } = instantiate(program, length);
  return { buffer, loops: exports as unknown as DiscLoops };
}

// Arguments and locals of the function, by number.
const [COUNT, INDICES, STARTS, ADDRESSES, SUMS, COLUMN, ENTRY, END_ENTRY, LEFT, RIGHT] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const [LEFT_FRACTION, RIGHT_FRACTION, LOW, NEXT_LOW, HIGH, NEXT_HIGH, FIRST_SUM] = [10, 11, 12, 13, 14, 15, 16];
const GROUP = 4;

const { get, set, tee } = op;

function sumBody(): Code {
  const [at, sum] = [1, 2];
  return repeat([[get(at), get(sum), get(at), simd.load(0), simd.addI, tee(sum), simd.store(0)], advance(at, 16)]);
}

/**
 * The radius changes slowly along a row, so four pixels mostly have the same kernel and are summed together; they
 * share its look-ups and half of their loads.
 */
function gatherBody(): Code {
  return [
    [op.block, op.loop, get(COUNT), op.isZero, op.branchIf(1)],
    // entry = starts[index]; end = starts[index + 1]
    [get(STARTS), get(INDICES), op.loadShort(0), op.constant(2), op.shiftLeft, op.add, tee(LEFT)],
    [op.load(0), set(ENTRY), get(LEFT), op.load(4), set(END_ENTRY)],
    // if there are four pixels left and their four indices are equal
    [get(COUNT), op.constant(GROUP), op.atLeast],
    [get(INDICES), op.loadLong(0), get(INDICES), op.loadShortAsLong(0), op.fourTimes, op.equalLongs, op.and],
    [op.if, sumPixels(GROUP), op.else, sumPixels(1), op.end],
    [op.branch(0), op.end, op.end],
  ];
}

/** Sums `count` pixels that have one kernel, stores the sums, and goes on to the next pixel. */
function sumPixels(count: number): Code {
  const pixels = Array.from({ length: count }, (_, i) => i);
  return [
    pixels.map((i) => [simd.constantI(0), set(FIRST_SUM + i)]),
    [op.block, op.loop, get(ENTRY), get(END_ENTRY), op.atLeast, op.branchIf(1)],
    // row = addresses[entry.row] + column; left = row + entry.left; right = row + entry.right
    [get(ADDRESSES), get(ENTRY), op.load(0), op.add, op.load(0), get(COLUMN), op.add, tee(LEFT)],
    [get(ENTRY), op.load(8), op.add, set(RIGHT), get(LEFT), get(ENTRY), op.load(4), op.add, set(LEFT)],
    [get(ENTRY), simd.loadSplat(12), set(LEFT_FRACTION), get(ENTRY), simd.loadSplat(16), set(RIGHT_FRACTION)],
    [get(LEFT), simd.load(0), set(LOW), get(RIGHT), simd.load(0), set(HIGH)],
    pixels.map((i) => [
      // sum += (high - low) + (rightFraction * (next high - high) - leftFraction * (next low - low))
      [get(FIRST_SUM + i), get(HIGH), get(LOW), simd.subtractI, simd.toF],
      [get(RIGHT), simd.load(16 * i + 16), tee(NEXT_HIGH), get(HIGH), simd.subtractI, simd.toF],
      [get(RIGHT_FRACTION), simd.multiplyF],
      [get(LEFT), simd.load(16 * i + 16), tee(NEXT_LOW), get(LOW), simd.subtractI, simd.toF],
      [get(LEFT_FRACTION), simd.multiplyF],
      [simd.subtractF, simd.addF, simd.addF, set(FIRST_SUM + i)],
      [get(NEXT_HIGH), set(HIGH), get(NEXT_LOW), set(LOW)],
    ]),
    [advance(ENTRY, 20), op.branch(0), op.end, op.end],
    pixels.map((i) => [get(SUMS), get(FIRST_SUM + i), simd.store(16 * i)]),
    [advance(SUMS, 16 * count), advance(COLUMN, 16 * count), advance(INDICES, 2 * count)],
    [get(COUNT), op.constant(count), op.subtract, set(COUNT)],
  ];
}
