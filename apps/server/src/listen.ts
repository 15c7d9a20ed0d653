import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FocalError } from '@focal/core';

/** A Focal that had the port before. */
export interface AlreadyRunning {
  readonly state: 'already-running';
  readonly url: string;
  readonly version: string;
}

/** Ports tried after the one that was asked for. */
const FURTHER_PORTS = 20;

export type Bound = { readonly state: 'bound'; readonly port: number } | AlreadyRunning;

/**
 * A server that asks for the body of `Expect: 100-continue` only where its length is allowed, so that curl does not
 * send what is refused anyway.
 */
export function createHttpServer(listener: RequestListener, maxUploadBytes: number): Server {
  const server = createServer({ requestTimeout: 300_000, headersTimeout: 20_000 }, listener);
  server.on('checkContinue', (request, response) => {
    if (Number(request.headers['content-length'] ?? 0) <= maxUploadBytes) response.writeContinue();
    listener(request, response);
  });
  return server;
}

/**
 * Binds the port. Where it is taken and `fallback` is on: says which Focal runs there, or takes the next free port.
 * @param find asks a port who listens there
 */
export async function bindPort(
  server: Server,
  host: string,
  wanted: number,
  fallback: boolean,
  find: typeof findRunning,
): Promise<Bound> {
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
    throw new FocalError('invalid-argument', `Expected a port from 0 to 65535, got ${wanted}.`);
  }
  const last = fallback ? Math.min(65_535, wanted + FURTHER_PORTS) : wanted;
  for (let port = wanted; port <= last; port++) {
    const bound = await tryBind(server, host, port);
    if (bound !== undefined) return { state: 'bound', port: bound };
    const running = fallback ? await find(host, port) : undefined;
    if (running !== undefined) return running;
  }
  throw new FocalError('busy', `Port ${wanted} is taken by another program.`, {
    hint: 'Choose another one with --port, or --port 0 for any free one.',
  });
}

/** The Focal that answers at this port, if it is one. */
export async function findRunning(host: string, port: number): Promise<AlreadyRunning | undefined> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host;
  const url = `http://${name}:${port}`;
  const answer: unknown = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1500), redirect: 'error' })
    .then((response) => response.json())
    .catch(() => undefined);
  const { name: who, version } = (answer ?? {}) as { readonly name?: unknown; readonly version?: unknown };
  return who === 'focal' && typeof version === 'string' ? { state: 'already-running', url, version } : undefined;
}

/** The port bound; `undefined` where it is taken. */
function tryBind(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(toBindError(error, host, port));
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(port, host.replace(/^\[|\]$/g, ''));
  });
}

function toBindError(error: NodeJS.ErrnoException, host: string, port: number): FocalError {
  if (error.code === 'EACCES') {
    return new FocalError('permission', `The system does not let this user have port ${port}.`, {
      hint: 'Choose one from 1024 up.',
      cause: error,
    });
  }
  return new FocalError('invalid-argument', `Cannot listen at ${host}, port ${port}: ${error.code ?? error.message}.`, {
    hint: 'The address has to be one of this machine, such as 127.0.0.1 or 0.0.0.0.',
    cause: error,
  });
}
