/**
 * The greatest value within so many cells of each, on both axes. Values are at least 0, row by row. A few passes of three
 * reads each reach any distance: each may step twice as far as those before it have come, and one more.
 */
export function widen(
  values: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  reach: number,
): Float32Array {
  let from = values;
  const pass = (step: number, lines: number, toNextLine: number, count: number, toNext: number): void => {
    const to = new Float32Array(values.length);
    for (let line = 0; line < lines; line++) {
      for (let k = 0, i = line * toNextLine; k < count; k++, i += toNext) {
        const before = from[i - Math.min(step, k) * toNext] as number;
        const after = from[i + Math.min(step, count - 1 - k) * toNext] as number;
        to[i] = Math.max(before, from[i] as number, after);
      }
    }
    from = to;
  };
  for (let reached = 0; reached < reach; ) {
    const step = Math.min(2 * reached + 1, reach - reached);
    pass(step, height, width, width, 1);
    pass(step, width, 1, height, width);
    reached += step;
  }
  return from;
}
