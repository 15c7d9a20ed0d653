import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
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
export function createHttpServer(listener: RequestListener, maxUploadBytes: (path: string) => number): Server {
  const server = createServer({ requestTimeout: 300_000, headersTimeout: 20_000 }, listener);
  server.on('checkContinue', (request, response) => {
    if (Number(request.headers['content-length'] ?? 0) <= maxUploadBytes(request.url ?? '')) response.writeContinue();
    listener(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    socket.end(toRawAnswer(error.code));
  });
  return server;
}

/** The answer to what is no HTTP request that could reach the app, as it goes over the wire. */
function toRawAnswer(code: string | undefined): string {
  const [status, detail, hint] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'The headers of the request are larger than 16 KiB.', 'Send options in the query, and fewer cookies.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'The request did not arrive in time.', 'Try again.']
        : [400, 'This is no HTTP request.', 'The server speaks plain HTTP; for HTTPS put a proxy before it.'];
  const title = STATUS_CODES[status];
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code: 'invalid-argument', hint });
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
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
