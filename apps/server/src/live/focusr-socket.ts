import { FocalError } from '@focal/core';
import type { LiveFocus } from 'focal';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { toProblem } from '../problems.ts';

/** What FOCUSR's page sends: a frame with all settings, or the word to let go. */
const messageSchema = z.object({
  frame: z.string().optional(),
  cursor_x: z.number().nullish(),
  cursor_y: z.number().nullish(),
  clicked: z.boolean().nullish(),
  low_light: z.boolean().nullish(),
  show_box: z.boolean().nullish(),
  bokeh_k: z.number().nullish(),
  detect_every: z.number().nullish(),
  release: z.boolean().nullish(),
});

/** The page's blur is a kernel in pixels of a frame of this width; half of it is our radius. */
const KERNEL_WIDTH = 480;
const KERNEL = { usual: 31, least: 1, most: 101 } as const;
const MOST_RADIUS = 0.05;
const LOW_LIGHT = 0.7;
/** Frames that wait; a page that keeps to one at a time never has more than one. */
const MOST_WAITING = 4;
const JPEG_QUALITY = 75;
/** Over so many answers the frame rate is measured. */
const RATE_FRAMES = 30;

/**
 * `/ws` as FOCUSR's page speaks it: JSON with a base64 JPEG both ways. Each frame gets exactly one answer, errors too,
 * since the page sends its next frame only then; to be let go of without a frame needs no answer. Coordinates are pixels
 * of the frame that was sent.
 */
export function serveFocusr(socket: WebSocket, live: LiveFocus): void {
  let isReleased = false;
  let waiting = 0;
  let frameId = 0;
  let last: Promise<void> = Promise.resolve();
  const times: number[] = [];

  const answer = (message: Readonly<Record<string, unknown>>): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const fail = (error: unknown): void => {
    const { detail, hint } = toProblem(error);
    answer({ error: [detail, hint].join(' ').trim() });
  };

  async function work(message: z.infer<typeof messageSchema>, bytes: Uint8Array): Promise<void> {
    try {
      const shown = await live.frame(bytes, toOptions(message, bytes, isReleased || message.release === true));
      isReleased = false;
      times.push(performance.now());
      if (times.length > RATE_FRAMES) times.shift();
      const { view, detections } = shown;
      answer({
        frame: Buffer.from(shown.bytes).toString('base64'),
        tracking: view.state === 'locked',
        label: view.label ?? '',
        conf: view.confidence,
        fps: Math.round(rateOf(times) * 10) / 10,
        frame_id: ++frameId,
        det_count: detections.length,
      });
    } catch (error) {
      fail(error);
    }
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    let message: z.infer<typeof messageSchema>;
    let bytes: Uint8Array | undefined;
    try {
      message = readMessage(isBinary ? '' : data.toString('utf8'));
      bytes = message.frame === undefined ? undefined : readBase64(message.frame);
    } catch (error) {
      fail(error);
      return;
    }
    if (bytes === undefined) {
      if (message.release === true) isReleased = true;
      else fail(new FocalError('invalid-argument', 'Expected a frame, or release, got neither.'));
      return;
    }
    if (waiting >= MOST_WAITING) {
      fail(new FocalError('busy', 'Frames come faster than they can be worked on.', { hint: 'Send one at a time.' }));
      return;
    }
    const frame = bytes;
    waiting++;
    last = last.then(() => work(message, frame)).finally(() => void waiting--);
  });
  live.ready().catch((error: unknown) => {
    fail(error);
    socket.close(1011, 'The models could not be loaded.');
  });
}

function toOptions(message: z.infer<typeof messageSchema>, bytes: Uint8Array, release: boolean) {
  const size = sizeOfJpeg(bytes);
  const [x, y] = [message.cursor_x ?? undefined, message.cursor_y ?? undefined];
  const isInside =
    size !== undefined && x !== undefined && y !== undefined && x >= 0 && y >= 0 && x <= size.width && y <= size.height;
  const point = isInside ? { x: x / size.width, y: y / size.height } : undefined;
  const kernel = Math.max(KERNEL.least, Math.min(KERNEL.most, message.bokeh_k ?? KERNEL.usual));
  const every = message.detect_every ?? undefined;
  return {
    look: {
      radius: Math.min(MOST_RADIUS, kernel / 2 / KERNEL_WIDTH),
      ...(message.low_light === true && { lowLight: LOW_LIGHT }),
    },
    jpegQuality: JPEG_QUALITY,
    release,
    ...(message.clicked === true && point !== undefined && { lock: point }),
    ...(message.show_box === true && { boxes: point === undefined ? {} : { pointer: point } }),
    ...(every !== undefined && every >= 1 && { detectEvery: Math.min(300, Math.round(every)) }),
  };
}

function readMessage(text: string): z.infer<typeof messageSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FocalError('invalid-argument', 'Expected JSON with a frame, got something else.');
  }
  const { data, error } = messageSchema.safeParse(json);
  if (data !== undefined) return data;
  throw new FocalError(
    'invalid-argument',
    `${error.issues[0]?.path.join('.') || 'The message'}: ${error.issues[0]?.message}.`,
  );
}

/** Bytes of a picture in base64, with or without the prefix of a data URL. */
function readBase64(text: string): Uint8Array {
  const plain = text.replace(/^data:[^,]*,/u, '');
  if (plain.length === 0 || /[^A-Za-z0-9+/=_-]/u.test(plain)) {
    throw new FocalError('invalid-argument', 'Expected the frame as base64, got something else.');
  }
  return Uint8Array.from(Buffer.from(plain, 'base64'));
}

/** Width and height by the first frame header of a JPEG (ITU T.81, B.2.2); nothing where there is none. */
function sizeOfJpeg(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    const word = (offset: number): number => ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
    if (isFrame) return { height: word(at + 5), width: word(at + 7) };
    at += 2 + word(at + 2);
  }
  return undefined;
}

/** Frames a second between these times in milliseconds. */
function rateOf(times: readonly number[]): number {
  const [first = 0] = times;
  const passed = (times.at(-1) ?? 0) - first;
  return passed > 0 ? ((times.length - 1) * 1000) / passed : 0;
}
