import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withBuildLock } from './build-lock.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'focal-lock-'));
});

afterEach(() => rm(root, { recursive: true }));

describe('the build lock', () => {
  test('lets one work at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await delay(30);
      inside -= 1;
    };
    await Promise.all([withBuildLock(root, work), withBuildLock(root, work), withBuildLock(root, work)]);
    expect(most).toBe(1);
  });

  test('is given back after a failure', async () => {
    await expect(withBuildLock(root, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(join(root, '.cache/build.lock'))).toBe(false);
    expect(await withBuildLock(root, async () => 'next')).toBe('next');
  });

  test.each(['999999999', '', 'nonsense'])('is taken over from a process that is gone (%j)', async (holder) => {
    await mkdir(join(root, '.cache'));
    await writeFile(join(root, '.cache/build.lock'), holder);
    expect(await withBuildLock(root, async () => 'done')).toBe('done');
  });
});
