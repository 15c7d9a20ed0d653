import {
  type Fact,
  FocalError,
  sceneProvenance,
  toErrorData,
  toMatteSize,
  toPackedMatte,
  toSceneJson,
} from '@focal/core';
import { createFocal, type Focal, type FocalOptions } from 'focal';
import { describeScene } from './describe-scene.ts';
import { type ExitCode, toExitCode } from './exit-codes.ts';
import { findInputs, type InputFile } from './inputs.ts';
import { Interruption } from './interruption.ts';
import { type Job, makeFolders, planOutputs } from './outputs.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { assertAbsent, type Failure, openInput, runInTurn } from './run-jobs.ts';

/** Everything the command line said about `focal analyze`. */
export interface AnalyzeRequest {
  readonly inputs: readonly string[];
  readonly facts: readonly Fact[];
  /** Where the photos go with what was found drawn onto them: file, folder or pattern. */
  readonly overlay?: string;
  readonly withMattes: boolean;
  readonly withVectors: boolean;
  readonly cache: boolean;
  readonly recursive: boolean;
  readonly force: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

/** A picture, and the file of its overlay where one was asked for. */
interface Look {
  readonly input: InputFile;
  readonly overlay?: Job;
}

export async function runAnalyze(request: AnalyzeRequest): Promise<ExitCode> {
  if ([...request.inputs, request.overlay].includes('')) {
    throw new FocalError('invalid-argument', 'Expected the name of a file or folder, got an empty one.');
  }
  const inputs = await findInputs(request.inputs, { recursive: request.recursive });
  const looks = await planLooks(inputs, request);
  const reporter = createReporter({ json: request.json, quiet: request.quiet, toStdout: false });
  using interruption = new Interruption(() => reporter.note('Stopping; a second Ctrl-C ends at once …'));
  await using focal = await createFocal(request.focal);
  const { signal } = interruption;
  const code = await runInTurn(looks, { reporter, signal }, (look, position) =>
    runLook(look, request, { focal, reporter, signal, position, total: looks.length }),
  );
  return code === 130 ? interruption.exitCode : code;
}

async function planLooks(inputs: readonly InputFile[], { overlay }: AnalyzeRequest): Promise<readonly Look[]> {
  if (overlay === undefined) return inputs.map((input) => ({ input }));
  if (overlay === '-') {
    throw new FocalError('invalid-argument', 'The overlay cannot go to standard output, where the findings go.', {
      hint: 'Name a file: --overlay found.png',
    });
  }
  const several = inputs.length > 1 || inputs.some((input) => input.found);
  const jobs = await planOutputs(inputs, {
    suffix: 'overlay',
    lossless: false,
    several,
    output: overlay,
  });
  await makeFolders(jobs, overlay);
  return jobs.map((job) => ({ input: job.input, overlay: job }));
}

interface LookContext {
  readonly focal: Focal;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly position: number;
  readonly total: number;
}

async function runLook({ input, overlay }: Look, request: AnalyzeRequest, context: LookContext): Promise<Failure> {
  const { focal, reporter, signal, position, total } = context;
  const started = performance.now();
  try {
    if (overlay !== undefined && !request.force) await assertAbsent(overlay.output);
    const { scene, picture, recalled, timings } = await focal.analyseFile(await openInput(input), request.facts, {
      signal,
      cache: request.cache,
      withPicture: overlay !== undefined,
      onProgress: (progress) => reporter.progress(input, progress, position, total),
    });
    if (overlay !== undefined && picture !== undefined) {
      const drawn = await focal.drawOverlay(picture, scene, { signal });
      const bytes = await focal.encode(drawn, { format: overlay.format, signal });
      await focal.saveFile(overlay.output, bytes, { force: request.force });
    }
    const { withVectors, withMattes } = request;
    const { notice } = sceneProvenance(scene);
    reporter.found(input, {
      text: describeScene(input.shown, scene),
      json: {
        ...(overlay === undefined ? {} : { overlay: overlay.output }),
        scene: toSceneJson(scene, { withVectors, matte: withMattes ? toPackedMatte : toMatteSize }),
        recalled,
        ms: Math.round(performance.now() - started),
        timings,
      },
      ...(notice === undefined ? {} : { notice }),
    });
    return undefined;
  } catch (error) {
    const { code } = toErrorData(error);
    if (code !== 'aborted') reporter.failed(input, error);
    return { code: toExitCode(code) };
  }
}
