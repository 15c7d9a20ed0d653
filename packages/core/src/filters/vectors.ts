import { type Code, op, simd } from './assemble.ts';

// Expressions over four floats, as they are written: `add(a, multiply(b, c))`. Each step is rounded to 32 bits, as
// `Math.fround` of the same step in doubles is.

export const add = (a: Code, b: Code): Code => [a, b, simd.addF];
export const subtract = (a: Code, b: Code): Code => [a, b, simd.subtractF];
export const multiply = (a: Code, b: Code): Code => [a, b, simd.multiplyF];
export const divide = (a: Code, b: Code): Code => [a, b, simd.divideF];
/** `b < a ? b : a`. */
export const least = (a: Code, b: Code): Code => [a, b, simd.leastF];
/** `a < b ? b : a`. */
export const most = (a: Code, b: Code): Code => [a, b, simd.mostF];
/** `mask ? a : b`, where the mask is all ones or all zeros in each number. */
export const choose = (mask: Code, a: Code, b: Code): Code => [a, b, mask, simd.select];

/** Four times the number, rounded to 32 bits. */
export const floats = (value: number): Code => simd.constantBytes(...bytesOf(value, value, value, value));

/** The same of four numbers, 0..3, in all places. */
export const spread = (vector: Code, lane: number): Code => {
  const bytes = [0, 1, 2, 3].map((byte) => lane * 4 + byte);
  return [vector, vector, simd.shuffleBytes(...bytes, ...bytes, ...bytes, ...bytes)];
};

/** Adds to a local of 32 bits. */
export const advance = (local: number, step: number): Code => [op.get(local), op.constant(step), op.add, op.set(local)];

/** `body` as often as the first argument says, which counts down. */
export function repeat(body: Code): Code {
  return [
    [op.block, op.loop, op.get(0), op.isZero, op.branchIf(1), body],
    [op.get(0), op.constant(1), op.subtract, op.set(0), op.branch(0), op.end, op.end],
  ];
}

function bytesOf(...values: readonly number[]): readonly number[] {
  return [...new Uint8Array(Float32Array.from(values).buffer)];
}
