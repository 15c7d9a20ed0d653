import { FocalError } from '@focal/core';
import { getRequestListener } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { LibraryDoor } from '../library/door.ts';
import { bindPort, createHttpServer, findRunning } from '../listen.ts';
import { isLocalNetwork, localAddresses } from './local-network.ts';
import { createShareApp } from './share-app.ts';

/** Whether guests can reach shared albums, and where. */
export interface SharingState {
  readonly isListening: boolean;
  /** Origins that guests use, the likeliest first: `http://192.168.1.20:4680`. */
  readonly origins: readonly string[];
  /** Why nobody is listening although sharing is on, or no guest can reach it. */
  readonly problem?: string;
}

/** The listener for guests: there only while sharing is on, on a port of its own. Owned by the server. */
export interface Sharing extends AsyncDisposable {
  readonly state: SharingState;
  /** Listens, or ends. Never throws: `state` tells what went wrong. */
  turn(isOn: boolean): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface SharingOptions {
  /** Not owned. */
  readonly door: LibraryDoor;
  /** 0 takes any free one. */
  readonly port: number;
  readonly onDefect?: (error: unknown) => void;
}

/** Links hold it, so that it stays the same. */
export const DEFAULT_SHARE_PORT = 4680;

const ALONE = 'This machine is in no network now: nobody else can open links.';
const OFF: SharingState = { isListening: false, origins: [] };
/** A form with a password is all that is ever sent. */
const MOST_BYTES = 4096;

export function createSharing({ door, port, onDefect }: SharingOptions): Sharing {
  let state = OFF;
  let listensAt: number | undefined;
  let end: (() => Promise<void>) | undefined;
  let turning: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function listen(): Promise<void> {
    const app = createShareApp({
      door,
      addressOf: (context) => getConnInfo(context).remote.address ?? '',
      ...(onDefect !== undefined && { onDefect }),
    });
    const respond = getRequestListener(app.fetch, { hostname: 'localhost', overrideGlobalObjects: false });
    const server = createHttpServer(
      (request, response) => void respond(request, response),
      () => MOST_BYTES,
    );
    // Also where the machine has an address of its own on the internet.
    server.on('connection', (socket) => {
      if (!isLocalNetwork(socket.remoteAddress)) socket.destroy();
    });
    const bound = await bindPort(server, '0.0.0.0', port, false, findRunning);
    if (bound.state !== 'bound') throw new FocalError('busy', 'Another Focal has the port for guests.');
    state = OFF;
    listensAt = bound.port;
    end = () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
  }

  async function apply(isOn: boolean): Promise<void> {
    if (isOn && !isClosed) {
      if (end !== undefined) return;
      try {
        await listen();
      } catch (error) {
        if (!(error instanceof FocalError)) onDefect?.(error);
        const why = error instanceof FocalError ? error.message : 'The listener for guests failed.';
        state = { ...OFF, problem: `${why} Choose another port with --share-port.` };
      }
      return;
    }
    const ending = end;
    end = undefined;
    state = OFF;
    listensAt = undefined;
    await ending?.();
  }

  /** One after another, as they were asked for. */
  function turn(isOn: boolean): Promise<void> {
    turning = turning.then(() => apply(isOn));
    return turning;
  }

  async function close(): Promise<void> {
    isClosed = true;
    await turn(false);
  }

  return {
    get state() {
      return listensAt === undefined ? state : describeListening(listensAt);
    },
    turn,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Machines come into networks and leave them. */
function describeListening(port: number): SharingState {
  const addresses = localAddresses();
  return {
    isListening: true,
    origins: addresses.map((address) => `http://${address}:${port}`),
    ...(addresses.every((address) => address.startsWith('127.')) && { problem: ALONE }),
  };
}
