import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FocalError } from '@focal/core';
import { createServedFiles, type Library, type LibraryProgress } from '@focal/library';
import { createFocal } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { Interruption } from './interruption.ts';
import { openOwnLibrary } from './library-client.ts';
import type { WorkerRequest } from './library-program.ts';
import { ProgressLine } from './progress-line.ts';

/** How often it is asked how far the work is. */
const ASK_MS = 500;
/** Between lines of JSON. */
const TELL_MS = 5000;

/**
 * `focal worker`: works through the queue of a library that others serve. Ctrl-C puts back what is in hand, and what a
 * worker had in hand that was killed goes to another one at once.
 */
export async function runWorker(request: WorkerRequest): Promise<ExitCode> {
  if (!process.env.DATABASE_URL) {
    throw new FocalError('invalid-argument', 'Expected the address of a PostgreSQL server in DATABASE_URL.', {
      hint: 'A library in a folder has one process that works: focal serve, or focal library add.',
    });
  }
  const { json, quiet } = request;
  const token = request.token ?? (process.env.FOCAL_TOKEN || undefined);
  const folder = request.from === undefined ? undefined : await mkdtemp(join(tmpdir(), 'focal-worker-'));
  const line = new ProgressLine(process.stderr, !quiet && !json);
  let lastError = '';
  const onError = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    // The same again and again, such as of a server that is away, is told once.
    if (text === lastError) return;
    lastError = text;
    line.clear();
    if (json) process.stdout.write(`${JSON.stringify({ type: 'error', message: text })}\n`);
    else process.stderr.write(`${text}\n`);
  };
  using interruption = new Interruption(() => {
    line.clear();
    if (!quiet && !json) process.stderr.write('Stopping: what is in hand is put back …\n');
  });
  try {
    await using focal = await createFocal({ ...request.focal, priority: 'low' });
    await using library = await openOwnLibrary(focal, {
      works: true,
      scans: false,
      onError,
      ...(request.from !== undefined &&
        folder !== undefined && { indexFiles: createServedFiles({ url: checkUrl(request.from), token, folder }) }),
    });
    if (request.from === undefined) await assertReachable(library);
    return await follow(library, request, line, interruption);
  } finally {
    line.clear();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function follow(
  library: Library,
  { json, untilEmpty }: WorkerRequest,
  line: ProgressLine,
  interruption: Interruption,
): Promise<ExitCode> {
  const { signal } = interruption;
  let told = 0;
  let isDone = false;
  if (untilEmpty) void library.idle().then(() => (isDone = true));
  for (let most = 0; !signal.aborted && !isDone; ) {
    const state = await library.progress();
    const left = countJobs(state);
    most = left === 0 ? 0 : Math.max(most, left);
    if (left === 0) line.draw(1, 'Nothing waits. Ctrl-C stops.');
    else line.draw(1 - left / most, `${left} steps wait`);
    if (json && Date.now() - told >= TELL_MS) {
      told = Date.now();
      process.stdout.write(`${JSON.stringify({ type: 'state', waiting: left, done: library.jobsDone() })}\n`);
    }
    await delay(ASK_MS, undefined, { signal }).catch(() => undefined);
  }
  line.clear();
  const done = library.jobsDone();
  if (json) process.stdout.write(`${JSON.stringify({ type: 'end', done })}\n`);
  // Without an end of its own it is done when it is told to stop.
  return signal.aborted && untilEmpty ? interruption.exitCode : 0;
}

function countJobs({ jobs: { thumbnails, scene } }: LibraryProgress): number {
  return thumbnails.waiting + thumbnails.running + scene.waiting + scene.running;
}

/** Throws `not-found` where no folder of the library is at its path here. */
async function assertReachable(library: Library): Promise<void> {
  const folders = await library.folders.list();
  const isThere = await Promise.all(
    folders.map(async ({ path }) => (await stat(path).catch(() => undefined)) !== undefined),
  );
  if (folders.length === 0 || isThere.includes(true)) return;
  throw new FocalError(
    'not-found',
    `The folders of the library are not here: ${folders.map(({ path }) => path).join(', ')}.`,
    {
      hint: 'Mount them at these paths, or name a focal serve that hands files out with --from.',
    },
  );
}

function checkUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).href;
  throw new FocalError(
    'invalid-argument',
    `Expected an address such as http://photos.lan:4600 for --from, got ${text}.`,
  );
}
