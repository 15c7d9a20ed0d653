import { readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { wholeNumber } from './option-values.ts';
import type { Job } from './outputs.ts';

/** How many pictures are worked on, and in which way. */
export interface Batch {
  /** Pictures in the works at once. */
  readonly jobs?: number;
  /** Results that are there are left as they are: what an interrupted run did is not done again. */
  readonly resume: boolean;
  /** Only tell what would be done. */
  readonly dryRun: boolean;
  /** Keep what was done beside each result, to be done again with `focal render`. */
  readonly saveRecipe: boolean;
}

export interface BatchValues {
  readonly jobs?: number;
  readonly resume?: boolean;
  readonly dryRun?: boolean;
  readonly saveRecipe?: boolean;
}

/** The options of every command that makes one result of each picture. */
export function addBatchOptions(command: Command): Command {
  return command
    .option('--jobs <number>', 'pictures in the works at once, 1 to 8 (default 2)', wholeNumber(1, 8))
    .option('--resume', 'go on with an interrupted run: results that are there are left as they are')
    .option('--save-recipe', 'write what was done beside each result too, as a recipe for focal render')
    .option('--dry-run', 'only tell what would become what');
}

/** Throws through `command.error` where they contradict each other. */
export function toBatch(
  { jobs, resume = false, dryRun = false, saveRecipe = false }: BatchValues,
  command: Command,
  force: boolean,
): Batch {
  if (resume && force) command.error('error: --resume leaves results as they are, --force writes over them: give one.');
  return { resume, dryRun, saveRecipe, ...(jobs === undefined ? {} : { jobs }) };
}

/** Tells what would become what, and changes nothing. */
export function tellPlan(jobs: readonly Job[], json: boolean): void {
  for (const { input, output, format } of jobs) {
    const line = json
      ? JSON.stringify({ type: 'plan', input: input.path, output, format })
      : `${input.shown} → ${output === '-' ? 'standard output' : relative('', output) || output}`;
    process.stdout.write(`${line}\n`);
  }
}

/** `out/photo-cutout.png` → `out/photo-cutout.recipe.json`. */
export function recipePath(output: string): string {
  return `${output.slice(0, output.length - extname(output).length)}.recipe.json`;
}

/** A temporary file of ours is younger than this where its run may still be at work. */
const SETTLED_MS = 60_000;

/** Deletes what a run that was killed had begun to write for these results. */
export async function removeLeftovers(jobs: readonly Job[]): Promise<void> {
  const names = new Map<string, Set<string>>();
  for (const { output } of jobs) {
    if (output === '-') continue;
    const folder = dirname(output);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(output)));
  }
  for (const [folder, wanted] of names) {
    for (const file of await readdir(folder).catch(() => [])) {
      const name = /^\.(.+)\.[0-9a-f]{12}\.part$/.exec(file)?.[1];
      if (name === undefined || !wanted.has(name)) continue;
      const path = join(folder, file);
      const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
      if (age > SETTLED_MS) await unlink(path).catch(() => undefined);
    }
  }
}
