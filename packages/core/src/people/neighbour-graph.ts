import { MOST_AT_ONCE, type VectorStore } from './vectors.ts';

/** Links that a new node gets, that there is room for, on the lowest level and above, and that are left when it is full. */
const NEW_LINKS = 12;
const LOW_LINKS = 32;
const LINKS = 16;
const KEPT_SHARE = 0.7;
/** One node in so many reaches one level more. */
const LEVEL_STEP = 12;
/** How many candidates a search keeps in hand. */
const BREADTH = 48;
/** Nearest ones remembered of each node. */
const NEAR = 12;

export interface Neighbour {
  readonly slot: number;
  /** Squared, Euclidean. */
  readonly distance: number;
}

/** The graph as plain data, by slot: -1 where there is nothing. */
export interface GraphState {
  readonly entry: number;
  /** Number of levels of each slot; 0 is no node. */
  readonly levels: Uint8Array;
  readonly low: Int32Array;
  /** Links above the lowest level: slot, level, then its links, one run after the other. */
  readonly high: Int32Array;
  readonly near: Int32Array;
  readonly nearDistances: Float32Array;
}

/**
 * Finds nearest vectors without looking at all: a hierarchy of graphs of neighbours (HNSW: Malkov and Yashunin 2018,
 * "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small World graphs"). What
 * level a node reaches is a hash of its slot, so that the same steps give the same graph. Beside it stand the nearest
 * ones of each node, kept up to date as nodes come and go: what clusters are made of.
 */
export interface NeighbourGraph {
  /** Links the vector in this slot. */
  insert(slot: number): void;
  /** Takes nodes out and mends the links of those who knew them: one pass over all, however many. */
  remove(slots: ReadonlySet<number>): void;
  /** Nearest first. Approximate. */
  search(vector: Float32Array, limit: number): readonly Neighbour[];
  /** The slots of the nearest ones remembered of a node, in no order; -1 where there are fewer. A view. */
  near(slot: number): Int32Array;
  toState(): GraphState;
}

export function createNeighbourGraph(vectors: VectorStore, state?: GraphState): NeighbourGraph {
  let entry = state?.entry ?? -1;
  let levels = state?.levels.slice() ?? new Uint8Array(0);
  let low = state?.low.slice() ?? new Int32Array(0);
  let near = state?.near.slice() ?? new Int32Array(0);
  let nearDistances = state?.nearDistances.slice() ?? new Float32Array(0);
  let stamps = new Uint32Array(levels.length);
  let stamp = 0;
  /** Of the few nodes that reach above the lowest level: their links on level 1 and up. */
  const high = readHigh(state?.high);

  const grow = (slot: number): void => {
    if (slot < levels.length) return;
    const size = Math.max(16, slot + 1, Math.ceil(levels.length * 1.5));
    levels = copyInto(new Uint8Array(size), levels);
    stamps = copyInto(new Uint32Array(size), stamps);
    low = copyInto(new Int32Array(size * LOW_LINKS).fill(-1), low);
    near = copyInto(new Int32Array(size * NEAR).fill(-1), near);
    nearDistances = copyInto(new Float32Array(size * NEAR).fill(Number.POSITIVE_INFINITY), nearDistances);
  };

  /** The array that holds a node's links on a level, where they begin and how many fit. */
  const place = (slot: number, level: number): { links: Int32Array; from: number; room: number } =>
    level === 0
      ? { links: low, from: slot * LOW_LINKS, room: LOW_LINKS }
      : { links: high.get(slot)?.[level - 1] as Int32Array, from: 0, room: LINKS };

  const listLinks = (slot: number, level: number): number[] => {
    const { links, from, room } = place(slot, level);
    const listed: number[] = [];
    for (let i = from; i < from + room; i++) if ((links[i] as number) >= 0) listed.push(links[i] as number);
    return listed;
  };

  const writeLinks = (slot: number, level: number, chosen: readonly number[]): void => {
    const { links, from, room } = place(slot, level);
    for (let i = 0; i < room; i++) links[from + i] = chosen[i] ?? -1;
  };

  // Candidates in the order of their distance, in arrays that are used again; `left`: those the walk has gone on from.
  const found = new Int32Array(MOST_AT_ONCE);
  const foundDistances = new Float32Array(MOST_AT_ONCE);
  const left = new Uint8Array(MOST_AT_ONCE);
  let foundCount = 0;

  /** The `breadth` nearest to where measures start from that a walk on a level finds, nearest first, into `found`. */
  const walk = (starts: readonly number[], level: number, breadth: number): void => {
    if (++stamp === 0xffffffff) {
      stamps.fill(0);
      stamp = 1;
    }
    foundCount = 0;
    const { slots, distances } = vectors;
    let first = 0;
    const take = (count: number): void => {
      vectors.measure(count);
      for (let i = 0; i < count; i++) {
        const distance = distances[i] as number;
        if (foundCount === breadth && distance >= (foundDistances[breadth - 1] as number)) continue;
        if (foundCount < breadth) foundCount++;
        let at = foundCount - 1;
        for (; at > 0 && (foundDistances[at - 1] as number) > distance; at--) {
          found[at] = found[at - 1] as number;
          foundDistances[at] = foundDistances[at - 1] as number;
          left[at] = left[at - 1] as number;
        }
        found[at] = slots[i] as number;
        foundDistances[at] = distance;
        left[at] = 0;
        if (at < first) first = at;
      }
    };
    starts.forEach((slot, i) => {
      stamps[slot] = stamp;
      slots[i] = slot;
    });
    take(starts.length);
    for (; first < foundCount; ) {
      if (left[first] === 1) {
        first++;
        continue;
      }
      left[first] = 1;
      const { links, from, room } = place(found[first] as number, level);
      let count = 0;
      for (let i = from; i < from + room; i++) {
        const slot = links[i] as number;
        if (slot < 0) break;
        if (stamps[slot] === stamp) continue;
        stamps[slot] = stamp;
        slots[count++] = slot;
      }
      take(count);
    }
  };

  /**
   * Of candidates, nearest first, those that are nearer to the node than to one chosen before (the paper's algorithm
   * 4): links lead into all directions. Places that are left over go to the nearest of the rest.
   */
  const choose = (candidates: readonly number[], near: readonly number[], room: number): number[] => {
    const chosen: number[] = [];
    const rest: number[] = [];
    for (let i = 0; i < candidates.length && chosen.length < room; i++) {
      const candidate = candidates[i] as number;
      vectors.startFrom(candidate);
      const { slots, distances } = vectors;
      for (let k = 0; k < chosen.length; k++) slots[k] = chosen[k] as number;
      vectors.measure(chosen.length);
      let isOwnDirection = true;
      for (let k = 0; k < chosen.length && isOwnDirection; k++) {
        isOwnDirection = (distances[k] as number) > (near[i] as number);
      }
      (isOwnDirection ? chosen : rest).push(candidate);
    }
    return [...chosen, ...rest.slice(0, room - chosen.length)];
  };

  const chooseAround = (slot: number, candidates: readonly number[], room: number): number[] => {
    vectors.startFrom(slot);
    vectors.slots.set(candidates);
    vectors.measure(candidates.length);
    const { distances } = vectors;
    const sorted = candidates
      .map((other, i) => ({ other, distance: distances[i] as number }))
      .sort((a, b) => a.distance - b.distance || a.other - b.other);
    return choose(
      sorted.map(({ other }) => other),
      sorted.map(({ distance }) => distance),
      room,
    );
  };

  const linkBack = (slot: number, to: number, level: number): void => {
    const { links, from, room } = place(to, level);
    for (let i = from; i < from + room; i++) {
      if ((links[i] as number) >= 0) continue;
      links[i] = slot;
      return;
    }
    writeLinks(to, level, chooseAround(to, [...listLinks(to, level), slot], Math.floor(room * KEPT_SHARE)));
  };

  const remember = (slot: number, other: number, distance: number): void => {
    let worst = slot * NEAR;
    for (let i = slot * NEAR; i < (slot + 1) * NEAR; i++) {
      if (near[i] === other) return;
      if ((nearDistances[i] as number) > (nearDistances[worst] as number)) worst = i;
    }
    if (distance >= (nearDistances[worst] as number)) return;
    near[worst] = other;
    nearDistances[worst] = distance;
  };

  /** Goes down from the top to above `level`, always to the nearest of where measures start from. */
  const descend = (level: number): number => {
    let at = entry;
    for (let l = (levels[entry] as number) - 1; l > level; l--) {
      walk([at], l, 1);
      at = found[0] as number;
    }
    return at;
  };

  return {
    insert(slot) {
      grow(slot);
      const count = levelsOf(slot);
      levels[slot] = count;
      low.fill(-1, slot * LOW_LINKS, (slot + 1) * LOW_LINKS);
      near.fill(-1, slot * NEAR, (slot + 1) * NEAR);
      nearDistances.fill(Number.POSITIVE_INFINITY, slot * NEAR, (slot + 1) * NEAR);
      if (count > 1) {
        high.set(
          slot,
          Array.from({ length: count - 1 }, () => new Int32Array(LINKS).fill(-1)),
        );
      }
      if (entry < 0) {
        entry = slot;
        return;
      }
      const top = levels[entry] as number;
      vectors.startFrom(slot);
      let starts: readonly number[] = [descend(count - 1)];
      for (let level = Math.min(count, top) - 1; level >= 0; level--) {
        vectors.startFrom(slot);
        walk(starts, level, BREADTH);
        starts = Array.from(found.subarray(0, foundCount));
        const distances = Array.from(foundDistances.subarray(0, foundCount));
        const chosen = choose(starts, distances, NEW_LINKS);
        writeLinks(slot, level, chosen);
        for (const other of chosen) linkBack(slot, other, level);
        if (level > 0) continue;
        starts.slice(0, NEAR).forEach((other, i) => {
          remember(slot, other, distances[i] as number);
          remember(other, slot, distances[i] as number);
        });
      }
      if (count > top) entry = slot;
    },
    remove(slots) {
      const isGone = (slot: number): boolean => slots.has(slot);
      for (let slot = 0; slot < levels.length; slot++) {
        const count = levels[slot] as number;
        if (count === 0 || isGone(slot)) continue;
        for (let level = 0; level < count; level++) {
          const links = listLinks(slot, level);
          if (!links.some(isGone)) continue;
          const known = new Set(links);
          for (const gone of links.filter(isGone)) {
            if ((levels[gone] as number) > level) for (const other of listLinks(gone, level)) known.add(other);
          }
          known.delete(slot);
          const room = level === 0 ? LOW_LINKS : LINKS;
          writeLinks(
            slot,
            level,
            chooseAround(
              slot,
              [...known].filter((other) => !isGone(other)),
              room,
            ),
          );
        }
        for (let i = slot * NEAR; i < (slot + 1) * NEAR; i++) {
          if (!isGone(near[i] as number)) continue;
          near[i] = -1;
          nearDistances[i] = Number.POSITIVE_INFINITY;
        }
      }
      for (const slot of slots) {
        levels[slot] = 0;
        high.delete(slot);
        low.fill(-1, slot * LOW_LINKS, (slot + 1) * LOW_LINKS);
        near.fill(-1, slot * NEAR, (slot + 1) * NEAR);
        nearDistances.fill(Number.POSITIVE_INFINITY, slot * NEAR, (slot + 1) * NEAR);
      }
      if (entry >= 0 && isGone(entry))
        entry = levels.reduce((top, count, slot) => (count > (levels[top] ?? 0) ? slot : top), -1);
    },
    search(vector, limit) {
      if (entry < 0) return [];
      vectors.startFromVector(vector);
      walk([descend(0)], 0, Math.min(MOST_AT_ONCE, Math.max(BREADTH, limit)));
      return Array.from(found.subarray(0, Math.min(limit, foundCount)), (slot, i) => ({
        slot,
        distance: foundDistances[i] as number,
      }));
    },
    near: (slot) => near.subarray(slot * NEAR, (slot + 1) * NEAR),
    toState: () => ({
      entry,
      levels: levels.slice(),
      low: low.slice(),
      high: writeHigh(high),
      near: near.slice(),
      nearDistances: nearDistances.slice(),
    }),
  };
}

/** How many levels a node is on, told by the finaliser of MurmurHash3 (Appleby, public domain). */
function levelsOf(slot: number): number {
  let h = Math.imul(slot + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  const draw = ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  let count = 1;
  for (let share = 1 / LEVEL_STEP; draw < share && count < 8; share /= LEVEL_STEP) count++;
  return count;
}

function copyInto<T extends Uint8Array | Uint32Array | Int32Array | Float32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}

function writeHigh(high: ReadonlyMap<number, readonly Int32Array[]>): Int32Array {
  const runs = [...high].flatMap(([slot, levels]) => levels.flatMap((links, i) => [slot, i, ...links]));
  return Int32Array.from(runs);
}

function readHigh(runs: Int32Array = new Int32Array(0)): Map<number, Int32Array[]> {
  const high = new Map<number, Int32Array[]>();
  for (let at = 0; at < runs.length; at += LINKS + 2) {
    const slot = runs[at] as number;
    const levels = high.get(slot) ?? [];
    levels[runs[at + 1] as number] = runs.slice(at + 2, at + 2 + LINKS);
    high.set(slot, levels);
  }
  return high;
}
