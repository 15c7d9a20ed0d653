import type { Pass, Plan } from '../../async/plan.ts';
import type { Allocate } from '../../picture/picture.ts';
import { createField, type Field } from './field.ts';

/** Weights are whole multiples of this, so that the last bit of Math.exp, which differs between engines, cannot matter. */
const STEPS = 2 ** 20;
/** Standard deviations after which the kernel ends. */
const REACH = 3;

/**
 * A Gaussian blur; beyond the borders the outermost cells go on. Standard deviations in cells, from 0 (nothing). Cost
 * grows with them: choose the grid so that they are a few cells.
 */
export function planGaussian(field: Field, sigmaX: number, sigmaY: number, allocate: Allocate): Plan<Field> {
  const { width, height } = field;
  const rows = createField(field, allocate);
  const result = createField(field, allocate);
  const [across, down] = [createKernel(sigmaX), createKernel(sigmaY)];
  /** {@link findSpan} of each row of the first pass's result, once it was looked at. */
  const spans = new Int32Array(2 * height).fill(-1);
  const passes: Pass[] = [
    {
      name: 'gaussian-across',
      rows: height,
      run(from, to) {
        const reach = across.length >> 1;
        const line = new Float32Array(width + 2 * reach);
        const sums = new Float64Array(width);
        for (let y = from; y < to; y++) {
          const base = y * width;
          const [first, last] = findSpan(field.data, base, width);
          const [start, end] = [Math.max(0, first - reach), Math.min(width, last + reach)];
          line.set(field.data.subarray(base, base + width), reach);
          line.fill(line[reach] as number, 0, reach);
          line.fill(line[reach + width - 1] as number, reach + width);
          sums.fill(0);
          for (let far = reach; far > 0; far--) {
            addPair(sums, line, reach - far, reach + far, start, end, across[reach - far] as number);
          }
          addLine(sums, line, reach, start, end, across[reach] as number);
          rows.data.set(sums, base);
        }
      },
    },
    {
      name: 'gaussian-down',
      rows: height,
      run(from, to) {
        const reach = down.length >> 1;
        const sums = new Float64Array(width);
        const { data } = rows;
        const clamp = (y: number): number => Math.max(0, Math.min(height - 1, y));
        const look = (y: number): void => {
          if ((spans[2 * y] as number) >= 0) return;
          [spans[2 * y], spans[2 * y + 1]] = findSpan(data, y * width, width);
        };
        for (let y = from; y < to; y++) {
          sums.fill(0);
          for (let far = reach; far > 0; far--) {
            const [one, other] = [clamp(y - far), clamp(y + far)];
            look(one);
            look(other);
            const start = Math.min(spans[2 * one] as number, spans[2 * other] as number);
            const end = Math.max(spans[2 * one + 1] as number, spans[2 * other + 1] as number);
            addPair(sums, data, one * width, other * width, start, end, down[reach - far] as number);
          }
          addLine(sums, data, y * width, 0, width, down[reach] as number);
          result.data.set(sums, y * width);
        }
      },
    },
  ];
  return { passes, result };
}

/** Where a row begins and ends to be other than 0: at its end and its beginning where all of it is 0. */
function findSpan(values: Float32Array, base: number, width: number): readonly [first: number, last: number] {
  let [first, last] = [0, width];
  while (first < width && values[base + first] === 0) first++;
  while (last > 0 && values[base + last - 1] === 0) last--;
  return [first, last];
}

/** For cells `start` to `end`. */
function addPair(
  sums: Float64Array,
  values: Float32Array,
  one: number,
  other: number,
  start: number,
  end: number,
  weight: number,
): void {
  for (let x = start; x < end; x++) {
    sums[x] = (sums[x] as number) + ((values[one + x] as number) + (values[other + x] as number)) * weight;
  }
}

function addLine(
  sums: Float64Array,
  values: Float32Array,
  base: number,
  start: number,
  end: number,
  weight: number,
): void {
  for (let x = start; x < end; x++) sums[x] = (sums[x] as number) + (values[base + x] as number) * weight;
}

function createKernel(sigma: number): Float32Array {
  const reach = Math.ceil(sigma * REACH);
  const raw = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    i === reach ? STEPS : Math.round(STEPS * Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma))),
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(raw, (weight) => weight / total);
}
