import { FocalError, type Matte, type Picture, type Scene, toErrorData } from '@focal/core';
import { createFocal, type Focal, type Progress } from 'focal';
import { type ExitCode, toExitCode } from './exit-codes.ts';
import { assertNamed, findInputs, type InputFile } from './inputs.ts';
import { Interruption } from './interruption.ts';
import { type Job, makeFolders, type OutputRules, planOutputs } from './outputs.ts';
import type { PictureRequest } from './picture-options.ts';
import { assertQuality, isLossy } from './quality.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { assertAbsent, type Failure, openInput, runInTurn } from './run-jobs.ts';
import { goesToStandardOutput, writeStandardOutput } from './standard-streams.ts';

/** What every command is told that makes pictures of what is found in photos. */
export interface ResultRequest extends PictureRequest {
  readonly cache: boolean;
}

/** A photo with all files that are to come of it. */
export interface SceneJob {
  readonly input: InputFile;
  readonly jobs: readonly Job[];
}

/** What the work on one photo is given. */
export interface SceneWork {
  readonly focal: Focal;
  readonly signal: AbortSignal;
  /** Path, or the bytes that came from standard input. */
  readonly photo: string | Uint8Array;
  readonly onProgress: (progress: Progress) => void;
  /** Encodes and writes; gives the size of the file in bytes. */
  readonly save: (image: Picture | Matte, job: Job) => Promise<number>;
}

type Finding = Parameters<Reporter['found']>[1];
type Perform = (job: SceneJob, work: SceneWork) => Promise<Finding>;

/**
 * Plans all results before any work, then makes those of one photo after the other. One that fails is told, and the
 * rest goes on. `perform` gives what is said of a photo; time and the kind of line are added.
 */
export async function runSceneResults(
  request: ResultRequest,
  rules: Pick<OutputRules, 'suffix' | 'lossless' | 'variants'>,
  perform: Perform,
): Promise<ExitCode> {
  const { output, format, quality } = request;
  assertNamed([...request.inputs, output]);
  const toStdout = goesToStandardOutput(request);
  const inputs = await findInputs(request.inputs, { recursive: request.recursive });
  const results = inputs.length * (rules.variants?.length ?? 1);
  const jobs = await planOutputs(inputs, {
    ...rules,
    several: results > 1 || inputs.some((input) => input.found),
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format }),
  });
  assertQuality(quality, jobs);
  await makeFolders(jobs, output);
  const work = inputs
    .map((input) => ({ input, jobs: jobs.filter((job) => job.input === input) }))
    .filter((job) => job.jobs.length > 0);

  const reporter = createReporter({ json: request.json, quiet: request.quiet, toStdout });
  using interruption = new Interruption(() => reporter.note('Stopping; a second Ctrl-C ends at once …'));
  await using focal = await createFocal(request.focal);
  const { signal } = interruption;
  const code = await runInTurn(work, { reporter, signal }, (job, position) =>
    runSceneJob(job, request, perform, { focal, reporter, signal, position, total: work.length }),
  );
  return code === 130 ? interruption.exitCode : code;
}

interface SceneJobContext {
  readonly focal: Focal;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly position: number;
  readonly total: number;
}

async function runSceneJob(
  job: SceneJob,
  { force, quality, metadata }: ResultRequest,
  perform: Perform,
  { focal, reporter, signal, position, total }: SceneJobContext,
): Promise<Failure> {
  const started = performance.now();
  const { input } = job;
  try {
    for (const { output } of job.jobs) if (!force && output !== '-') await assertAbsent(output);
    const photo = await openInput(input);
    const { json, ...said } = await perform(job, {
      focal,
      signal,
      photo,
      onProgress: (progress) => reporter.progress(input, progress, position, total),
      save: async (image, { output, format }) => {
        const bytes = await focal.encode(image, {
          format,
          signal,
          ...(quality !== undefined && isLossy(format) && { quality }),
          // A mask is no photo.
          ...('colorSpace' in image && { metadata, of: photo }),
        });
        if (output === '-') await writeStandardOutput(bytes);
        else await focal.saveFile(output, bytes, { force });
        return bytes.length;
      },
    });
    reporter.found(input, { ...said, json: { ...json, ms: Math.round(performance.now() - started) } });
    return undefined;
  } catch (error) {
    const { code } = toErrorData(error);
    if (code !== 'aborted') reporter.failed(input, error);
    return { code: toExitCode(code) };
  }
}

/** The scene's saliency and the picture, both of which were asked for. */
export function expectSaliency(scene: Scene): NonNullable<Scene['saliency']> {
  if (scene.saliency === undefined) throw new FocalError('internal', 'There is no saliency.');
  return scene.saliency;
}

export function expectPicture(picture: Picture | undefined): Picture {
  if (picture === undefined) throw new FocalError('internal', 'There is no picture.');
  return picture;
}
