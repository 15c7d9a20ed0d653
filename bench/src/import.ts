import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { catalogue, derivedKey, type ModelEntry, toRunnableOnnx } from '@focal/models';
import { createNodeModelStore } from '@focal/node';
import { type Bench, type BenchResult, median, timeRuns, withinMs } from './bench.ts';
import { measureQuantised, QUANTISED_ROW } from './quantised.ts';

/** Goals of the two kinds that have one; the other TFLite models are measured without. */
const SELFIE_LIMIT_MS = 100;
const GRAPH_LIMIT_MS = 150;
/** Each in a process of its own, since nothing is compiled yet when a user's first picture comes. */
const PROCESSES = 5;

const entries = (): readonly ModelEntry[] =>
  catalogue.filter((entry) => entry.format !== 'onnx' && entry.source.kind !== 'download');

function limitOf(entry: ModelEntry): number | undefined {
  if (entry.format === 'tflite') return entry.id === 'selfie' ? SELFIE_LIMIT_MS : undefined;
  return GRAPH_LIMIT_MS;
}

/** How long TFLite and TensorFlow.js models take to become ONNX the first time, and how long afterwards, when they are kept. */
export const importBench: Bench = {
  name: 'import',
  title: 'Import of TFLite and TensorFlow.js models, cold and cached',
  rows: [...entries().flatMap((entry) => [coldRow(entry), cachedRow(entry)]), QUANTISED_ROW],
  async run(context) {
    const calibration = await context.calibrate();
    const folder = await mkdtemp(join(tmpdir(), 'focal-import-'));
    try {
      const store = createNodeModelStore({ cacheFolder: folder });
      const results: BenchResult[] = [];
      for (const entry of entries()) {
        context.log(`import: ${entry.id}, ${entry.bytes} bytes, sha256 ${entry.sha256}`);
        const coldMs = await coldImportMs(entry, folder);
        const limit = limitOf(entry);
        const name = coldRow(entry);
        results.push(
          limit === undefined ? { name, value: coldMs, unit: 'ms' } : withinMs(name, coldMs, limit, calibration),
        );
        const cached = await timeRuns(() => store.derived(derivedKey(entry), () => build(entry, store)), { runs: 20 });
        results.push({ name: cachedRow(entry), value: median(cached), unit: 'ms' });
      }
      results.push(...(await measureQuantised(context)));
      return results;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function coldRow(entry: ModelEntry): string {
  return `${entry.id}: import, cold`;
}

function cachedRow(entry: ModelEntry): string {
  return `${entry.id}: found in the cache`;
}

async function build(entry: ModelEntry, store: ReturnType<typeof createNodeModelStore>): Promise<Uint8Array> {
  return toRunnableOnnx(entry, await store.read(entry.id));
}

/** The import alone: file read and modules loaded beforehand. Median over fresh processes. */
async function coldImportMs(entry: ModelEntry, folder: string): Promise<number> {
  const script = `
    const [models, node] = [await import(process.argv[1]), await import(process.argv[2])];
    const entry = models.getModel(process.argv[3]);
    const bytes = await node.createNodeModelStore({ cacheFolder: process.argv[4] }).read(entry.id);
    const start = performance.now();
    models.toRunnableOnnx(entry, bytes);
    process.stdout.write(String(performance.now() - start));`;
  const modules = [import.meta.resolve('@focal/models'), import.meta.resolve('@focal/node')];
  const times: number[] = [];
  for (let count = 0; count < PROCESSES; count++) {
    const options = ['--input-type=module', '-e', script, ...modules, entry.id, folder];
    times.push(Number((await promisify(execFile)(process.execPath, options)).stdout));
  }
  return median(times);
}
