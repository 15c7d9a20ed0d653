import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FocalError } from '@focal/core';
import { LibraryHeldError } from '@focal/library';
import { closeOnSignals, serve } from '@focal/server';
import { createFocal, type FocalOptions } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { hasOwnLibrary, openOwnLibrary } from './library-client.ts';
import { hasDesktop, openBrowser } from './open-browser.ts';
import { toReadError } from './read-error.ts';

/** Everything the command line said about serving. */
export interface ServeRequest {
  readonly port?: number;
  readonly host?: string;
  /** Further names that the server goes by. */
  readonly allowHost?: readonly string[];
  readonly token?: string;
  /** Path of a single page that is served in place of the studio. */
  readonly page?: string;
  /** Origins of pages elsewhere that may use the server. */
  readonly allowOrigin?: readonly string[];
  /** Bytes. */
  readonly maxBody?: number;
  readonly maxQueue?: number;
  readonly concurrency?: number;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds. */
  readonly maxWait?: number;
  /** Where guests of shared albums come to. */
  readonly sharePort?: number;
  readonly open?: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

/**
 * `focal serve`: studio and API until Ctrl-C, which counts as done. A port that was asked for has to be free; where
 * none was, a Focal that runs already is told (and opened), and another program's port is passed over.
 */
export async function runServe(request: ServeRequest): Promise<ExitCode> {
  const { port, host, token, json, quiet } = request;
  const studioDir = findStudio();
  const page = request.page === undefined ? undefined : await readPage(request.page);
  const focal = await createFocal({ ...request.focal, priority: 'low' });
  const onDefect = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  };
  const say = (text: string): void => {
    if (!quiet && !json) process.stderr.write(`${text}\n`);
  };
  let isHeldTold = false;
  const tellHeld = (error: unknown): never => {
    if (error instanceof LibraryHeldError && !isHeldTold) {
      isHeldTold = true;
      say(`${error.message} This one serves all but the library.`);
    }
    throw error;
  };
  const serving = await serve({
    focal,
    openLibrary: () => openOwnLibrary(focal, { works: true, watches: true, onError: onDefect }).catch(tellHeld),
    // One that is there is watched from the start.
    opensLibraryAtOnce: await hasOwnLibrary(focal),
    fallback: port === undefined,
    limits: {
      ...(request.maxBody === undefined ? {} : { maxUploadBytes: request.maxBody }),
      ...(request.maxQueue === undefined ? {} : { queueLength: request.maxQueue }),
      ...(request.concurrency === undefined ? {} : { concurrency: request.concurrency }),
      ...(request.timeout === undefined ? {} : { workTimeoutMs: request.timeout * 1000 }),
      ...(request.maxWait === undefined ? {} : { queueTimeoutMs: request.maxWait * 1000 }),
    },
    onDefect,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(request.sharePort === undefined ? {} : { sharePort: request.sharePort }),
    ...(token === undefined ? {} : { token }),
    ...(request.allowHost === undefined ? {} : { hosts: request.allowHost }),
    ...(studioDir === undefined ? {} : { studioDir }),
    ...(page === undefined ? {} : { page }),
    ...(request.allowOrigin === undefined ? {} : { origins: request.allowOrigin }),
  });
  const open = request.open === true && hasDesktop();
  if (open) openBrowser(serving.url);
  if (json) process.stdout.write(`${JSON.stringify({ type: serving.state, url: serving.url })}\n`);

  if (serving.state === 'already-running') {
    if (!json) process.stdout.write(`Focal ${serving.version} is running already at ${serving.url}\n`);
    return 0;
  }
  if (serving.takenPort !== undefined) {
    say(`Port ${serving.takenPort} is taken by another program; this is the next free one.`);
  }
  if (!json) process.stdout.write(`Focal is at ${serving.url}\n`);
  for (const url of serving.otherUrls) say(`From other machines: ${url}`);
  if (studioDir === undefined && page === undefined)
    say('The studio is not built, so this is the API alone. Build it with npm run build.');
  say(open ? 'Opened in your browser. Ctrl-C stops.' : 'Ctrl-C stops.');
  closeOnSignals(serving, () => say('Stopping: running work may finish; a second Ctrl-C ends at once …'));
  await serving.closed;
  return 0;
}

/** A page that is one file. */
async function readPage(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw toReadError(error, 'page', path);
  }
  if (/<[a-z!]/iu.test(text)) return text;
  throw new FocalError('invalid-argument', `Expected a page in HTML, got ${path}.`);
}

/** The studio built beside this package. */
function findStudio(): string | undefined {
  const folder = fileURLToPath(new URL('../../studio/dist/', import.meta.url));
  return existsSync(`${folder}index.html`) ? folder : undefined;
}
