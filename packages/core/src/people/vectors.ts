import { instantiate, type Program } from '../filters/assemble.ts';
import { compileMeasureDistances, LANES, type MeasureDistances, measureDistances } from './distance-kernel.ts';

/** How many distances are measured at a time. */
export const MOST_AT_ONCE = 1024;

/** Vectors of one length side by side in memory that grows, each in its slot, and distances between them. */
export interface VectorStore {
  readonly dimensions: number;
  /** Makes room for this slot and writes it. */
  set(slot: number, vector: Float32Array): void;
  /** Overwrites with zeros: who somebody is stays nowhere. */
  clear(slot: number): void;
  /** A view: good until the store grows. */
  get(slot: number): Float32Array;
  /** The slot whose vector the next measures start from. */
  startFrom(slot: number): void;
  /** A vector that the next measures start from. */
  startFromVector(vector: Float32Array): void;
  /** Slots to measure are written here, {@link MOST_AT_ONCE} at most. Good until the store grows. */
  readonly slots: Int32Array;
  /** Writes the squared distances to the first so many of `slots` into `distances`. */
  measure(count: number): void;
  readonly distances: Float32Array;
}

export interface VectorStoreOptions {
  /** `false` measures with the reference instead of WebAssembly. Default: where the engine has it. */
  readonly useWasm?: boolean;
}

export function createVectorStore(dimensions: number, options: VectorStoreOptions = {}): VectorStore {
  const length = Math.ceil(dimensions / LANES) * LANES;
  const stride = length * 4;
  // The vector that is asked about, slots to measure, distances (and what the kernel writes beyond them), vectors.
  const slotsAt = stride;
  const distancesAt = slotsAt + MOST_AT_ONCE * 4;
  const vectorsAt = distancesAt + MOST_AT_ONCE * 4 + 16;
  const program = options.useWasm === false ? undefined : compileMeasureDistances();
  let memory = createMemory(program, vectorsAt + 64 * stride);
  let start = 0;

  const offsetOf = (slot: number): number => vectorsAt / 4 + slot * length;

  return {
    dimensions,
    set(slot, vector) {
      const needed = vectorsAt + (slot + 1) * stride;
      if (memory.floats.byteLength < needed) {
        const grown = createMemory(program, Math.max(needed, memory.floats.byteLength * 1.5));
        grown.floats.set(memory.floats);
        // Nobody can give the old memory back early: nothing of people is to lie in it until then.
        memory.floats.fill(0);
        memory = grown;
      }
      memory.floats.set(vector, offsetOf(slot));
    },
    clear(slot) {
      memory.floats.fill(0, offsetOf(slot), offsetOf(slot) + length);
    },
    get: (slot) => memory.floats.subarray(offsetOf(slot), offsetOf(slot) + dimensions),
    startFrom(slot) {
      start = offsetOf(slot) * 4;
    },
    startFromVector(vector) {
      memory.floats.set(vector, 0);
      start = 0;
    },
    get slots() {
      return memory.words.subarray(slotsAt / 4, slotsAt / 4 + MOST_AT_ONCE);
    },
    measure(count) {
      memory.measure(count, start, slotsAt, vectorsAt, stride, distancesAt);
    },
    get distances() {
      return memory.floats.subarray(distancesAt / 4, distancesAt / 4 + MOST_AT_ONCE);
    },
  };
}

interface Memory {
  readonly floats: Float32Array;
  readonly words: Int32Array;
  readonly measure: MeasureDistances;
}

function createMemory(program: Program | undefined, byteLength: number): Memory {
  if (program === undefined) {
    const buffer = new ArrayBuffer(Math.ceil(byteLength / 16) * 16);
    return { floats: new Float32Array(buffer), words: new Int32Array(buffer), measure: measureDistances(buffer) };
  }
  const { buffer, exports } = instantiate(program, byteLength);
  return {
    floats: new Float32Array(buffer),
    words: new Int32Array(buffer),
    measure: exports.measure as MeasureDistances,
  };
}
