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
          line.set(field.data.subarray(base, base + width), reach);
          line.fill(line[reach] as number, 0, reach);
          line.fill(line[reach + width - 1] as number, reach + width);
          sums.fill(0);
          for (let far = reach; far > 0; far--) {
            addPair(sums, line, reach - far, reach + far, across[reach - far] as number);
          }
          addLine(sums, line, reach, across[reach] as number);
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
        const startOf = (y: number): number => Math.max(0, Math.min(height - 1, y)) * width;
        for (let y = from; y < to; y++) {
          sums.fill(0);
          for (let far = reach; far > 0; far--) {
            addPair(sums, data, startOf(y - far), startOf(y + far), down[reach - far] as number);
          }
          addLine(sums, data, y * width, down[reach] as number);
          result.data.set(sums, y * width);
        }
      },
    },
  ];
  return { passes, result };
}

function addPair(sums: Float64Array, values: Float32Array, one: number, other: number, weight: number): void {
  for (let x = 0; x < sums.length; x++) {
    sums[x] = (sums[x] as number) + ((values[one + x] as number) + (values[other + x] as number)) * weight;
  }
}

function addLine(sums: Float64Array, values: Float32Array, start: number, weight: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] as number) + (values[start + x] as number) * weight;
}

function createKernel(sigma: number): Float32Array {
  const reach = Math.ceil(sigma * REACH);
  const raw = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    i === reach ? STEPS : Math.round(STEPS * Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma))),
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(raw, (weight) => weight / total);
}
