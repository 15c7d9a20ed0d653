import { CELL } from './features.ts';

/** Mean of a grid of pixels in boxes of one size around every cell's corner, as filters' answers lie: `side²` values. */
export function meanInBoxes(
  values: Float32Array,
  side: number,
  box: { readonly width: number; readonly height: number },
): Float32Array {
  const pixels = side * CELL;
  const stride = pixels + 1;
  const sums = new Float64Array(stride * stride);
  for (let y = 0; y < pixels; y++) {
    let row = 0;
    for (let x = 0; x < pixels; x++) {
      row += values[y * pixels + x] as number;
      sums[(y + 1) * stride + x + 1] = (sums[y * stride + x + 1] as number) + row;
    }
  }
  const means = new Float32Array(side * side);
  const halfX = Math.max(1, Math.round(box.width / 2));
  const halfY = Math.max(1, Math.round(box.height / 2));
  const share = 1 / (4 * halfX * halfY);
  for (let row = 0; row < side; row++) {
    const above = Math.max(0, row * CELL - halfY) * stride;
    const below = Math.min(pixels, row * CELL + halfY) * stride;
    for (let column = 0; column < side; column++) {
      const left = Math.max(0, column * CELL - halfX);
      const right = Math.min(pixels, column * CELL + halfX);
      const lower = (sums[below + right] as number) - (sums[below + left] as number);
      const upper = (sums[above + right] as number) - (sums[above + left] as number);
      means[row * side + column] = (lower - upper) * share;
    }
  }
  return means;
}

/** The highest place of a square grid, between cells by a parabola on each axis. */
export function findPeak(
  grid: Float32Array,
  side: number,
): { readonly x: number; readonly y: number; readonly index: number } {
  let index = 0;
  for (let i = 1; i < grid.length; i++) if ((grid[i] as number) > (grid[index] as number)) index = i;
  const x = index % side;
  const y = Math.floor(index / side);
  const value = grid[index] as number;
  const between = (before: number, after: number) => {
    const bend = before - 2 * value + after;
    return bend < 0 ? Math.min(0.5, Math.max(-0.5, (before - after) / (2 * bend))) : 0;
  };
  return {
    x: x + (x > 0 && x < side - 1 ? between(grid[index - 1] as number, grid[index + 1] as number) : 0),
    y: y + (y > 0 && y < side - 1 ? between(grid[index - side] as number, grid[index + side] as number) : 0),
    index,
  };
}
