import { resolve } from 'node:path';
import { FocalError, getEffect, implyParameters, parseParameters } from '@focal/core';
import { createFocal, type FocalOptions, type OutputFormat } from 'focal';
import type { EffectFlags } from './effect-flags.ts';
import type { ExitCode } from './exit-codes.ts';
import { findInputs } from './inputs.ts';
import { Interruption } from './interruption.ts';
import { makeFolders, type OutputRules, planOutputs } from './outputs.ts';
import { createReporter } from './reporter.ts';
import { runJobs, type Work } from './run-jobs.ts';
import { assertBinaryOutput } from './standard-streams.ts';
import { watchFolder } from './watch.ts';

/** Everything the command line said about an edit. */
export interface EditRequest {
  readonly effect: string;
  readonly inputs: readonly string[];
  readonly flags: EffectFlags;
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly maskOnly: boolean;
  readonly trim?: number;
  readonly recursive: boolean;
  readonly force: boolean;
  readonly watch?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

/** `focal cutout`, `focal bokeh` and any other effect: plans all results, then works through them or watches. */
export async function runEdit(request: EditRequest): Promise<ExitCode> {
  const params = settleParams(request);
  const work = toWork(request, params);
  const toStdout = request.output === '-' || (request.output === undefined && request.inputs.includes('-'));
  if (toStdout && request.json) {
    throw new FocalError('invalid-argument', 'Standard output cannot take both the picture and --json.', {
      hint: 'Name a file with -o.',
    });
  }
  if (toStdout) assertBinaryOutput();
  const reporter = createReporter({ json: request.json, quiet: request.quiet, toStdout });
  if (request.watch !== undefined) {
    return watchFolder(request.watch, work, toRules(request, params, true), request, reporter);
  }
  const inputs = await findInputs(request.inputs, { recursive: request.recursive });
  const several = inputs.length > 1 || inputs.some((input) => input.found);
  const jobs = await planOutputs(inputs, toRules(request, params, several));
  await makeFolders(jobs, request.output);
  using interruption = new Interruption(() => reporter.note('Stopping; a second Ctrl-C ends at once …'));
  await using focal = await createFocal(request.focal);
  const code = await runJobs(jobs, work, { focal, reporter, signal: interruption.signal });
  return code === 130 ? interruption.exitCode : code;
}

/** The effect's parameters with what they imply, checked once before any picture is read. */
function settleParams({ effect, flags }: EditRequest): Readonly<Record<string, unknown>> {
  const params = implyParameters(getEffect(effect), flags.params, Object.keys(flags.assets));
  parseParameters(getEffect(effect), params);
  return params;
}

function toWork(request: EditRequest, params: Readonly<Record<string, unknown>>): Work {
  const { effect, flags, maskOnly, trim, force, quality } = request;
  return {
    effect,
    force,
    edit: {
      params,
      assets: Object.fromEntries(Object.entries(flags.assets).map(([name, path]) => [name, resolve(path)])),
      output: maskOnly ? 'matte' : 'picture',
      ...(trim === undefined ? {} : { trim }),
      ...(quality === undefined ? {} : { quality }),
    },
  };
}

function toRules(
  { effect, maskOnly, output, format }: EditRequest,
  params: Readonly<Record<string, unknown>>,
  several: boolean,
): OutputRules {
  const { background } = parseParameters(getEffect(effect), params);
  return {
    suffix: maskOnly ? 'mask' : effect,
    lossless: maskOnly || background === 'transparent',
    several,
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format }),
  };
}
