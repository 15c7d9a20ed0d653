import type { Picture } from '../picture/picture.ts';

// Share of the samples that must be calmer: low enough to be grain rather than texture in any photo.
const QUANTILE = 0.15;
// That quantile of |x| for a normal x of variance 1, times the gain of the filter on three channels, sqrt(3 * 6).
const GAIN = 0.1891 * 4.2426;

/**
 * The standard deviation of a picture's grain in byte values a channel, from the calm parts of a sparse sample of
 * second differences along rows. Below 0.2 for a picture that has none; 0 where none can be seen: less than 3 pixels wide, or clipped.
 */
export function estimateNoise(picture: Picture): number {
  const { width, height, data } = picture;
  const histogram = new Uint32Array(1531);
  let count = 0;
  const stepY = Math.max(1, Math.floor(height / 150));
  const stepX = Math.max(1, Math.floor(width / 200));
  for (let y = stepY >> 1; y < height; y += stepY) {
    for (let x = 1; x < width - 1; x += stepX) {
      const i = (y * width + x) * 4;
      const r = data[i] as number;
      const g = data[i + 1] as number;
      const b = data[i + 2] as number;
      // Values at the ends of the range hide their grain.
      if (r <= 2 || r >= 253 || g <= 2 || g >= 253 || b <= 2 || b >= 253) continue;
      const before = (data[i - 4] as number) + (data[i - 3] as number) + (data[i - 2] as number);
      const after = (data[i + 4] as number) + (data[i + 5] as number) + (data[i + 6] as number);
      const sum = 2 * (r + g + b) - before - after;
      const at = sum < 0 ? -sum : sum;
      histogram[at < 1530 ? at : 1530] = (histogram[at < 1530 ? at : 1530] as number) + 1;
      count++;
    }
  }
  const wanted = count * QUANTILE;
  for (let value = 0, seen = 0; value < histogram.length && count > 0; value++) {
    const here = histogram[value] as number;
    if (seen + here >= wanted) {
      // |x| of whole numbers: the bin of 0 is half as wide as the others.
      const low = value === 0 ? 0 : value - 0.5;
      const size = value === 0 ? 0.5 : 1;
      return (low + (size * (wanted - seen)) / here) / GAIN;
    }
    seen += here;
  }
  return 0;
}
