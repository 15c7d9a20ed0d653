import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findUnusable, removeUnusable } from './other-platforms.ts';

const here = { platform: 'linux', arch: 'x64' };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-prune-'));
  for (const target of ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64']) {
    await put(`onnxruntime-node/bin/napi-v6/${target}/binding.node`, 'x'.repeat(1000));
  }
  await put('onnxruntime-node/package.json', '{"version":"1.0.0","os":["win32","darwin","linux"]}');
  await put('@img/sharp-linux-x64/package.json', '{"os":["linux"],"cpu":["x64"]}');
  await put('@img/sharp-darwin-arm64/package.json', '{"os":["darwin"],"cpu":["arm64"]}');
  await put('not-windows/package.json', '{"os":["!win32"]}');
});

afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
}

describe('pruning', () => {
  test("finds other platforms' programs and packages, and none of ours", async () => {
    const found = await findUnusable([folder], here);
    expect(found.map(({ path }) => relative(folder, path)).sort()).toEqual([
      join('@img', 'sharp-darwin-arm64'),
      join('onnxruntime-node', 'bin', 'napi-v6', 'darwin'),
      join('onnxruntime-node', 'bin', 'napi-v6', 'linux', 'arm64'),
      join('onnxruntime-node', 'bin', 'napi-v6', 'win32'),
    ]);
    expect(found.find(({ path }) => path.endsWith('darwin'))?.bytes).toBe(1000);
  });

  test('removes them and finds nothing more', async () => {
    await removeUnusable(await findUnusable([folder], here));
    expect(await findUnusable([folder], here)).toEqual([]);
    expect(await readdir(join(folder, 'onnxruntime-node/bin/napi-v6/linux'))).toEqual(['x64']);
  });

  test('leaves a layout alone in which it does not find our own platform', async () => {
    const found = await findUnusable([folder], { platform: 'freebsd', arch: 'x64' });
    expect(found.filter(({ path }) => path.includes('onnxruntime-node'))).toEqual([
      { path: join(folder, 'onnxruntime-node'), bytes: expect.any(Number) },
    ]);
  });
});
