/**
 * The greatest value within so many cells of each, on both axes. Values are at least 0, row by row. A few passes of three
 * reads each reach any distance: each may step twice as far as those before it have come, and one more.
 */
export function widen(
  values: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  reach: number,
): Float32Array {
  if (reach <= 0) return values;
  const across = new Float32Array(values.length);
  const widened = new Float32Array(values.length);
  let from = values;
  for (let reached = 0; reached < reach; ) {
    const step = Math.min(2 * reached + 1, reach - reached);
    for (let row = 0; row < height; row++) takeLeftAndRight(from, across, row * width, width, step);
    for (let row = 0; row < height; row++) {
      const above = Math.max(0, row - step) * width;
      const below = Math.min(height - 1, row + step) * width;
      for (let i = row * width, k = 0; k < width; k++, i++) {
        const before = across[above + k] as number;
        const here = across[i] as number;
        const after = across[below + k] as number;
        const most = before > here ? before : here;
        widened[i] = after > most ? after : most;
      }
    }
    from = widened;
    reached += step;
  }
  return from;
}

/** A row whose ends go on: the greatest of each value and those that are a step away. */
function takeLeftAndRight(from: Float32Array, to: Float32Array, start: number, width: number, step: number): void {
  for (let k = 0; k < width; k++) {
    const before = from[start + (k < step ? 0 : k - step)] as number;
    const here = from[start + k] as number;
    const after = from[start + (k + step < width ? k + step : width - 1)] as number;
    const most = before > here ? before : here;
    to[start + k] = after > most ? after : most;
  }
}
