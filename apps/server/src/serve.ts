import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { FocalError } from '@focal/core';
import type { Library } from '@focal/library';
import { getRequestListener } from '@hono/node-server';
import type { Focal } from 'focal';
import { isLoopback } from './access.ts';
import { type AppOptions, createApp } from './app.ts';
import { createLibraryDoor } from './library/door.ts';
import { toLimits } from './limits.ts';
import { type AlreadyRunning, bindPort, createHttpServer, findRunning } from './listen.ts';
import { takeSockets } from './live/sockets.ts';
import { warmUp } from './live/warm-up.ts';
import { createSharing, DEFAULT_SHARE_PORT } from './share/sharing.ts';
import { sweepUploadFolders } from './uploads/folder.ts';

export interface ServeOptions extends Pick<AppOptions, 'studioDir' | 'limits' | 'uploadsFolder' | 'onDefect' | 'page'> {
  /** Owned by the server from here on: closed with it, also where another Focal is found running. */
  readonly focal: Focal;
  /** Opens the photo library, when it is first asked for; owned by the server from then on. */
  readonly openLibrary?: () => Promise<Library>;
  /** Opens it at once, so that it looks for changes from the start. */
  readonly opensLibraryAtOnce?: boolean;
  /** Default 4600; 0 takes any free one. */
  readonly port?: number;
  /** For guests of shared albums, on the local network, while sharing is on. Default 4680; 0 takes any free one. */
  readonly sharePort?: number;
  /** Address to bind. Default 127.0.0.1, which only this machine reaches. */
  readonly host?: string;
  /** What clients have to know. Made up where the address is open to other machines and none is given. */
  readonly token?: string;
  /** Further names that the server goes by, without port. */
  readonly hosts?: readonly string[];
  /** Pages elsewhere that may use the server too, by their origins. */
  readonly origins?: readonly string[];
  /** Where the port is taken: whether to tell of a Focal that runs there, and else to take the next free one. */
  readonly fallback?: boolean;
}

/** So long the answers to aborted work may take to be written, on a busy machine too. */
const ANSWER_MS = 5000;

/** The largest frame of a live session. */
const MAX_FRAME_BYTES = 16 * 2 ** 20;

/** A server that listens. `close()` is idempotent. */
export interface Serving extends AsyncDisposable {
  readonly state: 'listening';
  /** For this machine's browser; with the token where there is one. */
  readonly url: string;
  /** The same for other machines, where the server is open to them. */
  readonly otherUrls: readonly string[];
  readonly port: number;
  /** The port asked for, where another program has it. */
  readonly takenPort?: number;
  readonly token?: string;
  /**
   * Takes no more requests, gives running work `graceMs` (default 10 s) to finish, aborts the rest, closes Focal.
   */
  close(graceMs?: number): Promise<void>;
  /** Resolves when all is closed. */
  readonly closed: Promise<void>;
}

export const DEFAULT_PORT = 4600;

/**
 * Listens. Throws `invalid-argument` for a port or an address that cannot be bound, `busy` where the port is taken
 * and `fallback` is off.
 */
export async function serve(options: ServeOptions): Promise<Serving | AlreadyRunning> {
  try {
    return await listen(options);
  } catch (error) {
    await options.focal.close();
    throw error;
  }
}

async function listen(options: ServeOptions): Promise<Serving | AlreadyRunning> {
  const { focal, host = '127.0.0.1', port: wanted = DEFAULT_PORT } = options;
  const exposed = !isLoopback(host);
  const token = options.token ?? (exposed ? randomBytes(24).toString('base64url') : undefined);
  const limits = toLimits(options.limits);
  const stop = new AbortController();
  const warm = options.page === undefined ? undefined : warmUp(focal);
  let address: { readonly url: string; readonly token?: string } | undefined;
  const library =
    options.openLibrary === undefined
      ? undefined
      : createLibraryDoor(options.openLibrary, (opened) => {
          if (address !== undefined) void opened.announce(address).catch(options.onDefect);
          void turnSharing(opened).catch(options.onDefect);
        });
  const sharing =
    library &&
    createSharing({
      door: library,
      port: options.sharePort ?? DEFAULT_SHARE_PORT,
      ...(options.onDefect !== undefined && { onDefect: options.onDefect }),
    });
  const turnSharing = async (opened: Library): Promise<void> => {
    if ((await opened.settings.get()).isSharing) await sharing?.turn(true);
  };
  const app = createApp({
    ...options,
    ...(library !== undefined && { library }),
    ...(sharing !== undefined && { sharing }),
    ...(warm !== undefined && { startup: warm.state }),
    limits,
    signal: stop.signal,
    access: {
      exposed,
      ...(token === undefined ? {} : { token }),
      ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
      ...(options.origins === undefined ? {} : { origins: options.origins }),
      ...(isWildcard(host) ? {} : { address: host }),
    },
  });
  const respond = getRequestListener(app.fetch, { hostname: 'localhost', overrideGlobalObjects: false });
  const server = createHttpServer(
    (request, response) => void respond(request, response),
    (path) =>
      path.startsWith('/v1/library/uploads/')
        ? Number.POSITIVE_INFINITY
        : path.startsWith('/v1/video/')
          ? limits.maxVideoBytes
          : limits.maxUploadBytes,
  );
  takeSockets(server, {
    focal,
    ask: app.fetch,
    maxSessions: limits.liveSessions,
    maxFrameBytes: Math.min(limits.maxUploadBytes, MAX_FRAME_BYTES),
    signal: stop.signal,
    ...(warm !== undefined && { takeWarm: warm.take }),
  });
  const bound = await bindPort(server, host, wanted, options.fallback ?? false, findRunning);
  if (bound.state === 'already-running') {
    await focal.close();
    return bound;
  }
  await sweepUploadFolders(options.uploadsFolder ?? tmpdir());

  const { port } = bound;
  const close = createCloser(server, stop, async () => {
    await sharing?.close();
    await library?.close();
    await focal.close();
  });
  const query = token === undefined ? '' : `/?token=${encodeURIComponent(token)}`;
  const here = isWildcard(host) ? '127.0.0.1' : host;
  address = { url: toOrigin(here, port), ...(token !== undefined && { token }) };
  // Who asks for it is told what is wrong with it.
  if (options.opensLibraryAtOnce === true) void library?.open().catch(() => undefined);
  return {
    state: 'listening',
    url: `${toOrigin(here, port)}${query}`,
    otherUrls: isWildcard(host) ? outerAddresses(host).map((each) => `${toOrigin(each, port)}${query}`) : [],
    port,
    ...(port === wanted || wanted === 0 ? {} : { takenPort: wanted }),
    ...(token === undefined ? {} : { token }),
    close: (graceMs) => close.now(graceMs),
    closed: close.done,
    [Symbol.asyncDispose]: () => close.now(),
  };
}

interface Closer {
  now(graceMs?: number): Promise<void>;
  readonly done: Promise<void>;
}

/** @param closeParts what the requests work with */
function createCloser(server: Server, stop: AbortController, closeParts: () => Promise<void>): Closer {
  let closing: Promise<void> | undefined;
  let tellDone: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    tellDone = resolve;
  });

  async function close(graceMs: number): Promise<void> {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    // Connections kept alive end as soon as they have nothing to answer.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const abort = setTimeout(() => stop.abort(new FocalError('closed', 'The server is ending.')), graceMs);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs + ANSWER_MS);
    try {
      await ended;
    } finally {
      clearInterval(sweep);
      clearTimeout(abort);
      clearTimeout(cut);
      await closeParts();
      tellDone();
    }
  }

  return {
    now: (graceMs = 10_000) => {
      closing ??= close(graceMs);
      return closing;
    },
    done,
  };
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]';
}

function toOrigin(host: string, port: number): string {
  const name = host.replace(/^\[|\]$/g, '');
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Addresses of this machine that others may reach it by. */
function outerAddresses(wildcard: string): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && (family === 'IPv4' || (wildcard === '::' && family === 'IPv6')))
    .map(({ address }) => address)
    .filter((address) => !address.startsWith('fe80:'));
}
