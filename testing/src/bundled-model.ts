import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ModelEntry } from '@focal/models';

/** The original file of a bundled model, straight from node_modules: what a model store should give. */
export async function readBundledModel({ id, source }: ModelEntry): Promise<Uint8Array> {
  if (source.kind === 'download') throw new Error(`The model ${id} is not bundled.`);
  const folder = packageFolder(source.package);
  if (source.kind === 'file') return readFile(join(folder, source.path));
  if (source.kind === 'json-weights') {
    const paths = [source.json, source.weights].map((path) => join(folder, path));
    return Buffer.concat(await Promise.all(paths.map((path) => readFile(path))));
  }
  const index = join(folder, source.index);
  const resources = JSON.parse(await readFile(index, 'utf8')) as Record<string, { chunks: { hash: string }[] }>;
  const chunks = resources[source.resource]?.chunks ?? [];
  return Buffer.concat(await Promise.all(chunks.map(({ hash }) => readFile(join(dirname(index), hash)))));
}

/** Packages of models export no package.json, some nothing at all: so their folder is looked for. */
function packageFolder(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const path of paths) if (existsSync(join(path, name))) return join(path, name);
  throw new Error(`The package ${name} is not installed. Run npm ci.`);
}
