import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRowBench, type RowBench } from './row-kernels.ts';
import { compileRowKernels } from './row-simd.ts';

/** Bytes whose pixels are clear, opaque or between, as often as each matters. */
const pixels = (width: number, random: () => number): Uint8Array =>
  Uint8Array.from({ length: width * 4 }, (_, i) => {
    const value = random();
    if (i % 4 !== 3) return value & 255;
    return value % 3 === 0 ? 0 : value % 3 === 1 ? 255 : (value >> 4) & 255;
  });

function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
}

function eachBench(seed: number, width: number, use: (bench: RowBench, random: () => number) => void): void {
  for (const simd of [true, false]) use(createRowBench(width, { simd }), createRandom(seed));
}

it('is made for every engine with SIMD', () => {
  expect(compileRowKernels()).toBeInstanceOf(WebAssembly.Module);
});

it('gives the same bits with SIMD as without: selected, mixed, before a background and rounded', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(9999), fc.double({ min: 0, max: 1 }), (width, seed, share) => {
      const seen: unknown[][] = [[], []];
      let which = 0;
      eachBench(seed, width, (bench, random) => {
        const found = seen[which++] as unknown[];
        const look = (values: Float32Array | Uint8Array) => found.push([...values]);
        const [row, cut] = [pixels(width + 1, random), pixels(width, random)];
        bench.load(row, 4);
        look(bench.line);
        bench.keep();
        for (let i = 0; i < width * 4; i++) bench.line[i] = (bench.line[i] ?? 0) + (random() % 900) / 7 - 50;
        bench.blend(share);
        look(bench.line);
        look(bench.takeSubject(cut, 0));
        for (let i = 0; i < width * 4; i++) bench.behind[i] = i % 4 === 3 ? 255 : (random() % 2550) / 10;
        bench.putBehind(random() % 2 === 0 ? bench.subject : bench.line);
        look(bench.line);
        bench.takeSubject(cut, 0);
        for (const plane of Object.values(bench.frame)) {
          for (let i = 0; i < width; i++) plane[i] = [0, 1, (random() & 255) / 256][random() % 3] ?? 0;
        }
        const from = random() % width;
        bench.paintBehind([200.5, 30, 90], from, width);
        look(bench.line);
        bench.shineBehind([20, 130.25, 240], 0, from);
        look(bench.line);
        bench.drawFrame({ band: [250, 20.5, 1], hole: [230, 231, 3] }, random() % 2 === 0, 0, from);
        look(bench.line);
        for (let i = 0; i < width; i++) if (random() % 2 === 0) bench.line[i * 4 + 3] = (random() % 300) - 20;
        const result = new Uint8Array(width * 4 + 4);
        bench.store(seed, result, 4);
        look(result);
      });
      expect(seen[0]).toEqual(seen[1]);
    }),
    { numRuns: 100 },
  );
});

it('reads and writes any opaque row as it is', () => {
  eachBench(3, 17, (bench, random) => {
    const row = pixels(17, random).map((value, i) => (i % 4 === 3 ? 255 : value));
    const result = new Uint8Array(row.length);
    bench.load(row, 0);
    bench.store(5, result, 0);
    expect(result).toEqual(row);
  });
});
