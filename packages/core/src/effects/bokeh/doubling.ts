/**
 * Row `y` of a picture of twice the size, mixed from the two rows of a level (four numbers a cell) that it lies
 * between: three parts of the nearer, one of the other. `line` gets a margin of one cell on either side, so that the
 * columns can be mixed likewise: cell `x >> 1` and the one before (x even) or after it.
 */
export function mixRows(
  level: Uint16Array,
  size: { readonly width: number; readonly height: number },
  y: number,
  line: Int32Array,
): void {
  const length = size.width * 4;
  const near = (y >> 1) * length;
  const other = (y & 1) === 0 ? (y >> 1) - 1 : (y >> 1) + 1;
  const beside = Math.max(0, Math.min(size.height - 1, other)) * length;
  for (let i = 0; i < length; i++) line[i + 4] = 3 * (level[near + i] as number) + (level[beside + i] as number);
  for (let c = 0; c < 4; c++) {
    line[c] = line[c + 4] as number;
    line[length + 4 + c] = line[length + c] as number;
  }
}
