import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atMost, type Bench, type BenchContext, type BenchResult } from './bench.ts';

const LIMIT_MB = 450;

const ROWS = [
  'downloaded by a fresh install',
  'packages downloaded',
  'installed on disk',
  'downloaded besides by the first npm test, check or bench',
] as const;

/** What tests and benches compare with, which is installed on its own. */
const REFERENCES = 'testing/references';

/** A package as it came over the wire. */
export interface Download {
  readonly name: string;
  readonly bytes: number;
}

/** Installs from the lock file into an empty folder with an empty cache, as the launcher does, and counts what came. */
export const installBench: Bench = {
  name: 'install',
  title: 'Bytes that a fresh install downloads, by package',
  rows: ROWS,
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'focal-install-'));
    try {
      return await measure(context, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(context: BenchContext, folder: string): Promise<readonly BenchResult[]> {
  const clone = join(folder, 'clone');
  await copyManifests(fileURLToPath(new URL('../../', import.meta.url)), clone);
  const cache = join(folder, 'cache');
  const downloads = await install(clone, ['ci', '--omit=dev'], cache);
  for (const line of toTable(downloads)) context.log(line);
  const onDisk = await sizeOf(join(clone, 'node_modules'));
  await install(clone, ['install', '--no-save', '--include=dev', '--prefer-offline'], cache);
  const all = await install(join(clone, REFERENCES), ['ci', '--include=dev'], cache);
  return [
    atMost(ROWS[0], sumOf(downloads) / 1e6, LIMIT_MB, 'MB'),
    { name: ROWS[1], value: downloads.length, unit: 'packages' },
    { name: ROWS[2], value: onDisk / 1e6, unit: 'MB' },
    { name: ROWS[3], value: (sumOf(all) - sumOf(downloads)) / 1e6, unit: 'MB' },
  ];
}

/** Has npm install in the folder; gives all packages that are in the cache then. */
async function install(folder: string, args: readonly string[], cache: string): Promise<readonly Download[]> {
  await promisify(execFile)('npm', [...args, '--include=optional', '--cache', cache], {
    cwd: folder,
    shell: process.platform === 'win32',
    maxBuffer: 64e6,
  });
  return readDownloads(cache);
}

/** What npm needs of a clone to install: its own files and the package.json of every workspace. */
async function copyManifests(root: string, clone: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: object };
  const workspaces = Object.keys(lock.packages).filter((path) => path !== '' && !path.includes('node_modules'));
  const files = [
    'package.json',
    'package-lock.json',
    '.npmrc',
    ...workspaces.map((path) => join(path, 'package.json')),
    ...['package.json', 'package-lock.json', '.npmrc'].map((file) => join(REFERENCES, file)),
  ];
  for (const file of files) await cp(join(root, file), join(clone, file));
}

/** The packages in npm's cache, largest first. Throws where the cache is laid out in a way unknown here. */
export async function readDownloads(cache: string): Promise<readonly Download[]> {
  const index = join(cache, '_cacache', 'index-v5');
  const entries = await readdir(index, { recursive: true, withFileTypes: true });
  const byName = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const text = await readFile(resolve(entry.parentPath, entry.name), 'utf8');
    for (const line of text.split('\n')) {
      const download = parseEntry(line);
      if (download !== undefined) byName.set(download.name, download.bytes);
    }
  }
  if (byName.size === 0) throw new Error(`No packages were found in npm's cache at ${index}.`);
  return [...byName].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** A line of the cache's index: a hash, a tab, and JSON with the address and the size of what was stored. */
function parseEntry(line: string): Download | undefined {
  const json = line.split('\t')[1];
  if (json === undefined) return undefined;
  const { key = '', size } = JSON.parse(json) as { key?: string; size?: number };
  const match = /((?:@[^/]+\/)?[^/]+)\/-\/[^/]+?-(\d[^/]*)\.tgz$/.exec(decodeURIComponent(key));
  return match === null || size === undefined ? undefined : { name: `${match[1]} ${match[2]}`, bytes: size };
}

/** The table of docs/dependencies.md: what is over a megabyte by name, the rest in one line. */
export function toTable(downloads: readonly Download[]): readonly string[] {
  const large = downloads.filter(({ bytes }) => bytes >= 1e6);
  const rest = downloads.slice(large.length);
  const sum = (each: readonly Download[]): string => megabytes(sumOf(each));
  return [
    '| package | MB downloaded |',
    '|---|---:|',
    ...large.map(({ name, bytes }) => `| ${name} | ${megabytes(bytes)} |`),
    `| ${rest.length} others, each under 1 MB | ${sum(rest)} |`,
    `| **all ${downloads.length}** | **${sum(downloads)}** |`,
  ];
}

function sumOf(downloads: readonly Download[]): number {
  return downloads.reduce((total, { bytes }) => total + bytes, 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
