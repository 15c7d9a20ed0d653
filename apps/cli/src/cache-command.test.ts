import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFocal } from './fixtures/run-focal.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'focal-cache-'));
  await mkdir(join(home, 'cache'));
  await writeFile(join(home, 'cache', 'model.onnx'), new Uint8Array(1234));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const focalCache = (...args: string[]) => runFocal(['cache', ...args], { env: { FOCAL_HOME: home } });

describe('focal cache', () => {
  test('says where it is and what it takes, and deletes nothing', async () => {
    const { code, stdout } = await focalCache();
    expect(code).toBe(0);
    expect(stdout.toString()).toBe(`cache  ${join(home, 'cache')}\nsize   1.2 KB in 1 file, 2.0 GB at most\n`);
    expect(await readdir(join(home, 'cache'))).toEqual(['model.onnx']);
  });

  test('clear deletes it, tells what that freed, and a second one finds nothing', async () => {
    const first = await focalCache('clear');
    expect([first.code, first.stdout.toString()]).toEqual([0, '1.2 KB freed.\n']);
    const second = await focalCache('clear', '--json');
    const folder = join(home, 'cache');
    expect(JSON.parse(second.stdout.toString())).toEqual({ folder, files: 0, bytes: 0, maxBytes: 2e9, freed: 0 });
  });

  test('refuses another word', async () => {
    const { code, stderr } = await focalCache('clean');
    expect(code).toBe(2);
    expect(stderr).toContain("'clean'");
    expect(await readdir(join(home, 'cache'))).toEqual(['model.onnx']);
  });
});
