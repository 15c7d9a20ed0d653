import { createFocal, type FocalOptions, type OutputFormat } from 'focal';
import { type Batch, removeLeftovers, tellPlan } from './batch.ts';
import type { ExitCode } from './exit-codes.ts';
import { findInputs } from './inputs.ts';
import { Interruption } from './interruption.ts';
import { type Job, makeFolders, type OutputRules, planOutputs } from './outputs.ts';
import { createReporter } from './reporter.ts';
import { runJobs, type Work } from './run-jobs.ts';
import { goesToStandardOutput } from './standard-streams.ts';
import { watchFolder } from './watch.ts';

/** What the command line said about pictures and results, whatever is done with them. */
export interface BatchRequest {
  readonly inputs: readonly string[];
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly recursive: boolean;
  readonly force: boolean;
  readonly watch?: string;
  readonly batch: Batch;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

export interface BatchPlan {
  readonly work: Pick<Work, 'apply'>;
  readonly rules: Pick<OutputRules, 'suffix' | 'lossless'>;
  /** Throws for what does not go with the results. */
  check?(jobs: readonly Job[]): void;
}

/** Plans all results before any work, then works through them, or watches a folder. */
export async function runBatch(request: BatchRequest, plan: BatchPlan): Promise<ExitCode> {
  const { output, format, force, batch, json, quiet } = request;
  const work: Work = { ...plan.work, ...batch, force };
  const toRules = (several: boolean): OutputRules => ({
    ...plan.rules,
    several,
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format }),
  });
  const reporter = createReporter({ json, quiet, toStdout: goesToStandardOutput(request) });
  if (request.watch !== undefined) return watchFolder(request.watch, work, toRules(true), request, reporter);
  const inputs = await findInputs(request.inputs, { recursive: request.recursive });
  const jobs = await planOutputs(inputs, toRules(inputs.length > 1 || inputs.some((input) => input.found)));
  plan.check?.(jobs);
  if (batch.dryRun) {
    tellPlan(jobs, json);
    return 0;
  }
  await makeFolders(jobs, output);
  if (batch.resume) await removeLeftovers(jobs);
  using interruption = new Interruption(() => reporter.note('Stopping; a second Ctrl-C ends at once …'));
  const { jobs: together } = batch;
  await using focal = await createFocal({ ...request.focal, ...(together === undefined ? {} : { together }) });
  const code = await runJobs(jobs, work, { focal, reporter, signal: interruption.signal });
  return code === 130 ? interruption.exitCode : code;
}
