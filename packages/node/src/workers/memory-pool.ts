// [Note: memory of large pictures] Fresh memory costs a page fault for every 4 KB at its first touch, which for a 12 MP
// edit takes longer than encoding it, and leaves garbage that is freed late. So the memory of an edit that is over is
// lent to the next: pictures out of one camera need the same sizes again.

/** Shared memory that is used again. */
export interface MemoryPool {
  /** The memory of one piece of work. Asking for it costs nothing. */
  lend(): Lease;
  /** Bytes that are kept and not lent. */
  readonly idleBytes: number;
  /** Lets go of all that is not lent. */
  clear(): void;
}

/** The memory of one piece of work. Not given back, it is left to the collector. */
export interface Lease {
  /** Memory that was used before holds what was left there: `isClear` is false. */
  take(byteLength: number): { readonly buffer: SharedArrayBuffer; readonly isClear: boolean };
  /** Any used memory of a size that was given back as `kind`, where its size is not known yet. */
  takeSpare(kind: string): SharedArrayBuffer | undefined;
  /** Gives memory back that was not taken here, to be used as a spare too. */
  add(kind: string, buffer: SharedArrayBuffer): void;
  /** Gives everything back. No thread may use it any more. */
  end(): void;
}

/** Less is not worth the trouble. */
const LEAST_BYTES = 1 << 16;

/** @param maxBytes So much is kept at most while it is not lent; the longest unused goes first. */
export function createMemoryPool(maxBytes: number): MemoryPool {
  let idle: { readonly buffer: SharedArrayBuffer; readonly kind: string }[] = [];

  function takeIdle(fits: (entry: (typeof idle)[number]) => boolean): SharedArrayBuffer | undefined {
    const index = idle.findLastIndex(fits);
    return index < 0 ? undefined : idle.splice(index, 1)[0]?.buffer;
  }

  function countIdle(): number {
    return idle.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }

  return {
    get idleBytes() {
      return countIdle();
    },
    lend() {
      let taken: typeof idle = [];
      return {
        take(byteLength) {
          const used = takeIdle(({ buffer }) => buffer.byteLength === byteLength);
          const buffer = used ?? new SharedArrayBuffer(byteLength);
          if (byteLength >= LEAST_BYTES) taken.push({ buffer, kind: '' });
          return { buffer, isClear: used === undefined };
        },
        takeSpare: (kind) => takeIdle((entry) => entry.kind === kind),
        add(kind, buffer) {
          if (buffer.byteLength >= LEAST_BYTES) taken.push({ buffer, kind });
        },
        end() {
          idle.push(...taken);
          taken = [];
          while (countIdle() > maxBytes) idle.shift();
        },
      };
    },
    clear() {
      idle = [];
    },
  };
}
