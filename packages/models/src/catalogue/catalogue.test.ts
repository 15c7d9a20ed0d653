import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../onnx/read.ts';
import type { ModelEntry, PackageSource } from './entry.ts';
import { catalogue, derivedKey, getModel, toRunnableOnnx } from './index.ts';

const bundled = catalogue.flatMap((entry) =>
  entry.source.kind === 'download' ? [] : [{ ...entry, source: entry.source }],
);
const installed = bundled.filter((entry) => !entry.optional || packageFolder(entry) !== undefined);

describe('the catalogue', () => {
  it('has every id and derived key once, fit for a file name', () => {
    expect(new Set(catalogue.map((entry) => entry.id)).size).toBe(catalogue.length);
    expect(new Set(catalogue.map(derivedKey)).size).toBe(catalogue.length);
    for (const entry of catalogue) expect(derivedKey(entry)).toMatch(/^[a-z0-9-]+$/);
  });

  it('gives another derived key for other content', () => {
    const entry = getModel('selfie');
    expect(derivedKey({ ...entry, sha256: entry.sha256.replace(/^./, 'f') })).not.toBe(derivedKey(entry));
  });

  it('refuses an id that it has not and lists those it has', () => {
    expect(() => getModel('selfy')).toThrow(
      expect.objectContaining({ code: 'not-found', hint: expect.stringContaining('selfie-landscape') }),
    );
  });

  it.each(installed)('tells size, hash and version of $id as they are', (entry) => {
    const bytes = readModel(entry);
    expect(bytes.length).toBe(entry.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.sha256);
    const { version } = JSON.parse(readFileSync(join(packageFolder(entry) ?? '', 'package.json'), 'utf8'));
    expect(version).toBe(entry.source.version);
  });

  it.each(installed)('makes ONNX of $id with the input it tells of', (entry) => {
    const { graph } = readOnnx(toRunnableOnnx(entry, readModel(entry)));
    const dims = entry.anySize ? [1, 'height', 'width', 3] : entry.input.dims;
    expect(graph.inputs).toEqual([{ name: entry.input.name, dataType: 1, dims }]);
    expect(graph.outputs.length).toBeGreaterThan(0);
  });

  it.runIf(installed.some((entry) => entry.id === 'isnet-medium'))('cuts IS-Net down to its matte', () => {
    const entry = bundled.find(({ id }) => id === 'isnet-medium') as Bundled;
    const { graph } = readOnnx(toRunnableOnnx(entry, readModel(entry)));
    expect(graph.outputs).toEqual([{ name: 'output', dataType: 1, dims: [1, 1, 1024, 1024] }]);
    expect(graph.nodes).toHaveLength(663);
  });

  it('pins every download to one content, under names of its own', () => {
    const files = catalogue.flatMap(({ source }) => (source.kind === 'download' ? source.files : []));
    expect(files.length).toBeGreaterThan(0);
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    for (const { name, url, bytes, sha256 } of files) {
      expect(name).toMatch(/^[\w.-]+\.(tflite|onnx)$/);
      expect(url).toMatch(/^https:\/\/[^?#]*\/[0-9a-f]{40}\//);
      expect(bytes).toBeGreaterThan(1000);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('refuses a damaged file of each kind', () => {
    for (const entry of catalogue) {
      expect(() => toRunnableOnnx(entry, new Uint8Array(64).fill(255))).toThrow(
        expect.objectContaining({ code: 'model-invalid' }),
      );
    }
  });
});

type Bundled = ModelEntry & { readonly source: PackageSource };

function readModel(entry: Bundled): Uint8Array {
  const folder = packageFolder(entry) ?? '';
  const { source } = entry;
  if (source.kind === 'file') return readFileSync(join(folder, source.path));
  if (source.kind === 'json-weights') {
    return Buffer.concat([source.json, source.weights].map((path) => readFileSync(join(folder, path))));
  }
  const index = join(folder, source.index);
  const { chunks } = JSON.parse(readFileSync(index, 'utf8'))[source.resource] as { chunks: { hash: string }[] };
  return Buffer.concat(chunks.map(({ hash }) => readFileSync(join(dirname(index), hash))));
}

function packageFolder({ source }: Bundled): string | undefined {
  const paths = createRequire(import.meta.url).resolve.paths(source.package) ?? [];
  return paths.map((path) => join(path, source.package)).find((path) => existsSync(path));
}
