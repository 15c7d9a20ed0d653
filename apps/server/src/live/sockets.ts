import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { FocalError } from '@focal/core';
import type { Focal, LiveFocus } from 'focal';
import { type WebSocket, WebSocketServer } from 'ws';
import { toProblemResponse } from '../problems.ts';
import { serveFocusr } from './focusr-socket.ts';
import { serveLive } from './live-socket.ts';

export interface SocketsOptions {
  readonly focal: Pick<Focal, 'live'>;
  /** The app: whether a client may come in is its rules'. A route that takes sockets answers 426 to whoever may. */
  readonly ask: (request: Request) => Response | Promise<Response>;
  readonly maxSessions: number;
  readonly maxFrameBytes: number;
  /** Ends all sessions, and refuses new ones. */
  readonly signal: AbortSignal;
  /** Models that are loaded already, for the first session. */
  readonly takeWarm?: () => LiveFocus | undefined;
}

const PING_MS = 20_000;
/** FOCUSR's page makes its pictures this small itself. */
const FOCUSR_SIDE = 640;

/** Takes live sessions over WebSocket, each with a thread and models of its own. */
export function takeSockets(server: Server, options: SocketsOptions): void {
  const { focal, maxFrameBytes, signal } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false });
  const open = new Set<WebSocket>();

  async function onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    const answer = await options.ask(new Request(url, { headers: toHeaders(request) }));
    if (answer.status !== 426) return refuse(stream, answer);
    if (signal.aborted) return refuse(stream, toProblemResponse(new FocalError('closed', 'The server is ending.')));
    if (open.size >= options.maxSessions) {
      const problem = new FocalError('busy', `Expected at most ${options.maxSessions} live sessions at a time.`, {
        hint: 'Try again when another one has ended.',
      });
      return refuse(stream, toProblemResponse(problem));
    }
    sockets.handleUpgrade(request, stream, head, (socket) => begin(socket, url.pathname));
  }

  function begin(socket: WebSocket, path: string): void {
    open.add(socket);
    const isFocusr = path === '/ws';
    const live = (isFocusr ? options.takeWarm?.() : undefined) ?? focal.live(isFocusr ? { maxSide: FOCUSR_SIDE } : {});
    const beat = keepAlive(socket);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(beat);
      open.delete(socket);
      void live.close();
    });
    if (isFocusr) serveFocusr(socket, live);
    else serveLive(socket, live);
  }

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    onUpgrade(request, stream, head).catch(() => stream.destroy());
  });
  signal.addEventListener('abort', () => {
    for (const socket of open) socket.close(1001, 'The server is ending.');
  });
}

/** Ends a connection whose other side does not answer any more. */
function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let isThere = true;
  socket.on('pong', () => {
    isThere = true;
  });
  return setInterval(() => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
  }, PING_MS);
}

function toHeaders({ headers }: IncomingMessage): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && !['connection', 'upgrade'].includes(name)) all.set(name, value);
  }
  return all;
}

/** The app's answer, as it goes over a connection that asked for a socket. */
async function refuse(stream: Duplex, answer: Response): Promise<void> {
  const body = await answer.text();
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
  const status = answer.status < 300 ? 400 : answer.status;
  stream.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      ...headers,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
