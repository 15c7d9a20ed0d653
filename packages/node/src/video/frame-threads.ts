import { availableParallelism } from 'node:os';
import { type Allocate, createPicture, type Picture } from '@focal/core';
import type { FrameInWork } from '@focal/video';
import type { DrawJobs } from '../workers/draw-jobs.ts';
import { createDrawPool, DRAWN_AHEAD } from '../workers/pools.ts';
import type { Priority } from '../workers/priority.ts';

/** Threads that draw frames while the caller looks at the next ones. Owned by the caller, who closes them. */
export interface FrameThreads {
  /** How many frames of this size may be in work at once. */
  inWork(size: { readonly width: number; readonly height: number }): number;
  /** Memory for a frame that is to be drawn here: it is then drawn where it lies. Not cleared. */
  readonly allocate: Allocate;
  /**
   * Has the frame, or a copy of it where it lies elsewhere, drawn over once it is known how. `release` gives its memory
   * to a later frame.
   */
  draw<K extends keyof DrawJobs>(
    kind: K,
    picture: Picture,
    input: Omit<DrawJobs[K]['input'], 'picture'> | Promise<Omit<DrawJobs[K]['input'], 'picture'>>,
  ): FrameInWork;
  close(): Promise<void>;
}

export interface FrameThreadsOptions {
  readonly priority: Priority;
  /** Of the whole machine, at most. */
  readonly threads?: number | undefined;
}

/** Beyond this many threads what looks at frames, in order, sets the pace. */
const MOST_THREADS = 4;
/** A thread keeps some 30 bytes for each pixel of a frame: what all of them may work on at once. */
const MOST_PIXELS = 18e6;
/** What waits for a thread, or for its turn to be written, takes its own four bytes a pixel: so many of all such frames. */
const MOST_WAITING = 12e6;

export function createFrameThreads({ priority, threads = availableParallelism() }: FrameThreadsOptions): FrameThreads {
  const size = Math.max(1, Math.min(MOST_THREADS, threads - 1));
  const pool = createDrawPool(size, priority);
  let free: SharedArrayBuffer[] = [];
  /** Memory that was given out for frames. */
  const given = new WeakSet<ArrayBufferLike>();

  function take(byteLength: number): SharedArrayBuffer {
    // Memory of another size is of a video before this one.
    free = free.filter((each) => each.byteLength === byteLength);
    return free.pop() ?? new SharedArrayBuffer(byteLength);
  }

  function copy({ width, height, data, colorSpace }: Picture): Picture {
    const picture = createPicture(width, height, { data: new Uint8Array(take(data.length)), colorSpace });
    picture.data.set(data);
    return picture;
  }

  return {
    allocate(byteLength) {
      const memory = take(byteLength);
      given.add(memory);
      return memory;
    },
    inWork({ width, height }) {
      const drawn = Math.max(1, Math.min(size, Math.floor(MOST_PIXELS / (width * height))));
      if (drawn < size) return drawn;
      // Frames take unlike long to be looked at: those that are ahead keep all threads busy.
      return drawn + Math.min(size * (DRAWN_AHEAD - 1), Math.floor(MOST_WAITING / (width * height)));
    },
    draw(kind, frame, input) {
      let memory: SharedArrayBuffer | undefined;
      const draw = async (): Promise<Picture> => {
        const how = await input;
        const picture = given.has(frame.data.buffer) ? frame : copy(frame);
        memory = picture.data.buffer as SharedArrayBuffer;
        await pool.run(kind, { ...how, picture } as DrawJobs[typeof kind]['input']);
        return picture;
      };
      return { picture: draw(), release: () => memory !== undefined && free.push(memory) };
    },
    close: () => pool.close(),
  };
}
