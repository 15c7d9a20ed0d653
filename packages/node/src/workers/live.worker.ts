import {
  type Box,
  createFocusRenderer,
  createPicture,
  FocalError,
  type FocusRenderer,
  fitSize,
  focusLook,
  isInBox,
  type Picture,
  resizePicture,
} from '@focal/core';
import { createFollower, type FollowedFrame, type Follower } from '@focal/models';
import { decodePicture } from '../codec/decode.ts';
import { encodePicture } from '../codec/encode.ts';
import type { LiveFrameInput, LiveJobs } from './live-jobs.ts';
import { takeSetup } from './take-setup.ts';
import { serveJobs } from './worker-main.ts';

// Before the runtime starts threads of its own, which take its priority over.
const { profile, openRuntime, openStore } = takeSetup();

/** Frames of more pixels are refused before decoding: no camera has them. */
const MAX_FRAME_PIXELS = 34e6;
const LOCKED: readonly [number, number, number] = [60, 220, 120];
const POINTED: readonly [number, number, number] = [255, 180, 40];

interface Live {
  readonly follower: Follower;
  readonly renderer: FocusRenderer;
  readonly close: () => Promise<void>;
  /** Grows with each lock, so that the focus is pulled. */
  subject: number;
}

let live: Live | undefined;

serveJobs<LiveJobs>(
  {
    async 'live-open'({ quality }) {
      await live?.close();
      live = undefined;
      const runtime = await openRuntime();
      const store = openStore();
      const follower = await createFollower({ runtime, store, profile, quality });
      const close = async (): Promise<void> => {
        await follower.close();
        await runtime.close();
      };
      live = { follower, renderer: createFocusRenderer(), subject: 0, close };
      // The first frame then takes no longer than others.
      await follower.step(createPicture(64, 64));
      return { result: { device: runtime.device, tracker: follower.tracker } };
    },
    async 'live-frame'(input) {
      if (live === undefined) throw new FocalError('internal', 'A frame came before the session was open.');
      const timings: Record<string, number> = {};
      const timed = async <T>(name: string, work: () => Promise<T> | T): Promise<T> => {
        const start = performance.now();
        const result = await work();
        timings[name] = Math.round((performance.now() - start) * 10) / 10;
        return result;
      };
      const frame = await timed('decode', () => readFrame(input));
      const { followed, isMissed } = await follow(live, frame, input);
      Object.assign(timings, followed.timings);
      const focus = {
        subject: live.subject,
        timeMs: input.timeMs,
        ...(followed.matte !== undefined && { matte: followed.matte }),
      };
      const { renderer } = live;
      const shown = await timed('render', () => renderer.render(frame, focus, focusLook.parse(input.look)));
      const marked = input.boxes === undefined ? shown : markBoxes(shown, followed, input.boxes.pointer);
      const encoded = await timed('encode', () =>
        encodePicture(marked, { format: 'jpeg', quality: input.jpegQuality }),
      );
      const bytes = Uint8Array.from(encoded);
      const { width, height } = frame;
      const { view, detections } = followed;
      return { result: { bytes, width, height, view, detections, isMissed, timings }, transfer: [bytes.buffer] };
    },
  },
  async () => {
    await live?.close();
  },
);

async function readFrame({ bytes, maxSide }: LiveFrameInput): Promise<Picture> {
  const { picture } = await decodePicture(bytes, { maxPixels: MAX_FRAME_PIXELS, colorSpace: 'srgb' });
  if (Math.max(picture.width, picture.height) <= maxSide) return picture;
  const { width, height } = fitSize(picture, maxSide);
  return resizePicture(picture, width, height, { filter: 'area' });
}

async function follow(
  of: Live,
  frame: Picture,
  { release, lock, detectEvery }: LiveFrameInput,
): Promise<{ readonly followed: FollowedFrame; readonly isMissed: boolean }> {
  if (detectEvery !== undefined) of.follower.setDetectEvery(detectEvery);
  if (release === true) of.follower.release();
  if (lock === undefined) return { followed: await of.follower.step(frame), isMissed: false };
  const locked = await of.follower.lockAt(frame, lock, { pick: lock.pick ?? false });
  if (locked === undefined) return { followed: await of.follower.step(frame), isMissed: true };
  of.subject++;
  return { followed: locked, isMissed: false };
}

/** The frame with boxes drawn on it: the subject's, and that of what is under the pointer. */
function markBoxes(
  picture: Picture,
  { view, detections }: FollowedFrame,
  pointer: { readonly x: number; readonly y: number } | undefined,
): Picture {
  const marked = { ...picture, data: Uint8Array.from(picture.data) };
  const pointed = pointer === undefined ? undefined : detections.find(({ box }) => isInBox(pointer, box));
  if (pointed !== undefined) drawBox(marked, pointed.box, POINTED);
  if (view.box !== undefined) drawBox(marked, view.box, LOCKED);
  return marked;
}

function drawBox({ width, height, data }: Picture, box: Box, [r, g, b]: readonly [number, number, number]): void {
  const left = Math.max(0, Math.min(width - 1, Math.round(box.x * width)));
  const top = Math.max(0, Math.min(height - 1, Math.round(box.y * height)));
  const right = Math.max(left, Math.min(width - 1, Math.round((box.x + box.width) * width)));
  const bottom = Math.max(top, Math.min(height - 1, Math.round((box.y + box.height) * height)));
  const line = Math.max(1, Math.round(Math.max(width, height) / 320));
  for (let y = top; y <= bottom; y++) {
    const isEdge = y < top + line || y > bottom - line;
    for (let x = left; x <= right; x++) {
      if (isEdge || x < left + line || x > right - line) data.set([r, g, b], (y * width + x) * 4);
    }
  }
}
