/** A number 0..2^32-1 that only whole numbers go into: the same everywhere, and unrelated for neighbours. */
export function hash(seed: number, a: number, b: number, c = 0): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ a, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ b, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 16) ^ c, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** The same as a number from -1 to 1, 1 excluded. */
export function noiseAt(seed: number, a: number, b: number, c = 0): number {
  return hash(seed, a, b, c) / 2147483648 - 1;
}
