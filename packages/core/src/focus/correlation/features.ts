import type { Picture } from '../../picture/picture.ts';

/** Pixels on a side of a cell. */
export const CELL = 4;
/** Directions of edges, over half a circle. */
export const DIRECTIONS = 9;
/** Light, red against green, yellow against blue. */
const COLORS = 3;
export const CHANNELS = DIRECTIONS + COLORS;
/** Parts of a cell's energy above this share of what surrounds it are cut. */
const CUT = 0.2;
/** Weaker gradients are noise. */
const LEAST_GRADIENT = 1e-4;

/**
 * What correlation filters look at: for each cell of 4² pixels its edges by direction, normalised by the energy of the
 * cells around as in Felzenszwalb et al., "Object Detection with Discriminatively Trained Part-Based Models"
 * (PAMI 2010), and, unless left out, its mean colour, opponent. Channel after channel, row by row; the sides of the
 * picture are multiples of {@link CELL}.
 */
export function describeCells(picture: Picture, { withColor = true } = {}): Float32Array {
  const columns = picture.width / CELL;
  const rows = picture.height / CELL;
  const cells = columns * rows;
  const features = new Float32Array((withColor ? CHANNELS : DIRECTIONS) * cells);
  const histogram = new Float32Array(cells * DIRECTIONS);
  addGradients(toLight(picture), picture.width, picture.height, histogram);
  normalise(histogram, columns, rows, features);
  if (withColor) addColors(picture, columns, rows, features.subarray(DIRECTIONS * cells));
  return features;
}

/** Light as a square root, so that edges in shadow count too. */
function toLight({ data }: Picture): Float32Array {
  const light = new Float32Array(data.length / 4);
  for (let p = 0, i = 0; p < light.length; p++, i += 4) {
    const sum = 0.299 * (data[i] as number) + 0.587 * (data[i + 1] as number) + 0.114 * (data[i + 2] as number);
    light[p] = Math.sqrt(sum / 255);
  }
  return light;
}

/** Directions of a cell while they are summed: past the last one they begin again. */
const TURN = DIRECTIONS + 2;
/** How much of a pixel goes to the cell on the right rather than on the left, for each of the {@link CELL} in a cell. */
const TO_RIGHT = Float64Array.from({ length: CELL }, (_, x) => ((x + 0.5) / CELL + 0.5) % 1);

/** Each pixel's gradient goes to the two nearest directions of the four nearest cells: of a row first, then of two. */
function addGradients(light: Float32Array, width: number, height: number, histogram: Float32Array): void {
  const columns = width / CELL;
  const rows = height / CELL;
  // With a cell more on either side.
  const line = new Float64Array((columns + 2) * TURN);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    const here = y * width;
    addLine(light, here, Math.max(0, y - 1) * width, Math.min(height - 1, y + 1) * width, width, line);
    const cellY = (y + 0.5) / CELL - 0.5;
    const row = Math.floor(cellY);
    const toBelow = cellY - row;
    if (row >= 0) addCells(line, columns, 1 - toBelow, histogram, row * columns * DIRECTIONS);
    if (row + 1 < rows) addCells(line, columns, toBelow, histogram, (row + 1) * columns * DIRECTIONS);
  }
}

/** The gradients of a row of pixels. */
function addLine(light: Float32Array, here: number, up: number, down: number, width: number, line: Float64Array): void {
  for (let x = 0; x < width; x++) {
    const right = light[here + (x + 1 < width ? x + 1 : x)] as number;
    const dx = right - (light[here + (x > 0 ? x - 1 : 0)] as number);
    const dy = (light[down + x] as number) - (light[up + x] as number);
    const squared = dx * dx + dy * dy;
    if (squared < LEAST_GRADIENT * LEAST_GRADIENT) continue;
    const strength = Math.sqrt(squared);
    const direction = halfTurnsOf(dx, dy) * DIRECTIONS;
    const first = direction | 0;
    const toNext = (direction - first) * strength;
    const toFirst = strength - toNext;
    const toRight = TO_RIGHT[x % CELL] as number;
    const nextRight = toNext * toRight;
    const firstRight = toFirst * toRight;
    const at = (((x + CELL / 2) / CELL) | 0) * TURN + first;
    line[at] = (line[at] as number) + (toFirst - firstRight);
    line[at + 1] = (line[at + 1] as number) + (toNext - nextRight);
    line[at + TURN] = (line[at + TURN] as number) + firstRight;
    line[at + TURN + 1] = (line[at + TURN + 1] as number) + nextRight;
  }
}

/** A share of what the cells of a row got, without those at its ends. */
function addCells(line: Float64Array, columns: number, share: number, histogram: Float32Array, into: number): void {
  for (let column = 1, out = into; column <= columns; column++) {
    const at = column * TURN;
    histogram[out] = (histogram[out] as number) + share * ((line[at] as number) + (line[at + DIRECTIONS] as number));
    histogram[out + 1] =
      (histogram[out + 1] as number) + share * ((line[at + 1] as number) + (line[at + DIRECTIONS + 1] as number));
    out += 2;
    for (let o = at + 2; o < at + DIRECTIONS; o++, out++) {
      histogram[out] = (histogram[out] as number) + share * (line[o] as number);
    }
  }
}

/**
 * The direction of a vector that is not null in half turns, 0 to 1, to .001: some five times as fast as `atan2`.
 * Rajan et al., "Efficient Approximations for the Arctangent Function" (IEEE Signal Processing Magazine 2006), eq. 9.
 */
function halfTurnsOf(x: number, y: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const ratio = Math.min(ax, ay) / Math.max(ax, ay);
  let turns = (ratio * (Math.PI / 4) - ratio * (ratio - 1) * (0.2447 + 0.0663 * ratio)) / Math.PI;
  if (ay > ax) turns = 0.5 - turns;
  return x < 0 !== y < 0 ? 1 - turns : turns;
}

/** By the energy of the four blocks of 2² cells that a cell belongs to, and cut. */
function normalise(histogram: Float32Array, columns: number, rows: number, features: Float32Array): void {
  const cells = columns * rows;
  const energy = new Float32Array(cells);
  for (let i = 0; i < cells; i++) {
    let sum = 0;
    for (let o = i * DIRECTIONS; o < (i + 1) * DIRECTIONS; o++) sum += (histogram[o] as number) ** 2;
    energy[i] = sum;
  }
  for (let row = 0, i = 0; row < rows; row++) {
    const above = Math.max(0, row - 1) * columns;
    const here = row * columns;
    const below = Math.min(rows - 1, row + 1) * columns;
    for (let column = 0; column < columns; column++, i++) {
      const left = Math.max(0, column - 1);
      const right = Math.min(columns - 1, column + 1);
      const up = (energy[above + column] as number) + 1e-4;
      const own = energy[i] as number;
      const down = (energy[below + column] as number) + 1e-4;
      const toLeft = energy[here + left] as number;
      const toRight = energy[here + right] as number;
      const a = 1 / Math.sqrt((energy[above + left] as number) + up + toLeft + own);
      const b = 1 / Math.sqrt((energy[above + right] as number) + up + toRight + own);
      const c = 1 / Math.sqrt((energy[below + left] as number) + down + toLeft + own);
      const d = 1 / Math.sqrt((energy[below + right] as number) + down + toRight + own);
      for (let o = 0; o < DIRECTIONS; o++) {
        const value = histogram[i * DIRECTIONS + o] as number;
        features[o * cells + i] =
          (Math.min(CUT, value * a) + Math.min(CUT, value * b) + Math.min(CUT, value * c) + Math.min(CUT, value * d)) /
          2;
      }
    }
  }
}

function addColors({ width, data }: Picture, columns: number, rows: number, into: Float32Array): void {
  const cells = columns * rows;
  const scale = 1 / (CELL * CELL * 255);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      let [red, green, blue] = [0, 0, 0];
      for (let y = row * CELL; y < (row + 1) * CELL; y++) {
        const from = (y * width + column * CELL) * 4;
        for (let p = from; p < from + CELL * 4; p += 4) {
          red += data[p] as number;
          green += data[p + 1] as number;
          blue += data[p + 2] as number;
        }
      }
      into[i] = ((red + green + blue) / 3) * scale - 0.5;
      into[cells + i] = (red - green) * scale;
      into[2 * cells + i] = ((red + green) / 2 - blue) * scale;
    }
  }
}
