/**
 * For each pixel how far colours must stray on the way from the seeds: over all ways, the least span (largest less smallest
 * value, summed over the channels) along it. 0 in the seeds. The minimum barrier distance by raster scans (Zhang et al.,
 * "Minimum barrier salient object detection at 80 FPS", 2015); four scans, near the exact one. Without seeds it is
 * infinite everywhere. `colors` has three numbers a pixel.
 */
export function barrierDistances(colors: Float32Array, seeds: Uint8Array, width: number, height: number): Float32Array {
  const distances = new Float32Array(width * height);
  for (let i = 0; i < seeds.length; i++) distances[i] = seeds[i] === 0 ? Number.POSITIVE_INFINITY : 0;
  // Largest and smallest of each channel on the way so far.
  const high = Float32Array.from(colors);
  const low = Float32Array.from(colors);

  function reach(pixel: number, from: number): void {
    if (distances[from] === Number.POSITIVE_INFINITY) return;
    let span = 0;
    const i = pixel * 3;
    const k = from * 3;
    for (let c = 0; c < 3; c++) {
      const value = colors[i + c] as number;
      const top = high[k + c] as number;
      const bottom = low[k + c] as number;
      span += (value > top ? value : top) - (value < bottom ? value : bottom);
    }
    if (span >= (distances[pixel] as number)) return;
    distances[pixel] = span;
    for (let c = 0; c < 3; c++) {
      const value = colors[i + c] as number;
      high[i + c] = Math.max(value, high[k + c] as number);
      low[i + c] = Math.min(value, low[k + c] as number);
    }
  }

  for (let scan = 0; scan < 4; scan++) {
    const forward = scan % 2 === 0;
    for (let j = 0; j < height; j++) {
      const y = forward ? j : height - 1 - j;
      for (let k = 0; k < width; k++) {
        const x = forward ? k : width - 1 - k;
        const pixel = y * width + x;
        if (forward) {
          if (x > 0) reach(pixel, pixel - 1);
          if (y > 0) reach(pixel, pixel - width);
        } else {
          if (x + 1 < width) reach(pixel, pixel + 1);
          if (y + 1 < height) reach(pixel, pixel + width);
        }
      }
    }
  }
  return distances;
}
