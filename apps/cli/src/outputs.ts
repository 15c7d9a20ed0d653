import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FocalError } from '@focal/core';
import type { OutputFormat } from 'focal';
import type { InputFile } from './inputs.ts';

/** One picture and the file it becomes. */
export interface Job {
  readonly input: InputFile;
  /** Absolute path; `-` for standard output. */
  readonly output: string;
  readonly format: OutputFormat;
  /** Which of several results of the picture this is. */
  readonly variant?: string;
}

export interface OutputRules {
  /** The `-o` of the command line. */
  readonly output?: string;
  /** The `--format` of the command line. */
  readonly format?: OutputFormat;
  /** What the result is, for names made up by us: `photo-cutout.png`. */
  readonly suffix: string;
  /** The result may have transparency or is a mask: PNG rather than the input's own format. */
  readonly lossless: boolean;
  /** Whether several results may come: a folder was given, or more than one file. */
  readonly several: boolean;
  readonly folder?: string;
  /** What tells several results of one picture apart, in their names: `photo-1x1.jpg`, and `{aspect}` in patterns. */
  readonly variants?: readonly string[];
}

const FORMAT_OF_EXTENSION: Readonly<Record<string, OutputFormat>> = {
  '.png': 'png',
  '.webp': 'webp',
  '.avif': 'avif',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};

/**
 * Where each picture goes, decided before any work is done. Pictures that are results of others in the same run are
 * left out when they were only found in a folder. Throws `invalid-argument` when two would become one file, when a
 * result would be written over an input, or when `-o` and the number of pictures do not fit.
 */
export async function planOutputs(inputs: readonly InputFile[], rules: OutputRules): Promise<readonly Job[]> {
  const place = await choosePlace(rules);
  const jobs = inputs.flatMap((input): readonly Job[] => {
    const format = chooseFormat(input, rules);
    if (rules.variants === undefined) return [{ input, format, output: place(input, format) }];
    return rules.variants.map((variant) => ({ input, format, variant, output: place(input, format, variant) }));
  });
  const outputs = new Set(jobs.map((job) => toKey(job.output)));
  const wanted = jobs.filter(({ input }) => !input.found || !outputs.has(toKey(input.path)));
  assertDistinct(wanted);
  await assertNotOwnInput(wanted);
  return wanted;
}

/** Makes the folders of results where the user named a folder or a pattern; the folder of one named file must be there. */
export async function makeFolders(jobs: readonly Job[], output: string | undefined): Promise<void> {
  if (output === undefined || output === '-') return;
  const isOneFile = jobs.length === 1 && jobs[0]?.output === resolve(output);
  if (isOneFile) return;
  for (const folder of new Set(jobs.map((job) => dirname(job.output)))) {
    await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      const code = error.code === 'ENOSPC' ? 'no-space' : 'permission';
      throw new FocalError(code, `The folder ${folder} cannot be made: ${error.message}.`, { cause: error });
    });
  }
}

type Place = (input: InputFile, format: OutputFormat, variant?: string) => string;

async function choosePlace(rules: OutputRules): Promise<Place> {
  const { output, suffix, folder = process.cwd(), several } = rules;
  if (output === undefined) {
    return (input, format, variant = suffix) =>
      input.path === '-' ? '-' : join(dirname(input.path), `${nameOf(input)}-${variant}.${toExtension(format)}`);
  }
  if (output === '-') {
    if (several) {
      throw new FocalError('invalid-argument', 'Several pictures cannot go to standard output (-o -).', {
        hint: `Give a folder (-o out/) or a pattern (-o '{name}-${suffix}.{ext}').`,
      });
    }
    return () => '-';
  }
  if (output.includes('{')) return toPattern(output, rules);
  const path = resolve(folder, output);
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder || /[/\\]$/.test(output) || (extname(output) === '' && rules.format === undefined)) {
    return (input, format, variant) => {
      const name = variant === undefined ? nameOf(input) : `${nameOf(input)}-${variant}`;
      return join(path, input.folder, `${name}.${toExtension(format)}`);
    };
  }
  if (several) {
    throw new FocalError('invalid-argument', `Several pictures cannot all become ${output}.`, {
      hint: `Give a folder (-o ${withoutExtension(output)}/) or a pattern (-o '{name}-${suffix}.{ext}').`,
    });
  }
  assertExtension(output, rules);
  return () => path;
}

function toPattern(output: string, rules: OutputRules): Place {
  const { suffix, folder = process.cwd() } = rules;
  const placeholders = placeholdersOf(rules);
  const hint = `Placeholders are ${placeholders.map((name) => `{${name}}`).join(', ')}.`;
  if (output.replaceAll(/\{\w*\}/g, '').includes('{')) {
    throw new FocalError('invalid-argument', `The pattern ${output} has a { without its }.`, { hint });
  }
  const unknown = [...output.matchAll(/\{(\w*)\}/g)]
    .map((match) => match[1])
    .find((name) => !placeholders.some((each) => each === name));
  if (unknown !== undefined) {
    throw new FocalError('invalid-argument', `The pattern ${output} has the unknown placeholder {${unknown}}.`, {
      hint,
    });
  }
  if (!output.endsWith('.{ext}')) assertExtension(output, rules);
  return (input, format, variant = suffix) => {
    const values = {
      name: nameOf(input),
      folder: input.folder || '.',
      effect: suffix,
      aspect: variant,
      ext: toExtension(format),
    };
    return resolve(
      folder,
      output.replace(/\{(name|folder|effect|aspect|ext)\}/g, (_, key: keyof typeof values) => values[key]),
    );
  };
}

function placeholdersOf({ variants }: OutputRules): readonly string[] {
  return variants === undefined ? ['name', 'folder', 'effect', 'ext'] : ['name', 'folder', 'aspect', 'effect', 'ext'];
}

function chooseFormat(input: InputFile, rules: OutputRules): OutputFormat {
  if (rules.format !== undefined) return rules.format;
  const asked = FORMAT_OF_EXTENSION[extname(rules.output ?? '').toLowerCase()];
  if (asked !== undefined) return asked;
  if (rules.lossless) return 'png';
  const extension = extname(input.path).toLowerCase();
  if (extension === '.gif') return 'png';
  return FORMAT_OF_EXTENSION[extension] ?? 'jpeg';
}

/** The name has to end in a format that Focal writes, or `--format` to say one; not in two minds. */
function assertExtension(output: string, { format: asked }: OutputRules): void {
  const named = FORMAT_OF_EXTENSION[extname(output).toLowerCase()];
  if (named !== undefined && asked !== undefined && named !== asked) {
    throw new FocalError('invalid-argument', `--format ${asked} contradicts the name ${basename(output)}.`, {
      hint: 'Leave --format out, or end the name as the format does.',
    });
  }
  if (named !== undefined || asked !== undefined) return;
  throw new FocalError('unsupported-format', `Focal does not write files like ${basename(output)}.`, {
    hint: `End the name in one of ${Object.keys(FORMAT_OF_EXTENSION).join(', ')}, or give --format.`,
  });
}

function assertDistinct(jobs: readonly Job[]): void {
  const byOutput = new Map<string, Job>();
  for (const job of jobs) {
    const other = byOutput.get(toKey(job.output));
    if (other !== undefined && other.input === job.input) {
      throw new FocalError('invalid-argument', `Several results of ${job.input.shown} would become ${job.output}.`, {
        hint: "Nothing was done. Give a folder (-o out/) or a pattern that tells them apart: '{name}-{aspect}.{ext}'.",
      });
    }
    if (other !== undefined) {
      throw new FocalError(
        'invalid-argument',
        `${other.input.shown} and ${job.input.shown} would both become ${job.output}.`,
        { hint: "Nothing was done. Give a pattern that tells them apart, such as -o 'out/{folder}/{name}.{ext}'." },
      );
    }
    byOutput.set(toKey(job.output), job);
  }
}

/** Also through links: compared by the file itself, not by its name. */
async function assertNotOwnInput(jobs: readonly Job[]): Promise<void> {
  const inputs = new Map<string, string>();
  for (const { input } of jobs) {
    if (input.path === '-') continue;
    const stats = await stat(input.path, { bigint: true }).catch(() => undefined);
    if (stats !== undefined) inputs.set(`${stats.dev}:${stats.ino}`, input.shown);
    inputs.set(toKey(input.path), input.shown);
  }
  for (const { output } of jobs) {
    if (output === '-') continue;
    const stats = await stat(output, { bigint: true }).catch(() => undefined);
    const input = inputs.get(stats === undefined ? toKey(output) : `${stats.dev}:${stats.ino}`);
    if (input !== undefined) {
      throw new FocalError('invalid-argument', `The result would be written over the original ${input}.`, {
        hint: 'Focal never changes originals, also not with --force. Give another name or folder with -o.',
      });
    }
  }
}

/** Paths as the file system compares them. */
function toKey(path: string): string {
  const isCaseBlind = process.platform === 'darwin' || process.platform === 'win32';
  return isCaseBlind ? path.toLowerCase() : path;
}

function toExtension(format: OutputFormat): string {
  return format === 'jpeg' ? 'jpg' : format;
}

function nameOf(input: InputFile): string {
  return input.path === '-' ? 'picture' : basename(input.path, extname(input.path));
}

function withoutExtension(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}
