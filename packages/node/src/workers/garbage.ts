import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** `minor` looks at what was made last, in about a millisecond; `major` at everything. */
export type CollectGarbage = (kind: 'minor' | 'major') => void;

// [Note: shared memory is freed late] A shared picture is freed when every thread has let go of it. To the collector of
// a thread its handle weighs next to nothing, so an idle thread, and a main thread that only waits, would hold hundreds
// of megabytes for as long as nothing else happens. So both look when a piece of work is over.

/** The engine's own collector, which it hides by default. Does nothing where it cannot be had. */
export function createGarbageCollector(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('typeof gc === "function" ? gc : undefined');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => {};
  // Asked for `{ type: 'major' }`, Node 20 does a minor one; asked for nothing, every version does a major one.
  return (kind) => void (kind === 'major' ? collect() : collect({ type: kind }));
}

/** So many bytes may gather before a major collection is worth its time, and the warm code that it throws away. */
const GARBAGE_BYTES = 128 * 2 ** 20;
/** A thread that has had nothing to do for so long collects what there is. */
const IDLE_MS = 500;

/**
 * To be called after each piece of work: a minor collection at once, a major one when much has gathered or when nothing
 * else comes.
 */
export function createTidier(collect: CollectGarbage = createGarbageCollector()): () => void {
  let keptBytes = 0;
  let idle: NodeJS.Timeout | undefined;
  const collectAll = () => {
    collect('major');
    keptBytes = process.memoryUsage().arrayBuffers;
  };
  return () => {
    clearTimeout(idle);
    collect('minor');
    if (process.memoryUsage().arrayBuffers > keptBytes + GARBAGE_BYTES) collectAll();
    else idle = setTimeout(collectAll, IDLE_MS).unref();
  };
}
