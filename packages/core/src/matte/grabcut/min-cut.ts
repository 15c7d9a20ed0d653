/** A grid of pixels in which each is joined to its eight neighbours and to two terminals. Capacities are whole. */
export interface GridGraph {
  readonly width: number;
  readonly height: number;
  /** What a pixel costs on the sink's side less what it costs on the source's: above 0 draws it to the source. */
  readonly terminal: Int32Array;
  /** Cost of parting a pixel from the one to its right; of the last column it is ignored. Not negative, as all below. */
  readonly right: Int32Array;
  readonly down: Int32Array;
  readonly downRight: Int32Array;
  readonly downLeft: Int32Array;
}

const FREE = 0;
const SOURCE = 1;
const SINK = 2;
// Parents are directions 0..7, or one of these.
const TERMINAL = 8;
const ORPHAN = 9;
const NONE = 10;
const FAR = 0x7fffffff;

/**
 * The cheapest division of the grid's pixels into two sides: 1 on the source's side, 0 on the sink's. Pixels that may be on
 * either go to the sink.
 *
 * Maximum flow with two search trees that are kept from path to path (Boykov & Kolmogorov, "An experimental comparison of
 * min-cut/max-flow algorithms for energy minimization in vision", 2004), with their marks of distance. A frame of pixels
 * without capacity around the grid saves every test for its borders.
 */
export function cutGrid(graph: GridGraph): Uint8Array {
  const { width, height } = graph;
  const stride = width + 2;
  const count = stride * (height + 2);
  // Opposite directions differ in the last bit.
  const steps = Int32Array.of(1, -1, stride, -stride, stride + 1, -stride - 1, stride - 1, 1 - stride);
  const capacity = layOutEdges(graph, stride, count);
  const terminal = new Int32Array(count);
  const tree = new Uint8Array(count);
  const parent = new Uint8Array(count).fill(NONE);
  // When a pixel's distance to its terminal was last known, and that distance.
  const time = new Int32Array(count);
  const distance = new Int32Array(count);
  // A ring that holds each pixel at most once.
  const queue = new Int32Array(count + 1);
  const isQueued = new Uint8Array(count);
  let head = 0;
  let tail = 0;
  let now = 0;
  let orphans: number[] = [];

  function activate(pixel: number): void {
    if (isQueued[pixel] === 1) return;
    isQueued[pixel] = 1;
    queue[tail] = pixel;
    tail = tail === count ? 0 : tail + 1;
  }

  function makeOrphan(pixel: number): void {
    parent[pixel] = ORPHAN;
    orphans.push(pixel);
  }

  /** Walks up one tree: to the bottleneck of the way, or, with an amount to push, pushing it. */
  function walk(from: number, toSource: boolean, amount: number): number {
    let least = FAR;
    let at = from;
    for (;;) {
      const way = parent[at] as number;
      if (way === TERMINAL) break;
      const next = at + (steps[way] as number);
      const edge = toSource ? next * 8 + (way ^ 1) : at * 8 + way;
      if (amount === 0) {
        if ((capacity[edge] as number) < least) least = capacity[edge] as number;
      } else {
        const back = toSource ? at * 8 + way : next * 8 + (way ^ 1);
        capacity[edge] = (capacity[edge] as number) - amount;
        capacity[back] = (capacity[back] as number) + amount;
        if (capacity[edge] === 0) makeOrphan(at);
      }
      at = next;
    }
    const root = terminal[at] as number;
    if (amount === 0) return Math.min(least, toSource ? root : -root);
    terminal[at] = toSource ? root - amount : root + amount;
    if (terminal[at] === 0) makeOrphan(at);
    return amount;
  }

  function augment(edge: number, sourceEnd: number, sinkEnd: number, back: number): void {
    const amount = Math.min(capacity[edge] as number, walk(sourceEnd, true, 0), walk(sinkEnd, false, 0));
    capacity[edge] = (capacity[edge] as number) - amount;
    capacity[back] = (capacity[back] as number) + amount;
    walk(sourceEnd, true, amount);
    walk(sinkEnd, false, amount);
  }

  /** Steps from a pixel to its terminal, or FAR where its tree was cut off. Marks the way that it went. */
  function measure(pixel: number): number {
    let at = pixel;
    let length = 0;
    for (;;) {
      if (time[at] === now) {
        length += distance[at] as number;
        break;
      }
      const way = parent[at] as number;
      length++;
      if (way === TERMINAL) {
        time[at] = now;
        distance[at] = 1;
        break;
      }
      if (way >= ORPHAN) return FAR;
      at += steps[way] as number;
    }
    let left = length;
    for (let mark = pixel; time[mark] !== now; mark += steps[parent[mark] as number] as number) {
      time[mark] = now;
      distance[mark] = left--;
    }
    return length;
  }

  /** Finds the orphan another parent in its tree, the nearest to the terminal, or sets it free. */
  function adopt(pixel: number): void {
    const side = tree[pixel] as number;
    const isSource = side === SOURCE;
    let best = FAR;
    let bestWay = NONE;
    for (let way = 0; way < 8; way++) {
      const next = pixel + (steps[way] as number);
      if (tree[next] !== side) continue;
      if (capacity[isSource ? next * 8 + (way ^ 1) : pixel * 8 + way] === 0) continue;
      const length = measure(next);
      if (length < best) {
        best = length;
        bestWay = way;
      }
    }
    if (bestWay !== NONE) {
      parent[pixel] = bestWay;
      time[pixel] = now;
      distance[pixel] = best + 1;
      return;
    }
    tree[pixel] = FREE;
    parent[pixel] = NONE;
    for (let way = 0; way < 8; way++) {
      const next = pixel + (steps[way] as number);
      if (tree[next] !== side) continue;
      if (capacity[isSource ? next * 8 + (way ^ 1) : pixel * 8 + way] !== 0) activate(next);
      const itsWay = parent[next] as number;
      if (itsWay < 8 && next + (steps[itsWay] as number) === pixel) makeOrphan(next);
    }
  }

  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, p = (y + 1) * stride + 1; x < width; x++, i++, p++) {
      const value = graph.terminal[i] as number;
      if (value === 0) continue;
      terminal[p] = value;
      tree[p] = value > 0 ? SOURCE : SINK;
      parent[p] = TERMINAL;
      distance[p] = 1;
      activate(p);
    }
  }
  while (head !== tail) {
    const pixel = queue[head] as number;
    const side = tree[pixel] as number;
    let didMeet = false;
    if (side !== FREE) {
      for (let way = 0; way < 8; way++) {
        const next = pixel + (steps[way] as number);
        const out = pixel * 8 + way;
        const back = next * 8 + (way ^ 1);
        const edge = side === SOURCE ? out : back;
        if (capacity[edge] === 0) continue;
        const other = tree[next] as number;
        if (other === FREE) {
          tree[next] = side;
          parent[next] = way ^ 1;
          time[next] = time[pixel] as number;
          distance[next] = (distance[pixel] as number) + 1;
          activate(next);
        } else if (other !== side) {
          const [sourceEnd, sinkEnd] = side === SOURCE ? [pixel, next] : [next, pixel];
          augment(edge, sourceEnd, sinkEnd, side === SOURCE ? back : out);
          didMeet = true;
          break;
        } else if (
          (time[next] as number) <= (time[pixel] as number) &&
          (distance[next] as number) > (distance[pixel] as number)
        ) {
          parent[next] = way ^ 1;
          time[next] = time[pixel] as number;
          distance[next] = (distance[pixel] as number) + 1;
        }
      }
    }
    if (!didMeet) {
      // Nothing more to be reached from here: the pixel leaves the queue until something near it changes.
      head = head === count ? 0 : head + 1;
      isQueued[pixel] = 0;
      continue;
    }
    now++;
    while (orphans.length > 0) {
      const batch = orphans;
      orphans = [];
      for (const orphan of batch) adopt(orphan);
    }
  }
  const sides = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, p = (y + 1) * stride + 1; x < width; x++, i++, p++) sides[i] = tree[p] === SOURCE ? 1 : 0;
  }
  return sides;
}

/** Capacities by pixel and direction: right, left, down, up, and the four diagonals. */
function layOutEdges(graph: GridGraph, stride: number, count: number): Int32Array {
  const { width, height, right, down, downRight, downLeft } = graph;
  const capacity = new Int32Array(count * 8);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, p = (y + 1) * stride + 1; x < width; x++, i++, p++) {
      const hasRight = x + 1 < width;
      const hasDown = y + 1 < height;
      if (hasRight) capacity[p * 8] = capacity[(p + 1) * 8 + 1] = right[i] as number;
      if (!hasDown) continue;
      capacity[p * 8 + 2] = capacity[(p + stride) * 8 + 3] = down[i] as number;
      if (hasRight) capacity[p * 8 + 4] = capacity[(p + stride + 1) * 8 + 5] = downRight[i] as number;
      if (x > 0) capacity[p * 8 + 6] = capacity[(p + stride - 1) * 8 + 7] = downLeft[i] as number;
    }
  }
  return capacity;
}
