import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkSteps, FocalError, parseRecipe, type Recipe } from '@focal/core';
import { createFocal } from 'focal';
import { removeLeftovers, tellPlan } from './batch.ts';
import { assertFiles, assertQuality } from './edit-command.ts';
import type { ExitCode } from './exit-codes.ts';
import { findInputs } from './inputs.ts';
import { Interruption } from './interruption.ts';
import { makeFolders, planOutputs } from './outputs.ts';
import type { RenderRequest } from './render-program.ts';
import { createReporter } from './reporter.ts';
import { runJobs, type Work } from './run-jobs.ts';
import { goesToStandardOutput } from './standard-streams.ts';
import { watchFolder } from './watch.ts';

/** `focal render`: a recipe over pictures. */
export async function runRender(request: RenderRequest): Promise<ExitCode> {
  const { pictures, font, force, lenient, quality, json, quiet, batch } = request;
  const recipe = await readRecipe(request.recipe);
  await assertFiles(font === undefined ? pictures : { ...pictures, font });
  const work: Work = {
    what: recipe,
    force,
    ...batch,
    edit: {
      lenient,
      ...(font === undefined ? {} : { font: resolve(font) }),
      assets: Object.fromEntries(Object.entries(pictures).map(([name, path]) => [name, resolve(path)])),
      ...(quality === undefined ? {} : { quality }),
    },
  };
  const reporter = createReporter({ json, quiet, toStdout: goesToStandardOutput(request) });
  const rules = (several: boolean) => ({
    suffix: 'render',
    lossless: checkSteps(recipe).some(({ effect, params }) => effect.clears?.(params as never) === true),
    several,
    ...(request.output === undefined ? {} : { output: request.output }),
    ...(request.format === undefined ? {} : { format: request.format }),
  });
  if (request.watch !== undefined) return watchFolder(request.watch, work, rules(true), request, reporter);
  const inputs = await findInputs(request.inputs, { recursive: request.recursive });
  const jobs = await planOutputs(inputs, rules(inputs.length > 1 || inputs.some((input) => input.found)));
  assertQuality(quality, jobs);
  if (request.batch.dryRun) {
    tellPlan(jobs, request.json);
    return 0;
  }
  await makeFolders(jobs, request.output);
  if (request.batch.resume) await removeLeftovers(jobs);
  using interruption = new Interruption(() => reporter.note('Stopping; a second Ctrl-C ends at once …'));
  const { jobs: together } = request.batch;
  await using focal = await createFocal({ ...request.focal, ...(together === undefined ? {} : { together }) });
  const code = await runJobs(jobs, work, { focal, reporter, signal: interruption.signal });
  return code === 130 ? interruption.exitCode : code;
}

/** Larger files are refused unread. */
const MAX_RECIPE_BYTES = 64 * 1024 * 1024;

async function readRecipe(path: string): Promise<Recipe> {
  let text: string;
  try {
    const bytes = await readFile(path);
    if (bytes.length > MAX_RECIPE_BYTES) {
      throw new FocalError('too-large', `The recipe ${path} has ${bytes.length >> 20} MB.`, {
        hint: 'Keep large pictures beside it, and hand them over with --picture NAME=FILE.',
      });
    }
    text = bytes.toString('utf8');
  } catch (error) {
    if (error instanceof FocalError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const sentence = code === 'ENOENT' ? `There is no recipe ${path}.` : `The recipe ${path} cannot be read.`;
    throw new FocalError(code === 'ENOENT' ? 'not-found' : 'permission', sentence, {
      hint: `Looked for ${resolve(path)}.`,
      cause: error,
    });
  }
  return parseRecipe(text);
}
