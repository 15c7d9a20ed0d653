import type { Pass } from '../async/plan.ts';
import type { Allocate } from '../picture/picture.ts';

// [Note: memory of a recipe] The passes of a plan run one after another, so what the last reader of some memory has read
// may be written over by the passes that follow. While a recipe's plan is built, memory that no later pass reads is
// given to the next that asks for as much of it, or for more than half. Which, depends on sizes only: every thread that
// builds the plan does the same.

const BLOCK_BYTES = 1 << 20;
/** Used memory may be this many times as large as what is asked for. */
const MOST_SPARE = 2;

export interface Recycler {
  /** Memory, new or used. Where used one has to be zeros, a pass that clears it is added to the plan's passes at once. */
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
  const free: ArrayBufferLike[] = [];

  /** The smallest that is large enough, but not much too large. */
  function takeFree(byteLength: number): ArrayBufferLike | undefined {
    let best = -1;
    for (const [index, { byteLength: size }] of free.entries()) {
      const isFit = size >= byteLength && size <= byteLength * MOST_SPARE;
      if (isFit && (best < 0 || size <= (free[best] as ArrayBufferLike).byteLength)) best = index;
    }
    return best < 0 ? undefined : free.splice(best, 1)[0];
  }

  return {
    allocate(byteLength, contents = 'zeros') {
      const used = takeFree(byteLength);
      if (used !== undefined && contents === 'zeros') passes.push(clearing(used, byteLength));
      const buffer = used ?? allocate(byteLength, contents);
      taken.push(buffer);
      return buffer;
    },
    mark: () => taken.length,
    settle(mark, kept) {
      for (const buffer of taken.splice(mark)) {
        if (kept.includes(buffer)) live.add(buffer);
        else free.push(buffer);
      }
    },
    release(buffer) {
      if (live.delete(buffer)) free.push(buffer);
    },
  };
}

function clearing(buffer: ArrayBufferLike, byteLength: number): Pass {
  // Shared memory is filled an element at a time, so by words where whole ones are there.
  const words = new Int32Array(buffer, 0, byteLength >> 2);
  const rest = new Uint8Array(buffer, words.byteLength, byteLength - words.byteLength);
  return {
    name: 'clear',
    rows: Math.max(1, Math.ceil(byteLength / BLOCK_BYTES)),
    run: (from, to) => {
      words.fill(0, (from * BLOCK_BYTES) >> 2, (to * BLOCK_BYTES) >> 2);
      if (to * BLOCK_BYTES >= byteLength) rest.fill(0);
    },
  };
}
