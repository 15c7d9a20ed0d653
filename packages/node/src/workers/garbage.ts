import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** `minor` looks at what was made last, in about a millisecond; `major` at everything. */
export type CollectGarbage = (kind: 'minor' | 'major') => void;

// [Note: shared memory is freed late] A shared picture is freed when every thread has let go of it. To the collector of
// a thread its handle weighs next to nothing, so an idle thread, and a main thread that only waits, would hold hundreds
// of megabytes for as long as nothing else happens. So each thread does a minor collection when a job is over, and a
// major one when it is told to. A major one also throws away the machine code that was made for the shapes of messages
// and plans now gone: rendering a 12 MP cut-out then takes 400 ms instead of 240. So it waits for a longer pause, or for
// much to gather.

/** The engine's own collector, which it hides by default. Does nothing where it cannot be had. */
export function createGarbageCollector(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('typeof gc === "function" ? gc : undefined');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => {};
  // Asked for `{ type: 'major' }`, Node 20 does a minor one; asked for nothing, every version does a major one.
  return (kind) => void (kind === 'major' ? collect() : collect({ type: kind }));
}

/** Megabytes that a thread with room may hold before all of them are looked at. */
const ROOM_MB = 128;

/**
 * Threads that start from now on, until what is returned is called, have room. Else the engine, which counts a frame's
 * memory but hardly sees how short-lived it is, looks at everything once for each frame of a video and throws away the
 * machine code it has made, which takes half of the time.
 */
export function giveRoom(): () => void {
  setFlagsFromString(`--initial-old-space-size=${ROOM_MB}`);
  return () => setFlagsFromString('--initial-old-space-size=0');
}
