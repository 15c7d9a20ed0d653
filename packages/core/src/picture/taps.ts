/**
 * How pixels are weighted when a picture changes size. `area`: exact coverage when shrinking (each output pixel is the
 * mean of what it covers), linear when enlarging. The others are widened when shrinking, so none of them aliases.
 * `bicubic` is Catmull-Rom (Keys 1981, a = -0.5), `mitchell` is Mitchell & Netravali 1988 (B = C = 1/3).
 */
export type ResizeFilter = 'area' | 'bilinear' | 'bicubic' | 'mitchell' | 'lanczos3';

/** For each output position along one axis: where its window of source pixels starts, and their weights. */
export interface Taps {
  /** Weights per output position; unused ones at the end are 0. Every window lies inside the source. */
  readonly count: number;
  readonly starts: Int32Array;
  /** `count` weights for each output position, summing up to exactly 1. */
  readonly weights: Float32Array;
  /** The same weights in whole multiples of {@link QUANTUM}. */
  readonly quanta: Int32Array;
}

/** Weights are whole multiples of this: the last bits of Math.sin, which engines may round differently, cannot matter. */
export const QUANTUM = 1 / 16384;

/**
 * Weights for resampling the span `from`..`from + span` (in source pixels, may be fractional, inside 0..inSize) onto
 * `outSize` pixels. Windows are cut off at the source's edges and normalised again.
 */
export function createTaps(inSize: number, outSize: number, filter: ResizeFilter, from = 0, span = inSize): Taps {
  const scale = span / outSize;
  const shrinks = scale > 1;
  const box = filter === 'area' && shrinks;
  const kernel = kernels[filter];
  const stretch = Math.max(1, scale);
  const reach = box ? scale / 2 : kernel.radius * stretch;
  const count = Math.min(inSize, Math.ceil(reach * 2) + 1);
  const starts = new Int32Array(outSize);
  const quanta = new Int32Array(outSize * count);
  const raw = new Float64Array(count);
  for (let out = 0; out < outSize; out++) {
    const center = from + (out + 0.5) * scale;
    const low = box ? from + out * scale : center - reach;
    const high = box ? from + (out + 1) * scale : center + reach;
    const start = Math.max(0, Math.min(inSize - count, Math.floor(low)));
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const at = start + tap;
      const weight = box
        ? Math.max(0, Math.min(at + 1, high) - Math.max(at, low))
        : kernel.weigh(Math.abs(at + 0.5 - center) / stretch);
      raw[tap] = weight;
      sum += weight;
    }
    starts[out] = start;
    quantise(raw, sum, quanta, out * count, clampIndex(Math.floor(center) - start, count));
  }
  const weights = new Float32Array(quanta.length);
  for (let i = 0; i < weights.length; i++) weights[i] = (quanta[i] as number) * QUANTUM;
  return { count, starts, weights, quanta };
}

/** Normalises to sum 1 in whole quanta; what rounding leaves over goes to the tap at the centre. */
function quantise(raw: Float64Array, sum: number, quanta: Int32Array, offset: number, centre: number): void {
  let left = 1 / QUANTUM;
  for (let tap = 0; tap < raw.length; tap++) {
    const share = sum === 0 ? 0 : Math.round((raw[tap] as number) / sum / QUANTUM);
    left -= share;
    quanta[offset + tap] = share;
  }
  quanta[offset + centre] = (quanta[offset + centre] as number) + left;
}

function clampIndex(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}

interface Kernel {
  readonly radius: number;
  /** Weight at a distance from 0. */
  weigh(distance: number): number;
}

const linear: Kernel = { radius: 1, weigh: (x) => (x < 1 ? 1 - x : 0) };

const kernels: Readonly<Record<ResizeFilter, Kernel>> = {
  area: linear,
  bilinear: linear,
  bicubic: cubic(0, 0.5),
  mitchell: cubic(1 / 3, 1 / 3),
  lanczos3: { radius: 3, weigh: (x) => (x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** The cubic family of Mitchell & Netravali, "Reconstruction filters in computer graphics", 1988. */
function cubic(b: number, c: number): Kernel {
  return {
    radius: 2,
    weigh: (x) => {
      if (x < 1) return ((12 - 9 * b - 6 * c) * x * x * x + (-18 + 12 * b + 6 * c) * x * x + 6 - 2 * b) / 6;
      if (x >= 2) return 0;
      return ((-b - 6 * c) * x * x * x + (6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x + 8 * b + 24 * c) / 6;
    },
  };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
