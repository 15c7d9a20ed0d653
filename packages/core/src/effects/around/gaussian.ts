import type { Pass } from '../../async/plan.ts';
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
export function planGaussian(
  field: Field,
  sigmaX: number,
  sigmaY: number,
  allocate: Allocate,
): { passes: readonly Pass[]; field: Field } {
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
        for (let y = from; y < to; y++) {
          const base = y * width;
          line.set(field.data.subarray(base, base + width), reach);
          line.fill(line[reach] as number, 0, reach);
          line.fill(line[reach + width - 1] as number, reach + width);
          for (let x = 0; x < width; x++) {
            let sum = 0;
            for (let tap = 0; tap < across.length; tap++) sum += (line[x + tap] as number) * (across[tap] as number);
            rows.data[base + x] = sum;
          }
        }
      },
    },
    {
      name: 'gaussian-down',
      rows: height,
      run(from, to) {
        const reach = down.length >> 1;
        const sum = new Float32Array(width);
        for (let y = from; y < to; y++) {
          sum.fill(0);
          for (let tap = 0; tap < down.length; tap++) {
            const base = Math.max(0, Math.min(height - 1, y + tap - reach)) * width;
            const weight = down[tap] as number;
            for (let x = 0; x < width; x++) sum[x] = (sum[x] as number) + (rows.data[base + x] as number) * weight;
          }
          result.data.set(sum, y * width);
        }
      },
    },
  ];
  return { passes, field: result };
}

function createKernel(sigma: number): Float32Array {
  const reach = Math.ceil(sigma * REACH);
  const raw = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    i === reach ? STEPS : Math.round(STEPS * Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma))),
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(raw, (weight) => weight / total);
}
