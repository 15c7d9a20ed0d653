import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isStale, markFresh, takeFingerprint } from './freshness.mjs';

const target = { sources: ['packages/*', 'lock.json'], results: ['packages/a/dist/index.js'] };
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'focal-fresh-'));
  await mkdir(join(root, 'packages/a/src'), { recursive: true });
  await mkdir(join(root, 'packages/a/dist'), { recursive: true });
  await writeFile(join(root, 'packages/a/src/one.ts'), 'one');
  await writeFile(join(root, 'packages/a/src/two.ts'), 'two');
  await writeFile(join(root, 'packages/a/dist/index.js'), 'built');
  markFresh(root, 'a', takeFingerprint(root, target));
});

afterEach(() => rm(root, { recursive: true }));

describe('a build', () => {
  test('is fresh when nothing changed', () => {
    expect(isStale(root, 'a', target)).toBe(false);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['a source changed', () => writeFile(join(root, 'packages/a/src/one.ts'), 'three')],
    ['a source came', () => writeFile(join(root, 'packages/a/src/new.ts'), '')],
    ['a source went away', () => rm(join(root, 'packages/a/src/two.ts'))],
    ['a package came', () => mkdir(join(root, 'packages/b')).then(() => writeFile(join(root, 'packages/b/x.ts'), ''))],
    ['the lock file came', () => writeFile(join(root, 'lock.json'), '{}')],
    ['a source came back older', () => utimes(join(root, 'packages/a/src/one.ts'), 1000, 1000)],
    ['the result is gone', () => rm(join(root, 'packages/a/dist/index.js'))],
    ['it was never noted', () => rm(join(root, '.cache'), { recursive: true })],
  ])('is stale when %s', async (_, change) => {
    await change();
    expect(isStale(root, 'a', target)).toBe(true);
  });

  test('does not mind tests, results and installed packages', async () => {
    await writeFile(join(root, 'packages/a/src/one.test.ts'), 'test');
    await writeFile(join(root, 'packages/a/dist/more.js'), '');
    await mkdir(join(root, 'packages/a/node_modules'));
    await writeFile(join(root, 'packages/a/node_modules/x.js'), '');
    expect((await stat(join(root, 'packages/a/src/one.test.ts'))).size).toBe(4);
    expect(isStale(root, 'a', target)).toBe(false);
  });
});
