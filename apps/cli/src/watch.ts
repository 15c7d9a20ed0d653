import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { FocalError } from '@focal/core';
import { createFocal, type FocalOptions } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { type InputFile, isPictureName } from './inputs.ts';
import { Interruption } from './interruption.ts';
import { makeFolders, type OutputRules, planOutputs } from './outputs.ts';
import type { Reporter } from './reporter.ts';
import { type RunContext, runJob, type Work } from './run-jobs.ts';

/** A file counts as completely written when its size stood still for so long. */
const SETTLED_MS = 700;

/**
 * Works on every picture that appears in the folder from now on, each once it is completely written, until Ctrl-C,
 * which counts as done unless it cuts a picture off.
 * Results that land in the folder itself are not taken for new pictures. A picture that failed is tried again when it
 * changes.
 */
export async function watchFolder(
  folder: string,
  work: Work,
  rules: OutputRules,
  request: { readonly recursive: boolean; readonly focal: FocalOptions },
  reporter: Reporter,
): Promise<ExitCode> {
  const path = resolve(folder);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) {
    throw new FocalError('not-found', `There is no folder ${folder} to watch.`, { hint: `Looked for ${path}.` });
  }
  // A `-o` that cannot take several pictures is told now rather than at the first picture.
  await planOutputs([], rules);
  const started = performance.now();
  using interruption = new Interruption(() => reporter.note('Stopping; a second Ctrl-C ends at once …'));
  await using focal = await createFocal(request.focal);
  const { watch } = await import('chokidar');
  const queue = new WatchQueue(rules, work, { focal, reporter, signal: interruption.signal });
  const watcher = watch(path, {
    ignoreInitial: true,
    ...(request.recursive ? {} : { depth: 0 }),
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: 100 },
    ignored: (candidate, entry) => entry?.isFile() === true && !isPictureName(candidate),
  });
  try {
    await new Promise<void>((settle, reject) => {
      watcher.on('add', (file) => queue.add(file, path));
      watcher.on('change', (file) => queue.retry(file, path));
      watcher.on('error', reject);
      watcher.on('ready', () => reporter.note(`Watching ${folder} for new pictures; Ctrl-C stops.`));
      interruption.signal.addEventListener('abort', () => settle(), { once: true });
    });
  } finally {
    await watcher.close();
  }
  await queue.idle();
  const { total, done, failed } = queue.tally();
  const interrupted = done + failed < total;
  reporter.summary({ total, done, failed, interrupted, ms: performance.now() - started });
  return interrupted ? interruption.exitCode : failed > 0 ? 1 : 0;
}

/** Pictures waiting for their turn; one at a time. A failure does not stop it. */
class WatchQueue {
  readonly #rules: OutputRules;
  readonly #work: Work;
  readonly #context: RunContext;
  readonly #written = new Set<string>();
  readonly #done = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #seen = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(rules: OutputRules, work: Work, context: RunContext) {
    this.#rules = rules;
    this.#work = work;
    this.#context = context;
  }

  /** @param folder the one that is watched */
  add(path: string, folder: string): void {
    if (this.#written.has(path)) return;
    this.#seen.add(path);
    const below = dirname(relative(folder, path));
    const input: InputFile = { path, shown: path, folder: below === '.' ? '' : below, found: false };
    this.#last = this.#last.then(() => this.#run(input));
  }

  retry(path: string, folder: string): void {
    if (this.#failed.delete(path)) this.add(path, folder);
  }

  idle(): Promise<void> {
    return this.#last;
  }

  tally(): { total: number; done: number; failed: number } {
    return { total: this.#seen.size, done: this.#done.size, failed: this.#failed.size };
  }

  async #run(input: InputFile): Promise<void> {
    const { reporter, signal } = this.#context;
    if (signal.aborted) return;
    try {
      const [job] = await planOutputs([input], this.#rules);
      if (job === undefined) return;
      this.#written.add(job.output);
      await makeFolders([job], this.#rules.output);
      if ((await runJob(job, this.#work, this.#context, 0, 1)) === undefined) this.#done.add(input.path);
      else if (!signal.aborted) this.#failed.add(input.path);
    } catch (error) {
      this.#failed.add(input.path);
      reporter.failed(input, error);
    }
  }
}
