import type { Pass, Plan } from '../../async/plan.ts';
import { type Envelope, findEnvelope } from '../../filters/distance.ts';
import type { Allocate } from '../../picture/picture.ts';
import { createField, type Field } from './field.ts';

/** What a place is said to be away from a subject that is nowhere, in cells. */
const NOWHERE = 1e6;

/**
 * Distance of each cell's centre from the line where the coverage is one half, in cells: negative within, where it is
 * exact for the outermost cells only. Each cell is measured to the nearest covered cell (Felzenszwalb & Huttenlocher,
 * "Distance transforms of sampled functions", 2012, keeping which one it is) and from there to the line, by how steeply
 * the coverage falls, so that slanting edges show no steps.
 */
export function planDistance(coverage: Field, allocate: Allocate): Plan<Field> {
  const { width, height, data } = coverage;
  const result = createField(coverage, allocate);
  const nearest = new Int32Array(allocate(width * height * 4, 'anything'), 0, width * height);
  const passes: Pass[] = [
    {
      name: 'distance-down',
      rows: width,
      run(from, to) {
        for (let x = from; x < to; x++) nearestInColumn(data, width, height, x, nearest);
      },
    },
    {
      name: 'distance-across',
      rows: height,
      run(from, to) {
        const line = new Float64Array(width);
        const envelope = { at: new Int32Array(width), from: new Float64Array(width + 1) };
        for (let y = from; y < to; y++) measureRow(coverage, nearest, line, envelope, y, result);
      },
    },
  ];
  return { passes, result };
}

/** For each cell of a column the nearest row whose cell is covered, or -1. */
function nearestInColumn(data: Float32Array, width: number, height: number, x: number, nearest: Int32Array): void {
  let last = -1;
  for (let y = 0, i = x; y < height; y++, i += width) {
    if ((data[i] as number) >= 0.5) last = y;
    nearest[i] = last;
  }
  last = -1;
  for (let y = height - 1, i = y * width + x; y >= 0; y--, i -= width) {
    if ((data[i] as number) >= 0.5) last = y;
    const above = nearest[i] as number;
    if (last >= 0 && (above < 0 || last - y < y - above)) nearest[i] = last;
  }
}

function measureRow(
  coverage: Field,
  nearest: Int32Array,
  line: Float64Array,
  envelope: Envelope,
  y: number,
  result: Field,
): void {
  const { width } = coverage;
  const { at, from } = envelope;
  const base = y * width;
  for (let x = 0; x < width; x++) {
    const row = nearest[base + x] as number;
    line[x] = row < 0 ? Number.POSITIVE_INFINITY : (row - y) * (row - y);
  }
  const last = findEnvelope(line, width, envelope);
  if (last < 0) {
    result.data.fill(NOWHERE, base, base + width);
    return;
  }
  for (let x = 0, k = 0; x < width; x++) {
    while (k < last && (from[k + 1] as number) < x) k++;
    const column = at[k] as number;
    const row = nearest[base + column] as number;
    const far = Math.sqrt((x - column) * (x - column) + (row - y) * (row - y));
    result.data[base + x] = far - toLine(coverage, column, row);
  }
}

/** From the centre of a covered cell outwards to where the coverage is one half, in cells, 0..1. */
function toLine({ width, height, data }: Field, x: number, y: number): number {
  const i = y * width + x;
  const own = data[i] as number;
  const across = Math.max(x > 0 ? own - (data[i - 1] as number) : 0, x < width - 1 ? own - (data[i + 1] as number) : 0);
  const down = Math.max(
    y > 0 ? own - (data[i - width] as number) : 0,
    y < height - 1 ? own - (data[i + width] as number) : 0,
  );
  const slope = Math.sqrt(Math.max(0, across) ** 2 + Math.max(0, down) ** 2);
  return slope <= own - 0.5 ? 1 : (own - 0.5) / slope;
}
