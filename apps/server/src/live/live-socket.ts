import { FocalError, focusLookSettings } from '@focal/core';
import type { LiveFocus, LiveFrameOptions } from 'focal';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { toProblem } from '../problems.ts';
import { createNewestFrame } from './newest-frame.ts';

const fraction = z.number().min(0).max(1);

/** What a client may say in a text message; it holds for the next frame it sends. */
const commandSchema = z.strictObject({
  lock: z.strictObject({ x: fraction, y: fraction, pick: z.boolean().optional() }).optional(),
  release: z.literal(true).optional(),
  look: focusLookSettings.optional(),
  detectEvery: z.number().int().min(1).max(300).optional(),
  quality: z.number().int().min(1).max(100).optional(),
});

/** The client reads so slowly that this much waits for it: pictures are then left out. */
const MOST_WAITING_BYTES = 4 * 2 ** 20;

/**
 * `/v1/live`: frames as binary messages, commands as text. Each frame that is worked on gets a text message with what is
 * known of it, and the picture as a binary message after it. Where frames come faster than they are worked on, the newest
 * wins; where the client reads too slowly, pictures are left out (`bytes` is 0 then).
 */
export function serveLive(socket: WebSocket, live: LiveFocus): void {
  let next: LiveFrameOptions = {};
  let look: Readonly<Record<string, unknown>> = {};
  let count = 0;

  const tell = (message: Readonly<Record<string, unknown>>): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const fail = (error: unknown, frame?: number): void => {
    const { code, detail, hint } = toProblem(error);
    tell({
      type: 'error',
      code,
      message: detail,
      ...(hint !== undefined && { hint }),
      ...(frame !== undefined && { frame }),
    });
  };

  const frames = createNewestFrame<{
    readonly bytes: Uint8Array;
    readonly options: LiveFrameOptions;
    readonly frame: number;
  }>(async ({ bytes, options, frame }, skipped) => {
    try {
      const { bytes: picture, view, ...rest } = await live.frame(bytes, { ...options, look });
      const isFull = socket.bufferedAmount > MOST_WAITING_BYTES;
      tell({ type: 'frame', frame, skipped, ...view, ...rest, bytes: isFull ? 0 : picture.byteLength });
      if (!isFull && socket.readyState === socket.OPEN) socket.send(picture);
    } catch (error) {
      fail(error, frame);
    }
  });

  socket.on('message', (message: Buffer, isBinary: boolean) => {
    if (isBinary) {
      count++;
      const options = { ...next, timeMs: performance.now() };
      next = {};
      frames.push({ bytes: Uint8Array.from(message), options, frame: count });
      return;
    }
    try {
      const { look: changes, quality, lock, ...command } = readCommand(message.toString('utf8'));
      if (changes !== undefined) look = { ...look, ...dropUndefined(changes) };
      next = {
        ...next,
        ...dropUndefined(command),
        ...(lock !== undefined && {
          lock: { x: lock.x, y: lock.y, ...(lock.pick !== undefined && { pick: lock.pick }) },
        }),
        ...(quality !== undefined && { jpegQuality: quality }),
      };
    } catch (error) {
      fail(error);
    }
  });
  socket.on('close', () => frames.clear());
  live.ready().then(
    (ready) => tell({ type: 'ready', ...ready }),
    (error: unknown) => {
      fail(error);
      socket.close(1011, 'Not ready.');
    },
  );
}

function readCommand(text: string): z.infer<typeof commandSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FocalError('invalid-argument', 'Expected a command as JSON, got something else.', {
      hint: 'Such as {"lock": {"x": 0.5, "y": 0.5}} or {"release": true}; frames are binary messages.',
    });
  }
  const { data, error } = commandSchema.safeParse(json);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new FocalError('invalid-argument', `${issue?.path.join('.') || 'The command'}: ${issue?.message}.`, {
    hint: 'A command has: lock, release, look, detectEvery, quality.',
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function dropUndefined<T extends object>(value: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<Defined<T>>;
}
