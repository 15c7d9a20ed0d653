/** Steps of a colour channel. */
const STEPS = 16;
const BINS = STEPS ** 3;
/** What is added to each bin's share, so that a colour that was never seen speaks for neither. */
const UNSEEN = 2e-4;

/** How much more likely colours are of the subject than of what is around it. */
export interface ColorModel {
  /** Learns from pixels: RGB 0..1, how far each is the subject, 0..1, and how far it counts. */
  learn(colors: Float32Array, inside: Float32Array, weights: Float32Array, rate: number): void;
  /** Of each pixel: the logarithm of how much likelier, within ±`most`. */
  read(colors: Float32Array, most: number): Float32Array;
}

/** Two histograms that forget slowly, blurred over neighbouring colours; the first subject is never all forgotten. */
export function createColorModel(): ColorModel {
  const subject = new Float32Array(BINS);
  const first = new Float32Array(BINS);
  const around = new Float32Array(BINS);
  const scores = new Float32Array(BINS);
  let isNew = true;

  return {
    learn(colors, inside, weights, rate) {
      const nowSubject = new Float32Array(BINS);
      const nowAround = new Float32Array(BINS);
      for (let i = 0, at = 0; i < inside.length; i++, at += 3) {
        const bin = binOf(colors, at);
        const weight = weights[i] as number;
        const share = inside[i] as number;
        nowSubject[bin] = (nowSubject[bin] as number) + weight * share;
        nowAround[bin] = (nowAround[bin] as number) + weight * (1 - share);
      }
      for (const plane of [nowSubject, nowAround]) normalise(blurBins(plane));
      const share = isNew ? 1 : rate;
      if (isNew) first.set(nowSubject);
      isNew = false;
      for (let bin = 0; bin < BINS; bin++) {
        subject[bin] = (subject[bin] as number) * (1 - share) + (nowSubject[bin] as number) * share;
        around[bin] = (around[bin] as number) * (1 - share) + (nowAround[bin] as number) * share;
        const own = 0.7 * (subject[bin] as number) + 0.3 * (first[bin] as number);
        scores[bin] = Math.log((own + UNSEEN) / ((around[bin] as number) + UNSEEN));
      }
    },
    read(colors, most) {
      const values = new Float32Array(colors.length / 3);
      for (let i = 0, at = 0; i < values.length; i++, at += 3) {
        values[i] = Math.max(-most, Math.min(most, scores[binOf(colors, at)] as number));
      }
      return values;
    },
  };
}

function binOf(colors: Float32Array, at: number): number {
  const step = (value: number): number => Math.min(STEPS - 1, (value * STEPS) | 0);
  return (step(colors[at] as number) * STEPS + step(colors[at + 1] as number)) * STEPS + step(colors[at + 2] as number);
}

/** Each bin takes a quarter from either neighbour, along each channel. */
function blurBins(bins: Float32Array): Float32Array {
  for (const stride of [1, STEPS, STEPS * STEPS]) {
    for (let lines = 0; lines < BINS; lines += stride * STEPS) {
      for (let start = lines; start < lines + stride; start++) blurLine(bins, start, stride);
    }
  }
  return bins;
}

function blurLine(bins: Float32Array, start: number, stride: number): void {
  let here = bins[start] as number;
  let before = here;
  for (let i = start, last = start + (STEPS - 1) * stride; i <= last; i += stride) {
    const after = i < last ? (bins[i + stride] as number) : here;
    bins[i] = (before + 2 * here + after) / 4;
    before = here;
    here = after;
  }
}

function normalise(bins: Float32Array): void {
  let sum = 1e-9;
  for (const value of bins) sum += value;
  for (let i = 0; i < BINS; i++) bins[i] = (bins[i] as number) / sum;
}
