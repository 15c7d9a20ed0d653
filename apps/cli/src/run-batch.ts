import { createFocal } from 'focal';
import { type Batch, removeLeftovers, tellPlan } from './batch.ts';
import type { ExitCode } from './exit-codes.ts';
import { assertNamed, findInputs } from './inputs.ts';
import { Interruption } from './interruption.ts';
import { makeFolders, type OutputRules, planOutputs } from './outputs.ts';
import type { PictureRequest } from './picture-options.ts';
import { assertQuality } from './quality.ts';
import { createReporter } from './reporter.ts';
import { runJobs, type Work } from './run-jobs.ts';
import { goesToStandardOutput } from './standard-streams.ts';
import { watchFolder } from './watch.ts';

/** What the command line said about pictures and results, whatever is done with them. */
export interface BatchRequest extends PictureRequest {
  readonly watch?: string;
  readonly batch: Batch;
}

export interface BatchPlan {
  readonly work: Pick<Work, 'apply'>;
  readonly rules: Pick<OutputRules, 'suffix' | 'lossless'>;
}

/** Plans all results before any work, then works through them, or watches a folder. Throws for what suits none. */
export async function runBatch(request: BatchRequest, plan: BatchPlan): Promise<ExitCode> {
  const { output, format, quality, force, batch, json, quiet } = request;
  assertNamed([...request.inputs, output, request.watch]);
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
  assertQuality(quality, jobs);
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
