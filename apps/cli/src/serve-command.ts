import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closeOnSignals, serve } from '@focal/server';
import { createFocal, type FocalOptions } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { hasDesktop, openBrowser } from './open-browser.ts';

/** Everything the command line said about serving. */
export interface ServeRequest {
  readonly port?: number;
  readonly host?: string;
  /** Further names that the server goes by. */
  readonly allowHost?: readonly string[];
  readonly token?: string;
  /** Bytes. */
  readonly maxBody?: number;
  readonly maxQueue?: number;
  readonly concurrency?: number;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds. */
  readonly maxWait?: number;
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
  const focal = await createFocal({ ...request.focal, priority: 'low' });
  const serving = await serve({
    focal,
    fallback: port === undefined,
    limits: {
      ...(request.maxBody === undefined ? {} : { maxUploadBytes: request.maxBody }),
      ...(request.maxQueue === undefined ? {} : { queueLength: request.maxQueue }),
      ...(request.concurrency === undefined ? {} : { concurrency: request.concurrency }),
      ...(request.timeout === undefined ? {} : { workTimeoutMs: request.timeout * 1000 }),
      ...(request.maxWait === undefined ? {} : { queueTimeoutMs: request.maxWait * 1000 }),
    },
    onDefect: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(token === undefined ? {} : { token }),
    ...(request.allowHost === undefined ? {} : { hosts: request.allowHost }),
    ...(studioDir === undefined ? {} : { studioDir }),
  });
  const open = request.open === true && hasDesktop();
  if (open) openBrowser(serving.url);
  if (json) process.stdout.write(`${JSON.stringify({ type: serving.state, url: serving.url })}\n`);

  if (serving.state === 'already-running') {
    if (!json) process.stdout.write(`Focal ${serving.version} is running already at ${serving.url}\n`);
    return 0;
  }
  const say = (text: string): void => {
    if (!quiet && !json) process.stderr.write(`${text}\n`);
  };
  if (serving.takenPort !== undefined) {
    say(`Port ${serving.takenPort} is taken by another program; this is the next free one.`);
  }
  if (!json) process.stdout.write(`Focal is at ${serving.url}\n`);
  for (const url of serving.otherUrls) say(`From other machines: ${url}`);
  if (studioDir === undefined) say('The studio is not built, so this is the API alone. Build it with npm run build.');
  say(open ? 'Opened in your browser. Ctrl-C stops.' : 'Ctrl-C stops.');
  closeOnSignals(serving, () => say('Stopping: running work may finish; a second Ctrl-C ends at once …'));
  await serving.closed;
  return 0;
}

/** The studio built beside this package. */
function findStudio(): string | undefined {
  const folder = fileURLToPath(new URL('../../studio/dist/', import.meta.url));
  return existsSync(`${folder}index.html`) ? folder : undefined;
}
