import { FocalError, toErrorData } from '@focal/core';
import { createFocal, type Focal, type FocalOptions, type ModelStatus } from 'focal';
import { type ExitCode, toExitCode } from './exit-codes.ts';
import { Interruption } from './interruption.ts';
import { formatTable } from './models-command.ts';
import { ProgressLine } from './progress-line.ts';
import { formatBytes, formatError } from './reporter.ts';

export interface PullRequest {
  readonly names: readonly string[];
  /** A mirror. */
  readonly from?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

/** `focal models pull`: shows where each model comes from, how large it is and its licence, then downloads it. */
export async function runPull(request: PullRequest): Promise<ExitCode> {
  const { names, json, quiet } = request;
  await using focal = await createFocal(request.focal);
  const models = await findModels(focal, names);
  using interruption = new Interruption(() => undefined);
  const failures: ExitCode[] = [];
  for (const model of models) {
    if (json) print({ type: 'model', ...model, source: request.from ?? model.source });
    else if (!quiet) process.stderr.write(describe(model, request.from));
    try {
      await pullOne(focal, model, request, interruption.signal);
    } catch (error) {
      const data = toErrorData(error);
      if (json) print({ type: 'pull', ok: false, id: model.id, error: data });
      if (interruption.signal.aborted) {
        if (!json)
          process.stderr.write(`Stopped. What has come is kept: focal models pull ${model.id} goes on there.\n`);
        return interruption.exitCode;
      }
      if (!json) process.stderr.write(`${model.id}: ${formatError(data)}\n`);
      failures.push(toExitCode(data.code));
    }
  }
  return (models.length === 1 ? failures[0] : failures.length > 0 ? 1 : 0) ?? 0;
}

/** `focal models rm`: deletes downloaded models. */
export async function runRemove({ names, json, quiet, focal: options }: PullRequest): Promise<ExitCode> {
  await using focal = await createFocal(options);
  for (const { id } of await findModels(focal, names)) {
    const removed = await focal.removeModel(id);
    if (json) print({ type: 'remove', id, removed });
    else if (!quiet) process.stdout.write(`${id} ${removed ? 'is deleted.' : 'was not here.'}\n`);
  }
  return 0;
}

async function pullOne(
  focal: Focal,
  { id }: ModelStatus,
  { json, quiet, from }: PullRequest,
  signal: AbortSignal,
): Promise<void> {
  const line = new ProgressLine(process.stderr, !quiet && !json);
  try {
    const pulled = await focal.pullModel(id, {
      signal,
      onProgress: ({ receivedBytes, totalBytes }) => {
        line.draw(receivedBytes / totalBytes, `${id}  ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`);
      },
      ...(from === undefined ? {} : { from }),
    });
    line.clear();
    if (json) print({ type: 'pull', ok: true, ...pulled });
    else if (!quiet) process.stdout.write(`${id} ${pulled.outcome === 'present' ? 'is here already.' : 'is ready.'}\n`);
  } finally {
    line.clear();
  }
}

/** Each once, in the order named. Throws `not-found` before anything is done. */
async function findModels(focal: Focal, names: readonly string[]): Promise<readonly ModelStatus[]> {
  const models = await focal.models();
  return [...new Set(names)].map((name) => {
    const model = models.find(({ id }) => id === name);
    if (model !== undefined) return model;
    throw new FocalError('not-found', `There is no model ${name}.`, { hint: 'focal models lists those there are.' });
  });
}

function describe({ id, title, source, bytes, licence, origin }: ModelStatus, from: string | undefined): string {
  const facts = formatTable([
    ['  from', from === undefined ? source : `${from} (instead of ${source})`],
    ['  size', formatBytes(bytes)],
    ['  licence', licence],
    ['  by', origin],
  ]);
  return `${id}: ${title}\n${facts}`;
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
