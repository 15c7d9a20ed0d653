import { fork } from 'node:child_process';
import { basename } from 'node:path';
import { type ErrorData, FocalError, fromErrorData } from '@focal/core';
import { assertOwnTask, type OwnModel, type OwnModelFit } from '@focal/models';

export interface PrepareOwnModelOptions {
  /** Where the model that is ready to run is kept, by content. */
  readonly cacheFolder: string;
  /** Trying a model takes no longer. Default 60 s. */
  readonly timeoutMs?: number;
}

/** What the process that tries a model is asked. */
export interface OwnModelQuestion {
  readonly task: string;
  readonly path: string;
  readonly cacheFolder: string;
}

/** What it answers. */
export type OwnModelAnswer =
  | { readonly ok: true; readonly sha256: string; readonly onnx: Uint8Array | string; readonly fit: OwnModelFit }
  | { readonly ok: false; readonly error: ErrorData };

const TIMEOUT_MS = 60_000;

// [Note: own models] The file may be anybody's. Focal's own parsers, which are bounded and fuzzed, read it first, but the
// runtime's native code also has to, and a hostile file might crash or hang that. So a process of its own reads it,
// checks it, runs it once on a test picture and writes down what is to be run; should it die or take too long, the file
// is refused. What was tried once is known by its content and not tried again.

/**
 * A user's own model for a task, from `.onnx`, `.tflite` or `model.json`, checked: it takes one RGB picture, gives an
 * alpha of 0..1, and runs. Throws `invalid-argument`, `not-found`, `permission`, `too-large`, `model-invalid`.
 */
export async function prepareOwnModel(task: string, path: string, options: PrepareOwnModelOptions): Promise<OwnModel> {
  assertOwnTask(task);
  const { cacheFolder, timeoutMs = TIMEOUT_MS } = options;
  const answer = await ask({ task, path, cacheFolder }, timeoutMs);
  if (!answer.ok) throw fromErrorData({ ...answer.error, message: `The model for ${task}: ${answer.error.message}` });
  const { sha256, onnx, fit } = answer;
  return { task, name: nameOf(path, sha256), sha256, onnx, fit };
}

/** In plain letters and without commas, as it goes into lists and HTTP headers. */
function nameOf(path: string, sha256: string): string {
  const plain = basename(path).replace(/[^\x20-\x7e]|,/g, '_');
  return `${plain.slice(0, 60)} (${sha256.slice(0, 8)})`;
}

async function ask(question: OwnModelQuestion, timeoutMs: number): Promise<OwnModelAnswer> {
  const child = fork(childUrl(), [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  try {
    return await new Promise<OwnModelAnswer>((resolve, reject) => {
      child.once('message', (answer) => resolve(answer as OwnModelAnswer));
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        const why = isLate
          ? `took longer than ${Math.round(timeoutMs / 1000)} s`
          : `ended the process that tried it (${signal ?? `exit code ${code}`})`;
        const message = `The model for ${question.task} ${why}.`;
        const hint = 'The file is broken, hostile, or too large for this machine.';
        reject(new FocalError('model-invalid', message, { hint }));
      });
      child.send(question, (error) => error && reject(error));
    });
  } finally {
    clearTimeout(timer);
    child.removeAllListeners();
    child.kill('SIGKILL');
  }
}

/** As with workers, the child runs from `dist` even where the sources are imported. */
function childUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../../dist/models/own-model.child.js', import.meta.url)
    : new URL('./own-model.child.js', import.meta.url);
}
