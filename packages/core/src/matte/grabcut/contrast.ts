import type { GridGraph } from './min-cut.ts';

/** What parting neighbours costs: little across edges of the picture. */
export type Contrast = Omit<GridGraph, 'terminal'>;

const STEPS = 1024;
// exp(−x) is tabulated up to here, and taken as 0 beyond.
const MOST = 8;

/**
 * Costs `strength · exp(−β·d²) / length` of parting each pixel from its neighbours, `d` the distance of their colours and
 * β half of one over the mean of d² (Boykov & Jolly 2001; Rother et al. 2004, eq. 11), in whole numbers.
 */
export function measureContrast(colors: Float32Array, width: number, height: number, strength: number): Contrast {
  const count = width * height;
  const planes = [1, width, width + 1, width - 1].map((step) => ({ step, squared: new Float32Array(count) }));
  let sum = 0;
  let pairs = 0;
  for (const [k, { step, squared }] of planes.entries()) {
    const fromX = k === 3 ? 1 : 0;
    const toX = k === 0 || k === 2 ? width - 1 : width;
    const toY = k === 0 ? height : height - 1;
    for (let y = 0; y < toY; y++) {
      for (let x = fromX; x < toX; x++) {
        const i = (y * width + x) * 3;
        const o = i + step * 3;
        const r = (colors[i] as number) - (colors[o] as number);
        const g = (colors[i + 1] as number) - (colors[o + 1] as number);
        const b = (colors[i + 2] as number) - (colors[o + 2] as number);
        const value = r * r + g * g + b * b;
        squared[y * width + x] = value;
        sum += value;
        pairs++;
      }
    }
  }
  const beta = sum === 0 ? 0 : pairs / (2 * sum);
  const falls = Float64Array.from({ length: STEPS + 1 }, (_, i) => (i === STEPS ? 0 : Math.exp((-i * MOST) / STEPS)));
  const [right, down, downRight, downLeft] = planes.map(({ squared }, k) => {
    const full = k < 2 ? strength : strength * Math.SQRT1_2;
    const scale = (beta * STEPS) / MOST;
    return Int32Array.from(squared, (value) =>
      Math.round(full * (falls[Math.min(STEPS, Math.floor(value * scale))] as number)),
    );
  }) as [Int32Array, Int32Array, Int32Array, Int32Array];
  return { width, height, right, down, downRight, downLeft };
}
