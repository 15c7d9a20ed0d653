import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type * as Ort from 'onnxruntime-node';

type SessionOptions = Ort.InferenceSession.SessionOptions;

// [Note: prepared models] Most of the second that a session of IS-Net takes to make goes into rearranging the graph for
// this processor. ONNX Runtime can write the result down, weights in a file of their own that is mapped instead of read:
// 0.1 s from then on. Such a graph fits one version of the library and one kind of processor, so both are part of its
// name. It lies beside the model it was made from, in the cache, where old ones are the first to go.

/** Smaller models load in no time anyway. */
const WORTHWHILE_BYTES = 8e6;

/** Where a model's prepared form is, or is to be. */
export interface PreparedModel {
  readonly graph: string;
  /** Set while the prepared form is missing: what to give to the session so that it writes one, and how to keep it. */
  readonly missing?: {
    readonly options: SessionOptions;
    /** Moves what was written into place. Never rejects: without it the next start is slower, nothing more. */
    keep(): Promise<void>;
    /** Removes what was written, after a failure. */
    drop(): Promise<void>;
  };
}

/** The prepared form of a model file for these settings, or nothing for models too small to need one. */
export async function findPreparedModel(
  path: string,
  version: string,
  options: SessionOptions,
): Promise<PreparedModel | undefined> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size < WORTHWHILE_BYTES) return undefined;
  const machine = [version, process.arch, cpus()[0]?.model, options.graphOptimizationLevel ?? 'all'].join();
  const print = createHash('sha256').update(machine).digest('hex').slice(0, 12);
  const graph = `${path.replace(/\.onnx$/, '')}.${print}.onnx`;
  const weights = await weightsOf(graph);
  if (weights !== undefined) {
    const now = new Date();
    for (const file of [graph, weights]) await utimes(file, now, now).catch(() => undefined);
    return { graph };
  }
  return { graph, missing: writeTo(graph, options) };
}

/** Removes a prepared form that does not load. */
export async function dropPreparedModel(graph: string): Promise<void> {
  const weights = await weightsOf(graph);
  for (const file of [graph, weights]) if (file !== undefined) await unlink(file).catch(() => undefined);
}

function writeTo(graph: string, options: SessionOptions): NonNullable<PreparedModel['missing']> {
  const token = randomBytes(6).toString('hex');
  const partial = join(dirname(graph), `${basename(graph, '.onnx')}.${token}.part`);
  // The graph names its weights, so these have their final name from the start.
  const weights = join(dirname(graph), `${basename(graph, '.onnx')}.${token}.weights`);
  const drop = async () => {
    for (const file of [partial, weights]) await unlink(file).catch(() => undefined);
  };
  return {
    options: {
      ...options,
      optimizedModelFilePath: partial,
      extra: {
        session: {
          ...(options.extra?.session as object | undefined),
          optimized_model_external_initializers_file_name: basename(weights),
          optimized_model_external_initializers_min_size_in_bytes: '1024',
        },
      },
    },
    async keep() {
      try {
        for (const file of [weights, partial]) await flush(file);
        await rename(partial, graph);
      } catch {
        await drop();
      }
    },
    drop,
  };
}

/** The weights file that a prepared graph names; nothing unless both are there. */
async function weightsOf(graph: string): Promise<string | undefined> {
  try {
    const stem = basename(graph, '.onnx');
    const content = (await readFile(graph)).toString('latin1');
    const start = content.indexOf(`${stem}.`);
    const name = /^\.[0-9a-f]{12}\.weights/.exec(content.slice(start + stem.length, start + stem.length + 21));
    if (start < 0 || name === null) return undefined;
    const weights = join(dirname(graph), stem + name[0]);
    await stat(weights);
    return weights;
  } catch {
    return undefined;
  }
}

/** On the disk before the name is given: a graph whose weights a power cut has emptied would draw wrong mattes. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
