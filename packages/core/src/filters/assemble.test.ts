import { describe, expect, it } from 'vitest';
import { compile, instantiate, op, simd, type WasmFunction } from './assemble.ts';

function make(made: WasmFunction, byteLength: number) {
  const program = compile([made]);
  if (program === undefined) throw new Error('The program was refused.');
  return instantiate(program, byteLength);
}

describe('a program', () => {
  it('computes', () => {
    for (const step of [0, 1, 63, 64, -1, -64, -65, 8192, 2 ** 31 - 1, -(2 ** 31)]) {
      const body = [op.get(0), [op.get(0), op.load(0), op.constant(step), op.add], simd.splatI, simd.store(0)];
      const made = make({ name: 'add', arguments: 1, words: 0, vectors: 0, body }, 64);
      const words = new Int32Array(made.buffer);
      words[4] = 1000;
      const add = made.exports.add as (address: number) => void;
      add(16);
      expect(Array.from(words.subarray(3, 9))).toEqual([0, ...new Int32Array(4).fill(1000 + step), 0]);
    }
  });

  it('gives as much memory as asked for, in whole pages', () => {
    const made = make({ name: 'nothing', arguments: 0, words: 0, vectors: 0, body: [] }, 65537);
    expect(made.buffer.byteLength).toBe(131072);
  });

  it('gives nothing where the code is none the engine knows', () => {
    expect(compile([{ name: 'bad', arguments: 0, words: 0, vectors: 0, body: [0xfe] }])).toBeUndefined();
  });
});
