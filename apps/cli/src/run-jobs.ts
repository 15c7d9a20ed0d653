import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FocalError, toErrorData } from '@focal/core';
import type { EditOptions, Focal } from 'focal';
import { type ExitCode, toExitCode } from './exit-codes.ts';
import type { InputFile } from './inputs.ts';
import type { Job } from './outputs.ts';
import type { Reporter } from './reporter.ts';
import { readStandardInput, writeStandardOutput } from './standard-streams.ts';

/** What is done with every picture. */
export interface Work {
  readonly effect: string;
  readonly edit: Omit<EditOptions, 'signal' | 'onProgress' | 'format'>;
  readonly force: boolean;
}

export interface RunContext {
  readonly focal: Focal;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** How one picture ended: undefined when it is done. */
export type Failure = { readonly code: ExitCode } | undefined;

/**
 * Does the jobs one after the other (a picture already keeps all cores busy). One that fails is told and the rest goes
 * on; an interruption leaves no half file, as results appear under their name only when they are complete.
 */
export async function runJobs(jobs: readonly Job[], work: Work, context: RunContext): Promise<ExitCode> {
  const started = performance.now();
  const failures: ExitCode[] = [];
  let done = 0;
  for (const [position, job] of jobs.entries()) {
    if (context.signal.aborted) break;
    const failure = await runJob(job, work, context, position, jobs.length);
    if (context.signal.aborted && failure !== undefined) break;
    if (failure === undefined) done += 1;
    else failures.push(failure.code);
  }
  const interrupted = context.signal.aborted && done + failures.length < jobs.length;
  context.reporter.summary({
    total: jobs.length,
    done,
    failed: failures.length,
    interrupted,
    ms: performance.now() - started,
  });
  if (interrupted) return 130;
  return (jobs.length === 1 ? failures[0] : failures.length > 0 ? 1 : 0) ?? 0;
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
    if (!work.force && job.output !== '-') await assertAbsent(job.output);
    const edited = await focal.edit(await openInput(job.input), work.effect, {
      ...work.edit,
      format: job.format,
      signal,
      onProgress: (progress) => reporter.progress(job, progress, position, total),
    });
    if (job.output === '-') await writeStandardOutput(edited.bytes);
    else await focal.saveFile(job.output, edited.bytes, { force: work.force });
    reporter.done(job, edited, performance.now() - started);
    return undefined;
  } catch (error) {
    const { code } = toErrorData(error);
    if (code !== 'aborted') reporter.failed(job.input, error);
    return { code: toExitCode(code) };
  }
}

async function openInput(input: InputFile): Promise<string | Uint8Array> {
  return input.path === '-' ? readStandardInput() : input.path;
}

/** Asked before the work, so that nobody waits for a result that cannot be kept; saving asks again. */
async function assertAbsent(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) {
    throw new FocalError('exists', `${path} exists already.`, { hint: '--force writes over it.' });
  }
  await assertParent(path);
}

async function assertParent(path: string): Promise<void> {
  const folder = dirname(path);
  await access(folder).catch(() => {
    throw new FocalError('not-found', `There is no folder ${folder} to write to.`, {
      hint: 'Make it first, or name it with a slash at its end (-o folder/) and Focal makes it.',
    });
  });
}
