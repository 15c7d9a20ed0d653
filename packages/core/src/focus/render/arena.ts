import type { Allocate } from '../../picture/picture.ts';

/** Memory for plans that are built again and again for pictures of one size: each gets what the one before had. */
export interface Arena {
  readonly allocate: Allocate;
  /** What was given out is free for the next plan. */
  reset(): void;
}

export function createArena(): Arena {
  const buffers: ArrayBuffer[] = [];
  let next = 0;
  return {
    allocate(byteLength, contents = 'zeros') {
      const used = buffers[next];
      if (used !== undefined && used.byteLength === byteLength) {
        next++;
        if (contents === 'zeros') new Uint8Array(used).fill(0);
        return used;
      }
      const buffer = new ArrayBuffer(byteLength);
      buffers[next++] = buffer;
      return buffer;
    },
    reset() {
      buffers.length = next;
      next = 0;
    },
  };
}
