import { type Code, compile, op, type Program, simd } from '../filters/assemble.ts';

/** Numbers that are taken at a time: vectors are filled up to a multiple with zeros. */
export const LANES = 8;

/**
 * Writes the squared Euclidean distances between one vector and those that are named, in 32 bits. Byte addresses:
 * of the vector, of the numbers of the others (32 bit), of where vectors begin, and of where the results go (which
 * writes 12 bytes more than them); `stride` is a vector's length in bytes.
 */
export type MeasureDistances = (
  count: number,
  vector: number,
  slots: number,
  vectors: number,
  stride: number,
  results: number,
) => void;

/** As WebAssembly SIMD, the same bits as {@link measureDistances}. Undefined where the engine lacks it. */
export function compileMeasureDistances(): Program | undefined {
  return compile([{ name: 'measure', arguments: 6, words: 3, vectors: 3, body: measureBody() }]);
}

const [COUNT, VECTOR, SLOTS, VECTORS, STRIDE, RESULTS, LEFT, RIGHT, END] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [FIRST, SECOND, DIFFERENCE] = [9, 10, 11];

const { get, set, tee } = op;
const advance = (local: number, step: number): Code => [get(local), op.constant(step), op.add, set(local)];
const multiply = 0x6c;

function measureBody(): Code {
  const addSquare = (sum: number, offset: number): Code => [
    [get(LEFT), simd.load(offset), get(RIGHT), simd.load(offset), simd.subtractF, tee(DIFFERENCE)],
    [get(DIFFERENCE), simd.multiplyF, get(sum), simd.addF, set(sum)],
  ];
  const swapped = (...words: readonly number[]): Code => [
    get(FIRST),
    get(FIRST),
    simd.shuffleBytes(...words.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte))),
  ];
  return [
    [op.block, op.loop, get(COUNT), op.isZero, op.branchIf(1)],
    [get(SLOTS), op.load(0), get(STRIDE), multiply, get(VECTORS), op.add, set(RIGHT)],
    [get(VECTOR), tee(LEFT), get(STRIDE), op.add, set(END)],
    [simd.constantI(0), tee(FIRST), set(SECOND)],
    [op.loop, addSquare(FIRST, 0), addSquare(SECOND, 16), advance(LEFT, 32), advance(RIGHT, 32)],
    [get(LEFT), get(END), op.isLess, op.branchIf(0), op.end],
    [get(FIRST), get(SECOND), simd.addF, set(FIRST)],
    [get(FIRST), swapped(2, 3, 0, 1), simd.addF, set(FIRST)],
    [get(RESULTS), get(FIRST), swapped(1, 0, 3, 2), simd.addF, simd.store(0)],
    [advance(SLOTS, 4), advance(RESULTS, 4), get(COUNT), op.constant(1), op.subtract, set(COUNT)],
    [op.branch(0), op.end, op.end],
  ];
}

/** The reference of the kernel: eight sums, then halves onto each other. */
export function measureDistances(buffer: ArrayBuffer): MeasureDistances {
  const floats = new Float32Array(buffer);
  const words = new Int32Array(buffer);
  const { fround } = Math;
  return (count, vector, slots, vectors, stride, results) => {
    const sums = new Float32Array(LANES);
    for (let i = 0; i < count; i++) {
      const other = (vectors + (words[slots / 4 + i] as number) * stride) / 4;
      sums.fill(0);
      for (let k = 0; k < stride / 4; k++) {
        const difference = fround((floats[vector / 4 + k] as number) - (floats[other + k] as number));
        sums[k % LANES] = (sums[k % LANES] as number) + fround(difference * difference);
      }
      for (let half = LANES / 2; half >= 1; half /= 2) {
        for (let k = 0; k < half; k++) sums[k] = (sums[k] as number) + (sums[k + half] as number);
      }
      floats[results / 4 + i] = sums[0] as number;
    }
  };
}
