import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiskCache } from './disk-cache.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (length: number) => async () => new Uint8Array(length).fill(7);

/** A cache that the disk refuses gives bytes; here it must give a path. */
async function pathOf(result: Promise<string | Uint8Array>): Promise<string> {
  const path = await result;
  if (typeof path !== 'string') throw new Error('Expected a path.');
  return path;
}

describe('createDiskCache', () => {
  it('builds a file once and finds it again, also in another run', async () => {
    const path = await pathOf(createDiskCache({ folder }).file('key', 'onnx', bytes(10)));
    expect(await readFile(path)).toHaveLength(10);
    const again = createDiskCache({ folder }).file('key', 'onnx', () => Promise.reject(new Error('built twice')));
    expect(await again).toBe(path);
  });

  it('keeps keys apart that look alike as file names', async () => {
    const cache = createDiskCache({ folder });
    const one = await pathOf(cache.file('../a', 'onnx', bytes(1)));
    const two = await pathOf(cache.file('a', 'onnx', bytes(2)));
    expect(one).not.toBe(two);
    expect(one.startsWith(folder)).toBe(true);
  });

  it('passes on what the build throws and keeps nothing', async () => {
    const cache = createDiskCache({ folder });
    await expect(cache.file('key', 'onnx', () => Promise.reject(new Error('no model')))).rejects.toThrow('no model');
    expect(await readdir(folder)).toEqual([]);
    expect(await pathOf(cache.file('key', 'onnx', bytes(3)))).toContain(folder);
  });

  it('drops what was least recently used when it grows past its limit', async () => {
    const cache = createDiskCache({ folder, maxBytes: 250 });
    const old = await pathOf(cache.file('old', 'onnx', bytes(100)));
    const used = await pathOf(cache.file('used', 'onnx', bytes(100)));
    await utimes(old, 1000, 2000);
    await utimes(used, 1000, 1000);
    // Asking for it makes it the most recent.
    await cache.file('used', 'onnx', bytes(100));
    await cache.file('new', 'onnx', bytes(100));
    await expect(readFile(old)).rejects.toThrow('ENOENT');
    expect(await readFile(used)).toHaveLength(100);
  });

  it('gives the bytes themselves where the disk refuses', async () => {
    const file = join(folder, 'not-a-folder');
    await writeFile(file, '');
    expect(await createDiskCache({ folder: join(file, 'cache') }).file('key', 'onnx', bytes(4))).toHaveLength(4);
  });

  it('leaves one whole file where several runs build it at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, () => createDiskCache({ folder }).file('key', 'onnx', bytes(200_000))),
    );
    expect(new Set(results).size).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('clears everything and tells how much that was', async () => {
    const cache = createDiskCache({ folder });
    await cache.file('a', 'onnx', bytes(30));
    await cache.file('b', 'onnx', bytes(12));
    expect(await cache.report()).toEqual({ folder, files: 2, bytes: 42, maxBytes: 2e9 });
    expect(await cache.clear()).toBe(42);
    expect(await cache.report()).toMatchObject({ files: 0, bytes: 0 });
    expect(await cache.clear()).toBe(0);
  });
});
