import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isInstallStale, root } from './workspace.mjs';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-installed-'));
  await mkdir(join(folder, 'node_modules'));
  await writeLock('package-lock.json', { left: { version: '1.0.0' }, right: { version: '2.0.0', optional: true } });
});

afterEach(() => rm(folder, { recursive: true }));

describe('an install', () => {
  test('is fresh with what the lock file of its folder names, optional packages or not', async () => {
    await writeLock('node_modules/.package-lock.json', { left: { version: '1.0.0' } });
    expect(isInstallStale(folder)).toBe(false);
  });

  test('is stale before the first, without a package, and with another version', async () => {
    expect(isInstallStale(folder)).toBe(true);
    await writeLock('node_modules/.package-lock.json', {});
    expect(isInstallStale(folder)).toBe(true);
    await writeLock('node_modules/.package-lock.json', { left: { version: '1.0.1' } });
    expect(isInstallStale(folder)).toBe(true);
  });
});

test('npm start downloads none of the packages that tests and benches compare with', async () => {
  const names = Object.keys(
    JSON.parse(await readFile(join(root, 'testing/references/package.json'), 'utf8')).dependencies,
  );
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  expect(names).toContain('@tensorflow/tfjs-core');
  expect(names.filter((name) => `node_modules/${name}` in packages)).toEqual([]);
});

async function writeLock(path: string, packages: Readonly<Record<string, object>>): Promise<void> {
  const entries = Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]);
  await writeFile(join(folder, path), JSON.stringify({ packages: Object.fromEntries(entries) }));
}
