import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FocalError } from '@focal/core';
import { getModel, type ModelEntry, type ModelStore, OWN_TASKS, type OwnModel } from '@focal/models';
import { toFileError } from '../files/file-error.ts';
import type { Home } from '../files/home.ts';
import { createDiskCache, type DiskCache } from './disk-cache.ts';
import { findPackageFolder } from './package-files.ts';

export interface NodeModelStoreOptions {
  /** The folder of derived models; see `findHome`. */
  readonly cacheFolder: string;
  /** Where pulled models lie; see {@link modelsFolder}. Without it there are none. */
  readonly modelsFolder?: string;
  /** Derived models go, least recently used first, when they take more than this. Default 2 GB. */
  readonly maxCacheBytes?: number;
  /** Ids of models to be treated as not installed. */
  readonly without?: readonly string[];
  /** The user's own models; each takes the place of others. See `prepareOwnModel`. */
  readonly own?: readonly OwnModel[];
}

export interface NodeModelStore extends ModelStore {
  readonly cache: DiskCache;
}

/** Models out of installed npm packages, and those that were pulled. Every file read is checked against the catalogue's SHA-256. */
export function createNodeModelStore(options: NodeModelStoreOptions): NodeModelStore {
  const { cacheFolder, modelsFolder: pulled, maxCacheBytes, without = [], own = [] } = options;
  const cache = createDiskCache({
    folder: cacheFolder,
    ...(maxCacheBytes === undefined ? {} : { maxBytes: maxCacheBytes }),
  });

  function folderOf(entry: ModelEntry): string | undefined {
    if (without.includes(entry.id)) return undefined;
    return entry.source.kind === 'download' ? pulled : findPackageFolder(entry.source.package);
  }

  return {
    cache,
    async has(modelId) {
      const entry = getModel(modelId);
      const folder = folderOf(entry);
      if (folder === undefined) return false;
      try {
        for (const path of await listFiles(entry, folder)) await access(path);
        return true;
      } catch {
        return false;
      }
    },
    async read(modelId) {
      const entry = getModel(modelId);
      const folder = folderOf(entry);
      if (folder === undefined) throw missing(entry);
      const bytes = await readParts(entry, folder);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (sha256 === entry.sha256) return bytes;
      throw new FocalError(
        'model-invalid',
        `The file of model ${entry.id} is not the one Focal knows: expected SHA-256 ${entry.sha256}, got ${sha256}.`,
        { hint: mendHint(entry) },
      );
    },
    async labels(modelId) {
      const { source } = getModel(modelId);
      if (source.kind !== 'download' || source.labels === undefined || pulled === undefined) return undefined;
      if (without.includes(modelId)) return undefined;
      const { name, sha256 } = source.labels;
      const bytes = await readFile(join(pulled, name)).catch(() => undefined);
      const isKnown = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256;
      return isKnown ? bytes.toString('utf8') : undefined;
    },
    derived: (key, build) => cache.file(key, 'onnx', build),
    own: (modelId) => own.find(({ task }) => OWN_TASKS[task].replaces.some((id) => id === modelId)),
  };
}

/** The folder of pulled models in Focal's data folder. */
export function modelsFolder(home: Home): string {
  return join(home.data, 'models');
}

/** Where the model comes from, for people: addresses, or a package with its version. */
export function describeSource({ source }: ModelEntry): string {
  if (source.kind === 'download') return source.files.map((file) => file.url).join(' ');
  return `npm ${source.package}@${source.version}`;
}

/** What to do where a model is missing. */
export function installHint({ id, source }: ModelEntry): string {
  if (source.kind === 'download') return `Download it with: focal models pull ${id}`;
  return `Install it with: npm install ${source.package}@${source.version}`;
}

function mendHint({ id, source }: ModelEntry): string {
  if (source.kind === 'download') return `Download it again with: focal models pull ${id}`;
  return `Reinstall ${source.package} ${source.version}.`;
}

function missing(entry: ModelEntry, cause?: unknown): FocalError {
  const { id, source } = entry;
  const of =
    source.kind === 'download' ? 'it has not been downloaded' : `its package ${source.package} is not installed`;
  const why = cause === undefined || source.kind === 'download' ? of : 'files of its package are missing';
  return new FocalError('model-missing', `The model ${id} is missing: ${why}.`, { hint: installHint(entry), cause });
}

async function readParts(entry: ModelEntry, folder: string): Promise<Uint8Array> {
  try {
    const paths = await listFiles(entry, folder);
    const parts = await Promise.all(paths.map((path) => readFile(path)));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  } catch (error) {
    const cause = toFileError(error, 'read', `the model ${entry.id}`);
    throw cause.code === 'not-found' ? missing(entry, error) : cause;
  }
}

/** The files that make up the model, in order. Rejects where the index of a chunked one is missing. */
async function listFiles(entry: ModelEntry, folder: string): Promise<readonly string[]> {
  const { source } = entry;
  if (source.kind === 'download') return source.files.map((file) => join(folder, file.name));
  if (source.kind === 'file') return [join(folder, ...source.path.split('/'))];
  if (source.kind === 'json-weights') {
    return [source.json, source.weights].map((path) => join(folder, ...path.split('/')));
  }
  const index = join(folder, ...source.index.split('/'));
  const resources: unknown = JSON.parse(await readFile(index, 'utf8'));
  const names = chunkNames(resources, source.resource);
  if (names === undefined) {
    throw new FocalError('model-invalid', `The list of pieces of model ${entry.id} is not one Focal can read.`, {
      hint: installHint(entry),
    });
  }
  return names.map((name) => join(dirname(index), name));
}

/** `{ [resource]: { chunks: [{ hash: "0a1b…" }] } }`; names are hex digests, so no path can leave the folder. */
function chunkNames(index: unknown, resource: string): readonly string[] | undefined {
  const entry = field(index, resource);
  const chunks = field(entry, 'chunks');
  if (!Array.isArray(chunks)) return undefined;
  const names = chunks.map((chunk: unknown) => field(chunk, 'hash'));
  return names.every((name) => typeof name === 'string' && /^[0-9a-f]{16,128}$/.test(name))
    ? (names as string[])
    : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
