import { relative } from 'node:path';
import { type ErrorData, toErrorData } from '@focal/core';
import type { Edited, Progress } from 'focal';
import { describeReport } from './describe-report.ts';
import type { InputFile } from './inputs.ts';
import type { Job } from './outputs.ts';
import { ProgressLine } from './progress-line.ts';
import type { Told } from './run-jobs.ts';

/** How a run ended, for the summary and the exit code. */
export interface Tally {
  /** Pictures to do; what came in so far when watching. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly interrupted: boolean;
  readonly ms: number;
}

/** Tells the user what happens. Results go to stdout, everything else to stderr. */
export interface Reporter {
  progress(input: InputFile, progress: Progress, position: number, total: number): void;
  done(job: Job, edited: Edited, ms: number, more: Omit<Told, 'edited'>): void;
  /** The result was there before. */
  skipped(job: Job): void;
  /** What was found out: lines for people, or members of the file's JSON. */
  found(input: InputFile, found: { readonly text?: string; readonly json: object; readonly notice?: string }): void;
  failed(input: InputFile, error: unknown): void;
  /** A sentence that is neither result nor error. */
  note(text: string): void;
  summary(tally: Tally): void;
}

export interface ReporterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** The picture itself goes to stdout, so nothing else may. */
  readonly toStdout: boolean;
}

/** The reporter for these options: JSON lines, or text with a progress bar where stderr is a terminal. */
export function createReporter(options: ReporterOptions): Reporter {
  return options.json ? createJsonReporter() : createTextReporter(options);
}

const STAGES: Readonly<Record<Progress['stage'], string>> = {
  read: 'reading',
  model: 'loading the model',
  analyse: 'finding the subject',
  render: 'rendering',
  encode: 'writing',
};

function createTextReporter({ quiet, toStdout }: ReporterOptions): Reporter {
  const line = new ProgressLine(process.stderr, !quiet);
  const isTerminal = process.stderr.isTTY === true;
  /** How far each picture in the works is, by its place. */
  const shares = new Map<number, number>();
  const told = new Set<string>();
  const say = (text: string): void => {
    line.clear();
    process.stderr.write(`${text}\n`);
  };
  const tellOnce = (notice: string | undefined): void => {
    if (notice === undefined || quiet || told.has(notice)) return;
    told.add(notice);
    say(`Note: ${notice}`);
  };
  return {
    progress(input, { stage, done }, position, total) {
      const of = total > 1 ? `${position + 1} of ${total}  ` : '';
      shares.set(position, done);
      const sum = [...shares.values()].reduce((all, share) => all + share, 0);
      line.draw(Math.max(sum, shares.size - 1) / total, `${of}${input.shown}  ${STAGES[stage]}`);
    },
    found(_, { text, notice }) {
      line.clear();
      tellOnce(notice);
      if (!toStdout && text !== undefined) process.stdout.write(`${text}\n`);
    },
    done(job, edited, ms, { text: lines }) {
      line.clear();
      tellOnce(edited.provenance.notice);
      if (!quiet) for (const warning of edited.warnings) say(`${job.input.shown}: ${warning}`);
      if (!quiet) for (const sentence of edited.reports.flatMap(describeReport)) say(`${job.input.shown}: ${sentence}`);
      if (!quiet) for (const sentence of lines) say(`${job.input.shown}: ${sentence}`);
      if (quiet || toStdout) return;
      // A person sees what became what; a program reading us gets the path alone.
      const text = process.stdout.isTTY
        ? `${job.input.shown} → ${relative('', job.output)}  ${edited.width} × ${edited.height}, ${formatBytes(edited.bytes.length)}, ${formatMs(ms)}`
        : job.output;
      process.stdout.write(`${text}\n`);
    },
    skipped(job) {
      line.clear();
      if (!quiet) say(`${job.input.shown}: ${relative('', job.output)} is there already.`);
    },
    failed(input, error) {
      say(`${input.shown}: ${formatError(toErrorData(error))}`);
    },
    note(text) {
      if (!quiet) say(text);
    },
    summary({ total, done, failed, interrupted, ms }) {
      line.clear();
      if (interrupted) {
        say(`Stopped: ${done} of ${total} done, ${failed} failed, ${total - done - failed} not begun or not finished.`);
      } else if (failed > 0 && total > 1) {
        say(`${done} of ${total} done, ${failed} failed.`);
      } else if (total > 1 && isTerminal && !quiet) {
        say(`${done} of ${total} done in ${formatMs(ms)}.`);
      }
    },
  };
}

function createJsonReporter(): Reporter {
  const print = (value: object): void => {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  return {
    progress() {},
    done(job, edited, ms, { json }) {
      const { format, width, height, bytes, device, timings, provenance, warnings, reports } = edited;
      print({
        type: 'file',
        ok: true,
        input: job.input.path,
        output: job.output,
        format,
        width,
        height,
        bytes: bytes.length,
        device,
        models: provenance.models,
        ...(provenance.notice === undefined ? {} : { notice: provenance.notice }),
        ...(warnings.length === 0 ? {} : { warnings }),
        ...(reports.length === 0 ? {} : { reports }),
        ...json,
        ms: Math.round(ms),
        timings,
      });
    },
    found(input, { json }) {
      print({ type: 'file', ok: true, input: input.path, ...json });
    },
    skipped(job) {
      print({ type: 'file', ok: true, skipped: true, input: job.input.path, output: job.output });
    },
    failed(input, error) {
      print({ type: 'file', ok: false, input: input.path, error: toErrorData(error) });
    },
    note() {},
    summary(tally) {
      print({ type: 'summary', ...tally, ms: Math.round(tally.ms) });
    },
  };
}

/** `message`, and the hint on a line of its own. */
export function formatError(error: ErrorData): string {
  return error.hint === undefined ? error.message : `${error.message}\n  ${error.hint}`;
}

/** `3.4 MB` */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
