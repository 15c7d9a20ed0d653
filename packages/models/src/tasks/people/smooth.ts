/** Rounds of the smoother, each along the rows and down the columns. */
const ROUNDS = 2;
/** How much neighbours of the same colour pull on each other, and the difference of colours that makes it a third. */
const PULL = 80;
const COLOUR_DISTANCE = 0.06;

/**
 * The planes smoothed within what has one colour: a pixel whose confidence is low takes the values of sure ones that
 * are joined to it by similar colours, however far off they are. Weighted least squares solved line by line, after Min
 * et al., "Fast global image smoothing based on weighted least squares" (2014). Planes that add up to one still do.
 *
 * @param confidence of each pixel, above 0, at most 1.
 * @param colours RGB 0..1, three numbers a pixel.
 */
export function smoothWithin(
  planes: readonly Float32Array[],
  confidence: Float32Array,
  colours: Float32Array,
  width: number,
  height: number,
): readonly Float32Array[] {
  const across = new Float32Array(width * height);
  const down = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x + 1 < width) across[i] = alike(colours, i, i + 1);
      if (y + 1 < height) down[i] = alike(colours, i, i + width);
    }
  }
  const weights = confidence.slice();
  const smooth = planes.map((plane) => {
    const weighed = new Float32Array(plane.length);
    for (let i = 0; i < plane.length; i++) weighed[i] = (plane[i] as number) * (confidence[i] as number);
    return weighed;
  });
  for (let round = 0; round < ROUNDS; round++) {
    // Less from round to round, adding up to PULL, so that no streaks along the lines are left.
    const pull = (PULL * ROUNDS * 1.5 * 4 ** (ROUNDS - 1 - round)) / (4 ** ROUNDS - 1);
    solveRows([...smooth, weights], across, pull, width, height);
    solveColumns([...smooth, weights], down, pull, width, height);
  }
  for (const plane of smooth) {
    for (let i = 0; i < plane.length; i++) plane[i] = (plane[i] as number) / (weights[i] as number);
  }
  return smooth;
}

/** Solves a tridiagonal system for each row and plane (Thomas's algorithm), in place. */
function solveRows(
  planes: readonly Float32Array[],
  alike: Float32Array,
  pull: number,
  width: number,
  height: number,
): void {
  const next = new Float64Array(width);
  const before = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let y = 0, start = 0; y < height; y++, start += width) {
    let [towards, ratio] = [0, 0];
    for (let x = 0; x < width; x++) {
      const onwards = x + 1 < width ? pull * (alike[start + x] as number) : 0;
      scale[x] = 1 / (1 + towards + onwards - towards * ratio);
      before[x] = towards * (scale[x] as number);
      ratio = onwards * (scale[x] as number);
      next[x] = ratio;
      towards = onwards;
    }
    for (const plane of planes) {
      let value = 0;
      for (let x = 0, i = start; x < width; x++, i++) {
        value = (scale[x] as number) * (plane[i] as number) + (before[x] as number) * value;
        plane[i] = value;
      }
      for (let x = width - 2, i = start + x; x >= 0; x--, i--) {
        value = (plane[i] as number) + (next[x] as number) * value;
        plane[i] = value;
      }
    }
  }
}

/** The same for each column, all of them side by side: memory is read in its order. */
function solveColumns(
  planes: readonly Float32Array[],
  alike: Float32Array,
  pull: number,
  width: number,
  height: number,
): void {
  const next = new Float32Array(width * height);
  const before = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let y = 0, start = 0; y < height; y++, start += width) {
    for (let x = 0, i = start; x < width; x++, i++) {
      const towards = y > 0 ? pull * (alike[i - width] as number) : 0;
      const onwards = y + 1 < height ? pull * (alike[i] as number) : 0;
      const ratio = y > 0 ? (next[i - width] as number) : 0;
      scale[x] = 1 / (1 + towards + onwards - towards * ratio);
      before[x] = towards * (scale[x] as number);
      next[i] = onwards * (scale[x] as number);
    }
    for (const plane of planes) {
      for (let x = 0, i = start; x < width; x++, i++) {
        const above = y > 0 ? (plane[i - width] as number) : 0;
        plane[i] = (scale[x] as number) * (plane[i] as number) + (before[x] as number) * above;
      }
    }
  }
  for (const plane of planes) {
    for (let i = width * (height - 1) - 1; i >= 0; i--) {
      plane[i] = (plane[i] as number) + (next[i] as number) * (plane[i + width] as number);
    }
  }
}

function alike(colours: Float32Array, i: number, j: number): number {
  const r = (colours[i * 3] as number) - (colours[j * 3] as number);
  const g = (colours[i * 3 + 1] as number) - (colours[j * 3 + 1] as number);
  const b = (colours[i * 3 + 2] as number) - (colours[j * 3 + 2] as number);
  return Math.exp(-Math.sqrt(r * r + g * g + b * b) / COLOUR_DISTANCE);
}
