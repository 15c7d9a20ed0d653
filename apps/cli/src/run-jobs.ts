import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FocalError, toErrorData } from '@focal/core';
import type { Edited, EditOptions, Focal, Input } from 'focal';
import { recipePath } from './batch.ts';
import { type ExitCode, toExitCode } from './exit-codes.ts';
import type { InputFile } from './inputs.ts';
import type { Job } from './outputs.ts';
import type { Reporter } from './reporter.ts';
import { readStandardInput, writeStandardOutput } from './standard-streams.ts';

/** What is done with every picture. */
export interface Work {
  apply(
    focal: Focal,
    input: Input,
    options: Pick<EditOptions, 'signal' | 'onProgress' | 'format'>,
  ): Promise<Edited | Told>;
  readonly force: boolean;
  /** Results that are there are left as they are, and count as done. */
  readonly resume?: boolean;
  /** Whether each result's recipe is written beside it. */
  readonly saveRecipe?: boolean;
  /** Pictures in the works at once. Default 2: one is read or written while the models look at another. */
  readonly jobs?: number;
}

/** A result with what more there is to say of it. */
export interface Told {
  readonly edited: Edited;
  /** Lines for people. */
  readonly text: readonly string[];
  /** Members of the file's JSON. */
  readonly json: object;
}

const TOGETHER = 2;
const GO_ON = '--resume leaves results that are there and goes on with the others; --force writes over them.';

export interface RunContext {
  readonly focal: Focal;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** How one picture ended: undefined when it is done. */
export type Failure = { readonly code: ExitCode } | undefined;

/**
 * Does the jobs, some at a time. One that fails is told and the rest goes on; an interruption leaves no half file, as
 * results appear under their name only when they are complete.
 */
export async function runJobs(jobs: readonly Job[], work: Work, context: RunContext): Promise<ExitCode> {
  const together = jobs.length > 1 ? (work.jobs ?? TOGETHER) : 1;
  return runInTurn(jobs, context, (job, position) => runJob(job, work, context, position, jobs.length), together);
}

/**
 * Does something with each, in turn and some at a time, until interrupted; tells how all went together, and gives the
 * exit code.
 */
export async function runInTurn<T>(
  items: readonly T[],
  { reporter, signal }: Pick<RunContext, 'reporter' | 'signal'>,
  perform: (item: T, position: number) => Promise<Failure>,
  together = 1,
): Promise<ExitCode> {
  const started = performance.now();
  const failures: ExitCode[] = [];
  let done = 0;
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    // All take from the same list.
    for (const [position, item] of entries) {
      if (signal.aborted) return;
      const failure = await perform(item, position);
      if (signal.aborted && failure !== undefined) return;
      if (failure === undefined) done += 1;
      else failures.push(failure.code);
      if (signal.aborted) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, Math.max(1, items.length)) }, worker));
  const interrupted = signal.aborted && done + failures.length < items.length;
  const ms = performance.now() - started;
  reporter.summary({ total: items.length, done, failed: failures.length, interrupted, ms });
  if (interrupted) return 130;
  return (items.length === 1 ? failures[0] : failures.length > 0 ? 1 : 0) ?? 0;
}

/** Does one job and tells how it went. Does not throw for what is wrong with this picture or its result. */
export async function runJob(
  job: Job,
  work: Work,
  { focal, reporter, signal }: RunContext,
  position: number,
  total: number,
): Promise<Failure> {
  const started = performance.now();
  try {
    if (work.resume === true && job.output !== '-' && (await isThere(job.output))) {
      reporter.skipped(job);
      return undefined;
    }
    if (!work.force && job.output !== '-') await assertAbsent(job.output, total > 1 ? GO_ON : undefined);
    const result = await work.apply(focal, await openInput(job.input), {
      format: job.format,
      signal,
      onProgress: (progress) => reporter.progress(job.input, progress, position, total),
    });
    const { edited, ...more } = 'edited' in result ? result : { edited: result, text: [], json: {} };
    if (job.output === '-') await writeStandardOutput(edited.bytes);
    else await focal.saveFile(job.output, edited.bytes, { force: work.force });
    if (work.saveRecipe === true && job.output !== '-') {
      const json = new TextEncoder().encode(`${JSON.stringify(edited.recipe, undefined, 2)}\n`);
      await focal.saveFile(recipePath(job.output), json, { force: work.force });
    }
    reporter.done(job, edited, performance.now() - started, more);
    return undefined;
  } catch (error) {
    const { code } = toErrorData(error);
    if (code !== 'aborted') reporter.failed(job.input, error);
    return { code: toExitCode(code) };
  }
}

export async function openInput(input: InputFile): Promise<string | Uint8Array> {
  return input.path === '-' ? readStandardInput() : input.path;
}

/** Asked before the work, so that nobody waits for a result that cannot be kept; saving asks again. */
export async function assertAbsent(path: string, hint = '--force writes over it.'): Promise<void> {
  if (await isThere(path)) {
    throw new FocalError('exists', `${path} exists already.`, { hint });
  }
  await assertParent(path);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function assertParent(path: string): Promise<void> {
  const folder = dirname(path);
  await access(folder).catch(() => {
    throw new FocalError('not-found', `There is no folder ${folder} to write to.`, {
      hint: 'Make it first, or name it with a slash at its end (-o folder/) and Focal makes it.',
    });
  });
}
