import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { basename } from 'node:path';
import { type ErrorData, FocalError, fromErrorData } from '@focal/core';
import { assertOwnTask, type OwnModel, type OwnModelFit } from '@focal/models';
import { builtUrl } from '../built-url.ts';

export interface PrepareOwnModelOptions {
  /** Where the model that is ready to run is kept, by content. */
  readonly cacheFolder: string;
  /** Trying a model takes no longer. Default 60 s. */
  readonly timeoutMs?: number;
  /** Nor does it take more memory, where the system tells (Linux). Default three quarters of what is free. */
  readonly maxMemoryBytes?: number;
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
const WATCH_MS = 100;

// [Note: own models] The file may be anybody's. Focal's own parsers, which are bounded and fuzzed, read it first, but the
// runtime's native code also has to, and a hostile file might crash or hang that. So a process of its own reads it,
// checks it, runs it once on a test picture and writes down what is to be run; should it die or take too long, the file
// is refused. What was tried once is known by its content and not tried again.

/**
 * A user's own model for a task, from `.onnx`, `.tflite` or `model.json`, checked: it takes one RGB picture, gives
 * what the task asks for, and runs. Throws `invalid-argument`, `not-found`, `permission`, `too-large`, `model-invalid`.
 */
export async function prepareOwnModel(task: string, path: string, options: PrepareOwnModelOptions): Promise<OwnModel> {
  assertOwnTask(task);
  const { cacheFolder } = options;
  const answer = await ask({ task, path, cacheFolder }, options);
  if (!answer.ok) throw fromErrorData({ ...answer.error, message: `The model for ${task}: ${answer.error.message}` });
  const { sha256, onnx, fit } = answer;
  return { task, name: nameOf(path, sha256), sha256, onnx, fit };
}

/** In plain letters and without commas, as it goes into lists and HTTP headers. */
function nameOf(path: string, sha256: string): string {
  const plain = basename(path).replace(/[^\x20-\x7e]|,/g, '_');
  return `${plain.slice(0, 60)} (${sha256.slice(0, 8)})`;
}

async function ask(
  question: OwnModelQuestion,
  {
    timeoutMs = TIMEOUT_MS,
    maxMemoryBytes = 0.75 * Math.min(process.availableMemory(), freemem()),
  }: Pick<PrepareOwnModelOptions, 'timeoutMs' | 'maxMemoryBytes'>,
): Promise<OwnModelAnswer> {
  const child = fork(builtUrl('models/own-model.child'), [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  let verdict: string | undefined;
  const stop = (why: string): void => {
    verdict ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop(`took longer than ${Math.round(timeoutMs / 1000)} s`), timeoutMs);
  const watch = setInterval(() => {
    void residentBytes(child.pid).then((bytes) => {
      if (bytes > maxMemoryBytes) stop(`took more than ${Math.round(maxMemoryBytes / 1e6)} MB`);
    });
  }, WATCH_MS);
  try {
    return await new Promise<OwnModelAnswer>((resolve, reject) => {
      child.once('message', (answer) => resolve(answer as OwnModelAnswer));
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        const why = verdict ?? `ended the process that tried it (${signal ?? `exit code ${code}`})`;
        const message = `The model for ${question.task} ${why}.`;
        const hint = 'The file is broken, hostile, or too large for this machine.';
        reject(new FocalError('model-invalid', message, { hint }));
      });
      child.send(question, (error) => error && reject(error));
    });
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    child.removeAllListeners();
    child.kill('SIGKILL');
  }
}

/** Memory that a process holds; 0 where the system does not tell. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
