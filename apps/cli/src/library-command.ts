import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FocalError } from '@focal/core';
import type { BadFile, LibraryFolder, LibraryProgress } from '@focal/library';
import type { ExitCode } from './exit-codes.ts';
import { Interruption } from './interruption.ts';
import { type LibraryClient, withLibrary } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { formatTable } from './models-command.ts';
import { ProgressLine } from './progress-line.ts';
import { showText } from './show-text.ts';

/** How often it is asked how far the work is. */
const ASK_MS = 250;
const PAGE = 500;

/** `focal library`: its folders, how much is in them, and what waits. */
export async function runLibraryStatus(request: LibraryRequest): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: false }, async (client) => {
    await printStatus(client, request.json);
    return 0;
  });
}

/** `focal library add`: folders, looked through to the end and worked on; Ctrl-C leaves the rest for the next time. */
export async function runLibraryAdd(
  request: LibraryRequest & { readonly folders: readonly string[] },
): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: true, onError: tellError }, async (client) => {
    for (const folder of request.folders) await client.ask('POST', '/v1/library/folders', { path: resolve(folder) });
    return follow(client, request);
  });
}

export async function runLibraryRescan(
  request: LibraryRequest & { readonly folders: readonly string[]; readonly retryBad: boolean },
): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: true, onError: tellError }, async (client) => {
    const { retryBad } = request;
    if (request.folders.length === 0) await client.ask('POST', '/v1/library/folders/rescan', { retryBad });
    for (const { id } of await findFolders(client, request.folders)) {
      await client.ask('POST', `/v1/library/folders/${id}/rescan`, { retryBad });
    }
    return follow(client, request);
  });
}

export async function runLibraryRemove(
  request: LibraryRequest & { readonly folders: readonly string[] },
): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: false }, async (client) => {
    const folders = await findFolders(client, request.folders);
    for (const { id } of folders) await client.ask('DELETE', `/v1/library/folders/${id}`);
    if (request.json) print({ removed: folders.map(({ path }) => path) });
    else if (!request.quiet)
      for (const { path } of folders) process.stdout.write(`${showText(path)} is no longer in the library.\n`);
    return 0;
  });
}

/** `focal library bad`: files that could not be read, and why. */
export async function runLibraryBad(request: LibraryRequest & { readonly retry: boolean }): Promise<ExitCode> {
  const { retry, json } = request;
  return withLibrary<ExitCode>({ focal: request.focal, works: retry, onError: tellError }, async (client) => {
    if (retry) {
      await client.ask('POST', '/v1/library/bad/retry', {});
      const code = await follow(client, { ...request, json: false, quiet: true });
      if (code !== 0) return code;
    }
    for (let offset = 0; ; offset += PAGE) {
      const { files, total } = await client.ask<{ files: readonly BadFile[]; total: number }>(
        'GET',
        `/v1/library/bad?offset=${offset}&limit=${PAGE}`,
      );
      for (const file of files) {
        if (json) print(file);
        else
          process.stdout.write(
            [file.path, file.message, ...(file.hint === undefined ? [] : [file.hint])].map(showText).join('\n  ') +
              '\n',
          );
      }
      if (offset + files.length >= total) {
        if (total === 0 && !json && !request.quiet) process.stdout.write('Every file could be read.\n');
        return 0;
      }
    }
  });
}

/** Until all is done, with a line that tells how far it is; what a server does goes on without us. */
async function follow(client: LibraryClient, { json, quiet }: LibraryRequest): Promise<ExitCode> {
  const line = new ProgressLine(process.stderr, !quiet && !json);
  using interruption = new Interruption(() => {
    line.clear();
    process.stderr.write('Stopping: what is in hand is finished …\n');
  });
  for (let most = 0; ; ) {
    const state = await client.ask<LibraryProgress>('GET', '/v1/library');
    const left = countJobs(state);
    most = Math.max(most, left);
    const scan = state.scans.find(({ isRunning }) => isRunning)?.report;
    if (state.scans.length > 0) line.draw(0, `${scan?.found ?? 0} found, ${left} to look at`);
    else line.draw(most === 0 ? 1 : 1 - left / most, `${most - left} of ${most} looked at`);
    const isDone = state.scans.length === 0 && left === 0 && state.faces.waiting === 0;
    if (interruption.signal.aborted || state.isPaused || isDone) break;
    await delay(ASK_MS);
  }
  line.clear();
  if (json) print(await client.ask<LibraryProgress>('GET', '/v1/library'));
  else if (!quiet) await printStatus(client, false);
  return interruption.signal.aborted ? interruption.exitCode : 0;
}

/** Thumbnails that are to be made each lead to a scene. */
function countJobs({ jobs: { thumbnails, scene } }: LibraryProgress): number {
  return (thumbnails.waiting + thumbnails.running) * 2 + scene.waiting + scene.running;
}

async function printStatus(client: LibraryClient, json: boolean): Promise<void> {
  const state = await client.ask<LibraryProgress>('GET', '/v1/library');
  const { folders } = await client.ask<{ folders: readonly LibraryFolder[] }>('GET', '/v1/library/folders');
  if (json) return print({ ...state, folders });
  if (folders.length === 0) {
    process.stdout.write('The library is empty. Add a folder: focal library add FOLDER\n');
    return;
  }
  const rows = folders.map(({ path, count, damaged, bad, isOnline }) => [
    path,
    String(count),
    [...(damaged === 0 ? [] : [`${damaged} damaged`]), ...(bad === 0 ? [] : [`${bad} bad`])].join(', '),
    isOnline ? '' : 'offline',
  ]);
  process.stdout.write(formatTable([['folder', 'photos, videos', '', ''], ...rows]));
  const waiting = countJobs(state);
  const { damaged, bad, trashed } = state;
  const badFiles = `${damaged > 0 ? `${bad} more ${bad === 1 ? 'file' : 'files'}` : countOf(bad, 'file')} could not be read`;
  const parts = [
    `${countOf(state.photos, 'photo')} and ${countOf(state.videos, 'video')}${damaged > 0 ? `, ${damaged} of them damaged` : ''}`,
    ...(trashed > 0 ? [`${trashed} more in the trash`] : []),
    ...(waiting > 0 ? [`${countOf(waiting, 'step')} ${waiting === 1 ? 'waits' : 'wait'}`] : []),
    ...(bad > 0 ? [badFiles] : []),
  ];
  process.stdout.write(`${parts.join('; ')}${damaged + bad > 0 ? ': focal library bad' : ''}.\n`);
}

async function findFolders(client: LibraryClient, wanted: readonly string[]): Promise<readonly LibraryFolder[]> {
  if (wanted.length === 0) return [];
  const { folders } = await client.ask<{ folders: readonly LibraryFolder[] }>('GET', '/v1/library/folders');
  return wanted.map((each) => {
    const folder = folders.find(({ path }) => path === resolve(each));
    if (folder !== undefined) return folder;
    throw new FocalError('not-found', `The folder ${each} is not in the library.`, {
      hint: folders.length === 0 ? 'It has none.' : `Its folders are ${folders.map(({ path }) => path).join(', ')}.`,
    });
  });
}

function countOf(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function tellError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
