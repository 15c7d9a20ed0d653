import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOrtRuntime } from './ort-runtime.ts';
import { dropPreparedModel, findPreparedModel } from './prepared-model.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-prepared-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SIDE = 1500;

/** An ONNX model y = x · W with W of 1500² floats, 9 MB: written out by hand, since the test is about files. */
function matMulModel(): Buffer {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
  const field = (number: number, ...parts: readonly Uint8Array[]) => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(body.length)]), body]);
  };
  const text = (number: number, value: string) => field(number, Buffer.from(value));
  const int = (number: number, value: number) => Buffer.from([number << 3, ...varint(value)]);
  const value = (number: number, name: string) =>
    field(number, text(1, name), field(2, field(1, int(1, 1), field(2, field(1, int(1, 1)), field(1, int(1, SIDE))))));
  const weights = Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE === Math.floor(i / SIDE) ? 2 : 0));
  const tensor = field(5, int(1, SIDE), int(1, SIDE), int(2, 1), text(8, 'w'), field(9, Buffer.from(weights.buffer)));
  const node = field(1, text(1, 'x'), text(1, 'w'), text(2, 'y'), text(4, 'MatMul'));
  return Buffer.concat([
    int(1, 8),
    field(7, node, text(2, 'g'), tensor, value(11, 'x'), value(12, 'y')),
    field(8, int(2, 17)),
  ]);
}

async function double(path: string): Promise<number> {
  const runtime = await createOrtRuntime({ device: 'cpu' });
  try {
    const session = await runtime.load(path);
    const x = { type: 'float32', data: new Float32Array(SIDE).fill(21), dims: [1, SIDE] } as const;
    const { y } = await session.run({ x });
    return Number(y?.data[7]);
  } finally {
    await runtime.close();
  }
}

/** Keeping goes on after `load` has returned. */
async function waitFor(test: (names: readonly string[]) => boolean): Promise<readonly string[]> {
  for (let i = 0; i < 200; i++) {
    const names = await readdir(folder);
    if (test(names)) return names;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return readdir(folder);
}

const isKept = (names: readonly string[]) =>
  names.some((name) => /^m\.[0-9a-f]{12}\.onnx$/.test(name)) && !names.some((name) => name.endsWith('.part'));

describe('prepared models', () => {
  it('are kept beside the model and give the same results', async () => {
    const path = join(folder, 'm.onnx');
    await writeFile(path, matMulModel());
    expect(await double(path)).toBe(42);
    const names = await waitFor(isKept);
    expect(names).toHaveLength(3);
    // Without the original the prepared form must have been used.
    await writeFile(path, Buffer.alloc(9_000_000));
    expect(await double(path)).toBe(42);
  });

  it('give way to the model itself when they are damaged', async () => {
    const path = join(folder, 'm.onnx');
    await writeFile(path, matMulModel());
    await double(path);
    const weights = (await waitFor(isKept)).find((name) => name.endsWith('.weights'));
    await truncate(join(folder, weights ?? ''), 100);
    expect(await double(path)).toBe(42);
  });

  it('are made again when their weights are gone', async () => {
    const path = join(folder, 'm.onnx');
    await writeFile(path, matMulModel());
    await double(path);
    const weights = (await waitFor(isKept)).find((name) => name.endsWith('.weights')) ?? '';
    await rm(join(folder, weights));
    expect(await double(path)).toBe(42);
    await waitFor((names) => names.filter((name) => name.endsWith('.weights')).length === 1 && isKept(names));
  });

  it('have a name for each version of the runtime and each set of options', async () => {
    const path = join(folder, 'm.onnx');
    await writeFile(path, matMulModel());
    const one = await findPreparedModel(path, '1.30.0', {});
    const two = await findPreparedModel(path, '1.31.0', {});
    const three = await findPreparedModel(path, '1.30.0', { graphOptimizationLevel: 'extended' });
    expect(new Set([one?.graph, two?.graph, three?.graph]).size).toBe(3);
  });

  it('are not made for small models', async () => {
    const path = join(folder, 'small.onnx');
    await writeFile(path, Buffer.alloc(1000));
    expect(await findPreparedModel(path, '1.30.0', {})).toBeUndefined();
  });

  it('can be dropped when they are not there', async () => {
    await expect(dropPreparedModel(join(folder, 'none.onnx'))).resolves.toBeUndefined();
    await expect(readFile(join(folder, 'none.onnx'))).rejects.toThrow('ENOENT');
  });
});
