import type { ExitCode } from './exit-codes.ts';
import { type LibraryClient, withLibrary } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { showText } from './show-text.ts';

/** What is printed: lines for people to read, or with `--json` a value a line. */
export interface TaskOutput {
  readonly lines: readonly string[];
  readonly values: readonly object[];
  /** Printed below the lines as it is: it may hold escapes of the terminal. */
  readonly drawing?: readonly string[];
}

/** Does one task with the library and prints what came of it. @param reads tasks that tell also with `--quiet` */
export function runLibraryTask<Task extends { readonly do: string }>(
  { task, focal, json, quiet }: LibraryRequest & { readonly task: Task },
  reads: ReadonlySet<Task['do']>,
  perform: (client: LibraryClient, task: Task) => Promise<TaskOutput>,
): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal, works: false }, async (client) => {
    const { lines, values, drawing = [] } = await perform(client, task);
    if (json) for (const value of values) process.stdout.write(`${JSON.stringify(value)}\n`);
    else if (!quiet || reads.has(task.do)) {
      for (const line of [...lines.map(showText), ...drawing]) process.stdout.write(`${line}\n`);
    }
    return 0;
  });
}
