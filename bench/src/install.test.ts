import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDownloads, toTable } from './install.ts';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'focal-cache-'));
});

afterEach(() => rm(cache, { recursive: true }));

test('packages are read from the cache of npm, scoped ones too, largest first', async () => {
  const folder = join(cache, '_cacache/index-v5/aa/bb');
  await mkdir(folder, { recursive: true });
  const entry = (path: string, size: number) =>
    `\nhash\t${JSON.stringify({ key: `make-fetch-happen:request-cache:https://npm.example/${path}`, size })}`;
  await writeFile(join(folder, 'one'), entry('left/-/left-1.2.3.tgz', 400) + entry('left', 9000));
  await writeFile(join(folder, 'two'), entry('@big/one-two/-/one-two-2.0.0-rc.1.tgz', 3_000_000));
  const downloads = await readDownloads(cache);
  expect(downloads).toEqual([
    { name: '@big/one-two 2.0.0-rc.1', bytes: 3_000_000 },
    { name: 'left 1.2.3', bytes: 400 },
  ]);
  expect(toTable(downloads).slice(2)).toEqual([
    '| @big/one-two 2.0.0-rc.1 | 3.0 |',
    '| 1 others, each under 1 MB | 0.0 |',
    '| **all 2** | **3.0** |',
  ]);
});

test('a cache without packages is an error, not a good result', async () => {
  await mkdir(join(cache, '_cacache/index-v5'), { recursive: true });
  await expect(readDownloads(cache)).rejects.toThrow('No packages were found');
});
