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
  const smooth = planes.map((plane) => plane.map((value, i) => value * (confidence[i] as number)));
  for (let round = 0; round < ROUNDS; round++) {
    // Less from round to round, adding up to PULL, so that no streaks along the lines are left.
    const pull = (PULL * ROUNDS * 1.5 * 4 ** (ROUNDS - 1 - round)) / (4 ** ROUNDS - 1);
    const rows = { lines: height, toNext: width, length: width, step: 1, alike: across };
    const columns = { lines: width, toNext: 1, length: height, step: width, alike: down };
    solveLines([...smooth, weights], rows, pull);
    solveLines([...smooth, weights], columns, pull);
  }
  return smooth.map((plane) => plane.map((value, i) => value / (weights[i] as number)));
}

/** How the planes are gone through: so many lines, so far apart, of so many pixels, so far apart. */
interface Lines {
  readonly lines: number;
  readonly toNext: number;
  readonly length: number;
  readonly step: number;
  /** How alike each pixel is to the next one on its line. */
  readonly alike: Float32Array;
}

/** Solves a tridiagonal system for each line and plane (Thomas's algorithm), in place. */
function solveLines(
  planes: readonly Float32Array[],
  { lines, toNext, length, step, alike }: Lines,
  pull: number,
): void {
  const next = new Float64Array(length);
  const before = new Float64Array(length);
  const scale = new Float64Array(length);
  for (let line = 0; line < lines; line++) {
    const start = line * toNext;
    let [towards, ratio] = [0, 0];
    for (let n = 0, i = start; n < length; n++, i += step) {
      const onwards = n + 1 < length ? pull * (alike[i] as number) : 0;
      const divisor = 1 + towards + onwards - towards * ratio;
      before[n] = towards / divisor;
      scale[n] = 1 / divisor;
      ratio = onwards / divisor;
      next[n] = ratio;
      towards = onwards;
    }
    for (const plane of planes) {
      let value = 0;
      for (let n = 0, i = start; n < length; n++, i += step) {
        value = (scale[n] as number) * (plane[i] as number) + (before[n] as number) * value;
        plane[i] = value;
      }
      for (let n = length - 2, i = start + n * step; n >= 0; n--, i -= step) {
        value = (plane[i] as number) + (next[n] as number) * value;
        plane[i] = value;
      }
    }
  }
}

function alike(colours: Float32Array, i: number, j: number): number {
  const r = (colours[i * 3] as number) - (colours[j * 3] as number);
  const g = (colours[i * 3 + 1] as number) - (colours[j * 3 + 1] as number);
  const b = (colours[i * 3 + 2] as number) - (colours[j * 3 + 2] as number);
  return Math.exp(-Math.sqrt(r * r + g * g + b * b) / COLOUR_DISTANCE);
}
