/**
 * The connected part (by sides) of the pixels that are not 0 which holds the pixel `start`, as 1; empty where that one is
 * 0. With `fill`, what it encloses is part of it too.
 */
export function partAt(sides: Uint8Array, width: number, height: number, start: number, fill = false): Uint8Array {
  const part = new Uint8Array(sides.length);
  if (sides[start] === 0) return part;
  flood(sides, width, height, [start], true, part);
  if (!fill) return part;
  const outside = new Uint8Array(sides.length);
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) border.push(y * width, y * width + width - 1);
  flood(part, width, height, border, false, outside);
  return outside.map((is) => 1 - is);
}

/** Marks what can be reached from the starts through pixels that are set, or that are not. */
function flood(
  sides: Uint8Array,
  width: number,
  height: number,
  starts: readonly number[],
  through: boolean,
  marks: Uint8Array,
): void {
  const open: number[] = [];
  const visit = (pixel: number) => {
    if (marks[pixel] === 1 || (sides[pixel] !== 0) !== through) return;
    marks[pixel] = 1;
    open.push(pixel);
  };
  for (const start of starts) visit(start);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const x = at % width;
    if (x > 0) visit(at - 1);
    if (x + 1 < width) visit(at + 1);
    if (at >= width) visit(at - width);
    if (at + width < width * height) visit(at + width);
  }
}
