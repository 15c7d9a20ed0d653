import { fitSize, type Hidden, type Matte } from '@focal/core';
import type { WorkerClient } from '../worker/client.ts';
import type { FollowHandlers, LockRequest } from './follow-worker.ts';
import type { RenderHandlers, RenderSettings, Shown } from './render-worker.ts';
import type { FollowSettings, LiveFollowed, LiveFrame } from './types.ts';

/** A frame that a source has. */
export interface OfferedFrame {
  /** The frame, once it is worked on: taking costs, and most are dropped. Nothing where the source has none any more. */
  take(): LiveFrame | undefined;
  readonly width: number;
  readonly height: number;
  /** When it was captured, on a clock that never goes back. */
  readonly timeMs: number;
}

export interface PipelineSettings extends FollowSettings, RenderSettings {
  readonly isMirrored: boolean;
  /** The long side of the picture that is followed, and of the one that is shown. */
  readonly followSide: number;
  readonly showSide: number;
  /**
   * 0: a picture is shown at once, with what was sharp in the one before. 1: it waits for what is sharp in itself.
   * 2 and 3: also for the one or two after it, which steadies the edges. Where something is hidden it always waits.
   */
  readonly delay: 0 | 1 | 2 | 3;
  /** Whether no frames come for now but single ones, which are not held back for others. */
  readonly isStill: boolean;
}

export interface PipelineEvents {
  /** A picture was shown, with what is known of it; where it was not waited for, of the one before. */
  onShown(shown: Shown, followed: LiveFollowed | undefined): void;
  readonly onError: (error: unknown) => void;
}

/**
 * Leads frames through the worker that follows and the one that draws, one in each: the newest wins, what comes in
 * between is dropped. Handles only; all pixels stay with the workers.
 */
export interface LivePipeline {
  configure(settings: PipelineSettings): void;
  offer(frame: OfferedFrame): void;
  /** Locks in the last frame that was followed; gives nothing where nothing is there. */
  lock(request: LockRequest): Promise<LiveFollowed | undefined>;
  release(): Promise<void>;
  /** Another source. */
  restart(): Promise<void>;
  /** Shows what is held back: no more frames come for now. */
  flush(): void;
  /** Draws the last picture again: settings or the subject have changed, or the focus still moves. */
  redraw(): Promise<void>;
}

interface TakenFrame extends Omit<OfferedFrame, 'take'> {
  readonly frame: LiveFrame;
  /** As it is followed, it is shown: what was found in it lies where it was found. */
  readonly isMirrored: boolean;
}

interface Held {
  readonly offered: TakenFrame;
  readonly followed: LiveFollowed | undefined;
}

export function createLivePipeline(
  follow: WorkerClient<FollowHandlers>,
  render: WorkerClient<RenderHandlers>,
  events: PipelineEvents,
): LivePipeline {
  let settings: PipelineSettings | undefined;
  let waiting: OfferedFrame | undefined;
  let isFollowing = false;
  /** Pictures that the drawing worker has not finished. */
  let drawing = 0;
  let held: Held[] = [];
  /** What is known of the newest frames, the last one last. */
  let newest: (LiveFollowed | undefined)[] = [];
  let subject = 0;
  /** Counts sources: what comes of an older one is dropped. */
  let source = 0;

  const shapeFor = ({ width, height, isMirrored }: TakenFrame, longSide: number) => ({
    ...fitSize({ width, height }, longSide),
    isMirrored,
  });

  /** What hides whom the settings say, in a frame and those right after it; nothing where that is not known. */
  function hiddenIn(followed: readonly (LiveFollowed | undefined)[]): readonly Hidden[] | undefined {
    const all = followed.map((each) => each?.hidden);
    const wanted = settings?.hide;
    const areMeant = all.every(
      (each) =>
        each !== undefined && each.settings.what === wanted?.what && each.settings.sparesLocked === wanted.sparesLocked,
    );
    return areMeant ? all.flatMap((each) => each?.outlines ?? []) : undefined;
  }

  async function show(
    { offered, followed }: Held,
    mattes: readonly Matte[],
    showSide: number,
    hidden?: readonly Hidden[],
  ): Promise<void> {
    drawing++;
    const { frame, timeMs } = offered;
    const shape = shapeFor(offered, showSide);
    try {
      const transfer: Transferable[] = frame.kind === 'captured' ? [frame.frame] : [];
      const shown = await render.call('show', { frame, shape, mattes, hidden, subject, timeMs }, { transfer });
      events.onShown(shown, followed);
    } catch (error) {
      closeFrame(frame);
      events.onError(error);
    } finally {
      drawing--;
      pump();
    }
  }

  async function followNext(offered: TakenFrame, now: PipelineSettings): Promise<void> {
    const of = source;
    const delay = delayOf(now);
    const copy: TakenFrame = { ...offered, frame: copyFrame(offered.frame) };
    if (delay === 0) {
      const before = newest.at(-1);
      void show({ offered: copy, followed: before }, mattesOf([before]), now.showSide);
    }
    const { frame } = offered;
    const shape = shapeFor(offered, now.followSide);
    const { mode, quality, detectEvery, hide } = now;
    const followed = await follow
      .call(
        'frame',
        {
          frame,
          shape,
          settings: { mode, quality, detectEvery, hide },
          sentMs: performance.timeOrigin + performance.now(),
        },
        { transfer: frame.kind === 'captured' ? [frame.frame] : [] },
      )
      .catch((error: unknown) => {
        closeFrame(frame);
        events.onError(error);
        return undefined;
      });
    if (of !== source) return delay === 0 ? undefined : closeFrame(copy.frame);
    newest = [...newest, followed].slice(-5);
    if (delay > 0) {
      held.push({ offered: copy, followed });
      while (held.length >= delay) showOldest(now);
    }
  }

  /** The oldest of those held back, with the mattes of as many frames before it as after it. */
  function showOldest(now: PipelineSettings): void {
    const after = held.length - 1;
    const next = held.shift();
    if (next === undefined) return;
    const around = mattesOf(newest.slice(-(2 * after + 1)));
    const own = mattesOf([next.followed]);
    // A face that is found a frame later was there before.
    const hidden = hiddenIn([next.followed, ...held.map(({ followed }) => followed)]);
    void show(next, own.length === 1 && around.length === 2 * after + 1 ? around : own, now.showSide, hidden);
  }

  function pump(): void {
    // One picture may be drawn while the next frame is followed, no more: what waits longer is old.
    if (waiting === undefined || settings === undefined || isFollowing || drawing > 1) return;
    const { width, height, timeMs } = waiting;
    const frame = waiting.take();
    waiting = undefined;
    if (frame === undefined) return;
    isFollowing = true;
    const { isMirrored } = settings;
    void followNext({ frame, width, height, timeMs, isMirrored }, settings).finally(() => {
      isFollowing = false;
      pump();
    });
  }

  function drop(): void {
    waiting = undefined;
    for (const { offered } of held.splice(0)) closeFrame(offered.frame);
  }

  return {
    configure(next) {
      settings = next;
      const { mode, look, backdrop, cover, drawnBy } = next;
      render.call('configure', { mode, look, backdrop, cover, drawnBy }).catch(events.onError);
      while (held.length >= Math.max(1, delayOf(next))) showOldest(next);
    },
    offer(offered) {
      waiting = offered;
      pump();
    },
    async lock(request) {
      const followed = await follow.call('lock', request);
      if (followed === undefined) return undefined;
      subject++;
      newest = [followed];
      return followed;
    },
    async release() {
      await follow.call('release', undefined);
      const { detections = [] } = newest.at(-1) ?? {};
      newest = [{ view: { state: 'idle', confidence: 0 }, detections, timings: {}, ms: 0 }];
    },
    async restart() {
      source++;
      drop();
      newest = [];
      await Promise.all([follow.call('restart', undefined), render.call('restart', undefined)]);
    },
    flush() {
      while (settings !== undefined && held.length > 0) showOldest(settings);
    },
    async redraw() {
      const followed = newest.at(-1);
      const timeMs = performance.now();
      events.onShown(await render.call('again', { mattes: mattesOf([followed]), subject, timeMs }), followed);
    },
  };
}

function delayOf({ mode, delay, isStill }: PipelineSettings): number {
  const most = isStill ? Math.min(1, delay) : delay;
  return mode === 'hide' ? Math.max(1, most) : most;
}

function mattesOf(followed: readonly (LiveFollowed | undefined)[]): readonly Matte[] {
  return followed.flatMap((each) => each?.matte ?? []);
}

function copyFrame(frame: LiveFrame): LiveFrame {
  return frame.kind === 'captured' ? { kind: 'captured', frame: frame.frame.clone() } : frame;
}

function closeFrame(frame: LiveFrame): void {
  // Closing twice, or what went to a worker, is nothing.
  if (frame.kind === 'captured') frame.frame.close();
}
