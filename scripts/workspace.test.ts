import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readInstall, root } from './workspace.mjs';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-installed-'));
  await mkdir(join(folder, 'node_modules'));
  await writeLock('package-lock.json', {
    left: { version: '1.0.0' },
    right: { version: '2.0.0', optional: true },
    tool: { version: '3.0.0', dev: true },
    rare: { version: '4.0.0', devOptional: true },
  });
});

afterEach(() => rm(folder, { recursive: true }));

describe('an install', () => {
  const program = { left: { version: '1.0.0' } };

  test('has the program with what the lock file names, optional packages or not', async () => {
    await writeLock('node_modules/.package-lock.json', program);
    expect(readInstall(folder)).toBe('program');
  });

  test('has everything with the tools too', async () => {
    await writeLock('node_modules/.package-lock.json', { ...program, tool: { version: '3.0.0' } });
    expect(readInstall(folder)).toBe('everything');
  });

  test('has nothing before the first, without a package of the program, and with another version', async () => {
    expect(readInstall(folder)).toBe('nothing');
    await writeLock('node_modules/.package-lock.json', { tool: { version: '3.0.0' } });
    expect(readInstall(folder)).toBe('nothing');
    await writeLock('node_modules/.package-lock.json', { left: { version: '1.0.1' } });
    expect(readInstall(folder)).toBe('nothing');
    await writeLock('node_modules/.package-lock.json', { ...program, tool: { version: '2.0.0' } });
    expect(readInstall(folder)).toBe('nothing');
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

test('npm start downloads what builds Focal and none of the tools for working on it', async () => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const isTool = (name: string) => packages[`node_modules/${name}`]?.dev === true;
  const tools = ['@biomejs/biome', 'typescript', 'oxlint', 'knip', 'vitest', 'playwright-core', 'fast-check'];
  expect(tools.filter((name) => !isTool(name))).toEqual([]);
  expect(['vite', '@vitejs/plugin-react', 'onnxruntime-node', 'node-av'].filter(isTool)).toEqual([]);
});

async function writeLock(path: string, packages: Readonly<Record<string, object>>): Promise<void> {
  const entries = Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]);
  await writeFile(join(folder, path), JSON.stringify({ packages: Object.fromEntries(entries) }));
}
