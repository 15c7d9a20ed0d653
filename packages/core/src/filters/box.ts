import { assertPlane } from './plane.ts';

/**
 * Mean over the square of `2 * radius + 1` pixels around each pixel, by running sums: the cost does not grow with the
 * radius. At the borders the mean is of the pixels there are. Sums are kept in doubles, so nothing drifts.
 *
 * @param output may be the input itself. Default: a new array.
 */
export function boxFilter(
  input: Float32Array,
  width: number,
  height: number,
  radius: number,
  output: Float32Array = new Float32Array(input.length),
): Float32Array {
  assertPlane(input, width, height, radius);
  const rows = new Float32Array(width * height);
  for (let y = 0; y < height; y++) averageRow(input, y * width, width, radius, rows);
  const sums = new Float64Array(width);
  // Rows -radius..radius of the first output row, less the one that the loop adds first.
  for (let y = 0; y < Math.min(radius, height); y++) addRow(sums, rows, y * width, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(sums, rows, (y + radius) * width, 1);
    if (y - radius - 1 >= 0) addRow(sums, rows, (y - radius - 1) * width, -1);
    const count = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    for (let x = 0, i = y * width; x < width; x++, i++) output[i] = (sums[x] as number) / count;
  }
  return output;
}

function averageRow(input: Float32Array, start: number, width: number, radius: number, output: Float32Array): void {
  let sum = 0;
  for (let x = 0; x < Math.min(radius, width); x++) sum += input[start + x] as number;
  for (let x = 0; x < width; x++) {
    if (x + radius < width) sum += input[start + x + radius] as number;
    if (x - radius - 1 >= 0) sum -= input[start + x - radius - 1] as number;
    const count = Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1;
    output[start + x] = sum / count;
  }
}

function addRow(sums: Float64Array, rows: Float32Array, start: number, sign: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] as number) + sign * (rows[start + x] as number);
}
