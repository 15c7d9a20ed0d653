import type { Pass } from '../async/plan.ts';
import type { Allocate } from '../picture/picture.ts';

// [Note: memory of a recipe] The passes of a plan run one after another, so what the last reader of some memory has read
// may be written over by the passes that follow. While a recipe's plan is built, memory that no later pass reads is
// given to the next that asks for as much of it. Which, depends on sizes only: every thread that builds the plan
// does the same.

const BLOCK_BYTES = 1 << 20;

export interface Recycler {
  /** Memory of zeros, new or used. For used one a pass that clears it is added to the plan's passes at once. */
  readonly allocate: Allocate;
  /** A place in time, for {@link Recycler.settle}. */
  mark(): number;
  /**
   * To be called when all passes are in the plan that use what was allocated since the mark: that is free for others,
   * but for `kept`, which stays until it is released. Marks nest.
   */
  settle(mark: number, kept: readonly ArrayBufferLike[]): void;
  /** Frees what was kept; memory that came from elsewhere is left alone. */
  release(buffer: ArrayBufferLike): void;
}

/** @param passes the plan's, which grow while it is built */
export function createRecycler(allocate: Allocate, passes: Pass[]): Recycler {
  const taken: ArrayBufferLike[] = [];
  const live = new Set<ArrayBufferLike>();
  const free = new Map<number, ArrayBufferLike[]>();

  function give(buffer: ArrayBufferLike): void {
    const same = free.get(buffer.byteLength);
    if (same === undefined) free.set(buffer.byteLength, [buffer]);
    else same.push(buffer);
  }

  return {
    allocate: (...request: Parameters<Allocate>) => {
      const used = free.get(request[0])?.pop();
      if (used !== undefined) passes.push(clearing(used));
      const buffer = used ?? allocate(...request);
      taken.push(buffer);
      return buffer;
    },
    mark: () => taken.length,
    settle(mark, kept) {
      for (const buffer of taken.splice(mark)) {
        if (kept.includes(buffer)) live.add(buffer);
        else give(buffer);
      }
    },
    release(buffer) {
      if (live.delete(buffer)) give(buffer);
    },
  };
}

function clearing(buffer: ArrayBufferLike): Pass {
  const bytes = new Uint8Array(buffer);
  return {
    name: 'clear',
    rows: Math.max(1, Math.ceil(bytes.length / BLOCK_BYTES)),
    run: (from, to) => {
      bytes.fill(0, from * BLOCK_BYTES, to * BLOCK_BYTES);
    },
  };
}
