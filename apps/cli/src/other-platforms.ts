import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Something in node_modules that this machine cannot use. */
export interface Unusable {
  readonly path: string;
  readonly bytes: number;
}

export interface Platform {
  readonly platform: string;
  readonly arch: string;
}

/** The node_modules folders that Focal's packages are looked for in, nearest first. */
function packageFolders(from: string = import.meta.url): readonly string[] {
  return createRequire(from).resolve.paths('focal') ?? [];
}

/**
 * Programs for other systems in these node_modules folders: those that ONNX Runtime brings for all systems at once,
 * and packages made for another system or processor.
 */
export async function findUnusable(
  folders: readonly string[] = packageFolders(),
  here: Platform = process,
): Promise<readonly Unusable[]> {
  const paths: string[] = [];
  for (const folder of folders) {
    paths.push(...(await otherRuntimes(join(folder, 'onnxruntime-node', 'bin'), here)));
    for (const name of await packagesIn(folder)) {
      const manifest = await readManifest(join(folder, name));
      if (manifest !== undefined && !fits(manifest, here)) paths.push(join(folder, name));
    }
  }
  return Promise.all(paths.map(async (path) => ({ path, bytes: await sizeOf(path) })));
}

/** Deletes them for good; `npm ci` brings them back. */
export async function removeUnusable(found: readonly Unusable[]): Promise<void> {
  for (const { path } of found) await rm(path, { recursive: true, force: true });
}

/** bin/napi-v6/<system>/<processor> of every system but this one. */
async function otherRuntimes(bin: string, here: Platform): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const version of await list(bin)) {
    const systems = await list(join(bin, version));
    // Where our own is not among them the layout is not the one we know: better to leave it alone.
    if (!(await list(join(bin, version, here.platform))).includes(here.arch)) continue;
    for (const system of systems) {
      if (system !== here.platform) {
        paths.push(join(bin, version, system));
        continue;
      }
      const processors = await list(join(bin, version, system));
      paths.push(...processors.filter((arch) => arch !== here.arch).map((arch) => join(bin, version, system, arch)));
    }
  }
  return paths;
}

async function packagesIn(folder: string): Promise<readonly string[]> {
  const names = (await list(folder)).filter((name) => !name.startsWith('.'));
  const nested = await Promise.all(
    names.map(async (name) =>
      name.startsWith('@') ? (await list(join(folder, name))).map((part) => join(name, part)) : [name],
    ),
  );
  return nested.flat();
}

interface Manifest {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

function fits({ os, cpu }: Manifest, here: Platform): boolean {
  return allows(os, here.platform) && (allows(cpu, here.arch) || cpu?.includes('wasm32') === true);
}

/** npm's rule for `os` and `cpu`: one of the names, and none of those with `!`. */
function allows(names: readonly string[] | undefined, name: string): boolean {
  if (!Array.isArray(names) || names.length === 0) return true;
  if (names.includes(`!${name}`)) return false;
  return names.every((each) => each.startsWith('!')) || names.includes(name);
}

async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(path: string): Promise<number> {
  const stats = await stat(path);
  if (!stats.isDirectory()) return stats.size;
  const parts = await Promise.all((await list(path)).map((name) => sizeOf(join(path, name))));
  return parts.reduce((sum, bytes) => sum + bytes, 0);
}
