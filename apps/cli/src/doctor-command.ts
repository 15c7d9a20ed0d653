import { constants, existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { createPicture, type ErrorData, toErrorData } from '@focal/core';
import { type About, createFocal, type DeviceReport, type Focal, type FocalOptions, type ModelStatus } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { formatModels, formatTable } from './models-command.ts';
import { findUnusable, removeUnusable } from './other-platforms.ts';
import { formatBytes, formatError } from './reporter.ts';

export interface DoctorRequest {
  readonly focal: FocalOptions;
  readonly json: boolean;
  readonly prune: boolean;
  readonly dryRun: boolean;
}

/** What Focal found out about this machine and itself. */
export interface Diagnosis {
  readonly about: About;
  readonly processor: string;
  readonly totalMemoryBytes: number;
  readonly device?: DeviceReport;
  readonly models: readonly ModelStatus[];
  /** Milliseconds that a first small picture took from bytes to bytes. */
  readonly testPictureMs?: number;
  readonly problems: readonly Problem[];
}

/** What is wrong, and how to mend it. */
export interface Problem {
  readonly what: string;
  readonly mend?: string;
}

const MIN_FREE_MEMORY = 1.5e9;
const MIN_FREE_DISK = 1e9;

/** `focal doctor`: exit code 1 where something is to be mended. */
export async function runDoctor({ focal: options, json, prune, dryRun }: DoctorRequest): Promise<ExitCode> {
  if (prune) return runPrune(dryRun, json);
  const diagnosis = await diagnose(options);
  process.stdout.write(json ? `${JSON.stringify(diagnosis)}\n` : formatDiagnosis(diagnosis));
  return diagnosis.problems.length > 0 ? 1 : 0;
}

async function diagnose(options: FocalOptions): Promise<Diagnosis> {
  const problems: Problem[] = [];
  const report = (error: ErrorData): undefined => {
    problems.push({ what: error.message, ...(error.hint === undefined ? {} : { mend: error.hint }) });
  };
  await using focal = await createFocal(options);
  const models = await focal.models().catch((error: unknown) => report(toErrorData(error)) ?? []);
  const device = await focal.device().catch((error: unknown) => report(toErrorData(error)));
  const testPictureMs =
    device === undefined ? undefined : await tryPicture(focal).catch((error: unknown) => report(toErrorData(error)));
  for (const model of models) {
    if (model.state !== 'missing') continue;
    problems.push({
      what: `The model ${model.id} (${model.title}) is missing.`,
      ...(model.hint === undefined ? {} : { mend: model.hint }),
    });
  }
  const about = await focal.about();
  if (about.freeMemoryBytes < MIN_FREE_MEMORY) {
    problems.push({
      what: `Only ${formatBytes(about.freeMemoryBytes)} of memory are free.`,
      mend: 'Close other programs, or use --profile low-memory.',
    });
  }
  problems.push(...(await checkFolder(about.cacheFolder)));
  return {
    about,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    totalMemoryBytes: totalmem(),
    ...(device === undefined ? {} : { device }),
    models,
    ...(testPictureMs === undefined ? {} : { testPictureMs }),
    problems,
  };
}

/** Decoding, model, effect and encoding, once through with a small picture. */
async function tryPicture(focal: Focal): Promise<number> {
  const picture = createPicture(64, 48);
  for (let index = 0; index < picture.data.length; index += 4) {
    picture.data.set([index % 251, (index * 7) % 253, 128, 255], index);
  }
  const started = performance.now();
  await focal.edit(await focal.encode(picture, { format: 'png' }), 'cutout', { format: 'png' });
  return Math.round(performance.now() - started);
}

/** Whether the cache can be written and its disk has room. */
async function checkFolder(folder: string): Promise<readonly Problem[]> {
  let path = folder;
  // Not made yet: what counts is the folder it will be made in.
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  const writable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) {
    return [{ what: `${path} cannot be written.`, mend: 'Set FOCAL_HOME to a folder of yours, or mend its rights.' }];
  }
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize >= MIN_FREE_DISK) return [];
  return [{ what: `Only ${formatBytes(bavail * bsize)} are free on the disk of ${folder}.`, mend: 'Make room there.' }];
}

function formatDiagnosis(diagnosis: Diagnosis): string {
  const { about, device, problems } = diagnosis;
  const rows = [
    ...Object.entries(about.versions),
    ['system', about.platform],
    ['processor', `${diagnosis.processor}, ${about.cores} cores`],
    ['memory', `${formatBytes(diagnosis.totalMemoryBytes)}, ${formatBytes(about.freeMemoryBytes)} free`],
    ['device', device === undefined ? 'none works' : `${device.device}, ${device.threads} threads`],
    ...(device?.tried ?? []).map((each) => ['', `not ${each.device}: ${each.reason}`]),
    ['profile', about.profile],
    ['cache', about.cacheFolder],
    ['test picture', diagnosis.testPictureMs === undefined ? 'failed' : `done in ${diagnosis.testPictureMs} ms`],
  ];
  const found =
    problems.length === 0
      ? 'Nothing to mend.\n'
      : problems.map(({ what, mend }) => `To mend: ${formatError(toProblemError(what, mend))}\n`).join('');
  return `${formatTable(rows)}\n${formatModels(diagnosis.models)}\n${found}`;
}

function toProblemError(message: string, hint: string | undefined): ErrorData {
  return { code: 'internal', message, ...(hint === undefined ? {} : { hint }) };
}

async function runPrune(dryRun: boolean, json: boolean): Promise<ExitCode> {
  const found = await findUnusable();
  if (!dryRun) await removeUnusable(found);
  const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
  if (json) {
    process.stdout.write(`${JSON.stringify({ type: 'prune', dryRun, bytes, removed: found })}\n`);
    return 0;
  }
  for (const each of found) process.stdout.write(`${formatBytes(each.bytes).padStart(8)}  ${each.path}\n`);
  const verb = dryRun ? 'would be freed' : 'freed';
  process.stdout.write(
    found.length === 0 ? 'Nothing for other platforms is here.\n' : `${formatBytes(bytes)} ${verb}.\n`,
  );
  return 0;
}
