import { createFocal, type FocalOptions, type ModelStatus } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { formatBytes } from './reporter.ts';
import { showText } from './show-text.ts';

/** `focal models`: what is installed, under which licence, and what is missing. */
export async function runModels(options: FocalOptions, json: boolean): Promise<ExitCode> {
  await using focal = await createFocal(options);
  const models = await focal.models();
  process.stdout.write(json ? `${JSON.stringify(models)}\n` : formatModels(models));
  return 0;
}

/** The models as a table, and below it what to do about missing ones. */
export function formatModels(models: readonly ModelStatus[]): string {
  const rows = [
    ['model', 'task', 'size', 'licence', 'state', 'what'],
    ...models.map(({ id, task, bytes, licence, state, title }) => [
      id,
      task,
      formatBytes(bytes),
      licence,
      state === 'available' ? 'available (pull)' : state,
      title,
    ]),
  ];
  const lines = models
    .filter((model) => model.state === 'missing')
    .map((model) => `${model.id} is missing. ${model.hint ?? ''}`.trimEnd());
  const available = models.filter((model) => model.state === 'available').map((model) => model.id);
  if (available.length > 0) lines.push(`To download what is available: focal models pull ${available.join(' ')}`);
  return `${formatTable(rows)}${lines.map((line) => `${line}\n`).join('')}`;
}

/** The lines of {@link toTableLines}, each with its end. */
export function formatTable(table: readonly (readonly string[])[]): string {
  return toTableLines(table)
    .map((line) => `${line}\n`)
    .join('');
}

/** Columns as wide as their widest cell, two spaces between them; each row is one line, whatever is in its cells. */
export function toTableLines(table: readonly (readonly string[])[]): readonly string[] {
  const rows = table.map((row) => row.map(showText));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
