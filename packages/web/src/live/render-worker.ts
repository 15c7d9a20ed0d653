import {
  describeParameters,
  FocalError,
  type FocusLook,
  focusLook,
  type Hidden,
  type Matte,
  type ParameterInfo,
  type Picture,
} from '@focal/core';
import { createTurns } from '../worker/in-turn.ts';
import type { Port } from '../worker/messages.ts';
import { serveWorker } from '../worker/serve.ts';
import { createBackdrop } from './backdrop.ts';
import { coverPicture } from './cover.ts';
import { createFocusPainter, type DrawWish, type Painted } from './draw/focus-painter.ts';
import type { DrawnBy } from './draw/trial.ts';
import { createFrameReader } from './frame-reader.ts';
import { medianMatte } from './median-matte.ts';
import { createRecorder, type Recorder, type RecorderOptions } from './record/recorder.ts';
import type { LiveBackdrop, LiveCover, LiveFrame, LiveMode, LiveShape } from './types.ts';
import { readVideoFacts, type VideoFacts } from './video-facts.ts';

export interface RenderSettings {
  readonly mode: LiveMode;
  readonly look: FocusLook;
  readonly backdrop: LiveBackdrop;
  readonly cover: LiveCover;
  /** By what the blur is drawn. */
  readonly drawnBy: DrawWish;
}

export interface ShowRequest {
  /** Taken over. */
  readonly frame: LiveFrame;
  readonly shape: LiveShape;
  /** What is sharp, of this very frame; with those of the frames around it where they are known, this one in the middle. */
  readonly mattes: readonly Matte[];
  /** What hides whom in this very frame; without it, all of the frame is hidden in the mode `hide`. */
  readonly hidden?: readonly Hidden[] | undefined;
  /** Another number, another subject. */
  readonly subject: number;
  /** When it was captured, on a clock that never goes back. */
  readonly timeMs: number;
}

export interface Shown {
  /** Milliseconds that reading and blurring took. */
  readonly ms: number;
  /** By what it was blurred; nothing where none of it is. */
  readonly drawnBy?: DrawnBy | undefined;
  /** For who wishes for the graphics card: why it is not as they may think. */
  readonly cardNote?: string | undefined;
  /** Whether the focus is still moving from one subject to another. */
  readonly isPulling: boolean;
}

/** The methods of the worker that draws what is seen. Calls are served one after another. */
export function createRenderHandlers() {
  const reader = createFrameReader();
  const backdrops = createBackdrop();
  const painter = createFocusPainter(() => draw());
  let canvas: OffscreenCanvas | undefined;
  let context: OffscreenCanvasRenderingContext2D | undefined;
  let settings: RenderSettings | undefined;
  let last:
    | {
        readonly picture: Picture;
        readonly mattes: readonly Matte[];
        readonly hidden: readonly Hidden[] | undefined;
        readonly subject: number;
        readonly timeMs: number;
      }
    | undefined;

  let recorder: Recorder | undefined;
  const inTurn = createTurns();

  const draw = (): Shown => {
    if (last === undefined || settings === undefined) return { ms: 0, isPulling: false };
    const started = performance.now();
    const { picture, mattes, hidden, subject, timeMs } = last;
    const matte = mattes.length === 0 ? undefined : medianMatte(mattes);
    const { mode, look, backdrop, cover } = settings;
    const paint = (): Painted => {
      // Covered first: nothing that is hidden may reach what is made of the frame then.
      if (mode === 'hide') return painter.paint(coverPicture(picture, hidden, cover), { subject, timeMs }, look);
      if (mode === 'everyone' && backdrop.kind !== 'blur' && matte !== undefined) {
        return { shown: backdrops.put(painter.render(picture, { subject, timeMs }, look), matte, backdrop) };
      }
      return painter.paint(picture, { ...(matte !== undefined && { matte }), subject, timeMs }, look);
    };
    const { shown, by } = paint();
    put(shown);
    if (canvas !== undefined) recorder?.addFrame(canvas, timeMs);
    const { isPulling, note } = painter;
    return { ms: performance.now() - started, isPulling, drawnBy: by, cardNote: note };
  };

  const put = (shown: Painted['shown']): void => {
    if (canvas === undefined || context === undefined) return;
    const { width, height } = shown;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (shown instanceof ImageBitmap) {
      context.drawImage(shown, 0, 0);
      shown.close();
      return;
    }
    const { data } = shown;
    const bytes = new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length);
    context.putImageData(new ImageData(bytes, width, height), 0, 0);
  };

  return {
    /** The parameters of the look, for controls. */
    describe: (): readonly ParameterInfo[] => describeParameters({ schema: focusLook }),

    /** What a file holds that does not play. */
    facts: ({ file }: { file: Blob }): Promise<VideoFacts> => readVideoFacts(file),

    /** The canvas that is seen. */
    attach({ canvas: given }: { canvas: OffscreenCanvas }): void {
      canvas = given;
      // Pictures of a graphics card stay on it; all others come from main memory.
      context = given.getContext('2d', { alpha: false, willReadFrequently: !painter.hasCard }) ?? undefined;
      if (context === undefined) throw new FocalError('device-unavailable', 'This browser gives no canvas to draw on.');
    },

    /** The picture that stands behind people where the backdrop is one. */
    setBackdrop: ({ file }: { file: Blob }): Promise<void> => backdrops.setPicture(file),

    configure(next: RenderSettings): void {
      const isNew = settings?.mode !== next.mode;
      settings = next;
      painter.wish(next.drawnBy);
      // What is still seen from before is not hidden.
      if (isNew && next.mode === 'hide') draw();
    },

    show: ({ frame, shape, mattes, hidden, subject, timeMs }: ShowRequest): Promise<Shown> =>
      inTurn(async () => {
        const started = performance.now();
        last = { picture: await reader.read(frame, shape), mattes, hidden, subject, timeMs };
        return { ...draw(), ms: performance.now() - started };
      }),

    /** The last frame once more: the settings have changed, or what is sharp in it. */
    again({ mattes, subject, timeMs }: { mattes?: readonly Matte[]; subject?: number; timeMs: number }): Shown {
      if (last === undefined) return { ms: 0, isPulling: false };
      last = { ...last, timeMs, mattes: mattes ?? last.mattes, subject: subject ?? last.subject };
      return draw();
    },

    /** Forgets the source: what comes next is another. */
    restart: (): Promise<void> =>
      inTurn(() => {
        painter.restart();
        last = undefined;
      }),

    /** Records what is shown from now on; gives the file's extension. */
    async record(options: Omit<RecorderOptions, 'width' | 'height'>): Promise<string> {
      if (recorder !== undefined || last === undefined) {
        throw new FocalError('invalid-argument', 'There is nothing to record, or it is recorded already.');
      }
      const { width, height } = last.picture;
      recorder = await createRecorder({ ...options, width, height });
      return recorder.extension;
    },

    pauseRecording({ isPaused, timeMs }: { isPaused: boolean; timeMs: number }): void {
      if (isPaused) recorder?.pause(timeMs);
      else recorder?.resume(timeMs);
    },

    /** Ends the recording and gives the file; nothing where none was under way. */
    async finishRecording(): Promise<Blob | undefined> {
      const ended = recorder;
      recorder = undefined;
      return ended?.finish();
    },

    /** What is seen, as a PNG. */
    async snapshot(): Promise<Blob> {
      if (canvas === undefined || last === undefined)
        throw new FocalError('invalid-argument', 'There is no picture yet.');
      return canvas.convertToBlob({ type: 'image/png' });
    },
  };
}

export type RenderHandlers = ReturnType<typeof createRenderHandlers>;

/** Makes the worker it is called in the one that draws what is seen. */
export function serveRender(port: Port): void {
  serveWorker(port, createRenderHandlers());
}
