import type { Box, Point } from '../scene/geometry.ts';

export function moveBox(box: Box, by: Point, times = 1): Box {
  return { ...box, x: box.x + by.x * times, y: box.y + by.y * times };
}

/** About its middle. */
export function resizeBox(
  { x, y, width, height }: Box,
  size: { readonly width: number; readonly height: number },
): Box {
  return { x: x + (width - size.width) / 2, y: y + (height - size.height) / 2, ...size };
}

/** How far apart two boxes' middles are, in mean sides of the first. */
export function gapOf(a: Box, b: Box): number {
  const x = a.x + a.width / 2 - b.x - b.width / 2;
  const y = a.y + a.height / 2 - b.y - b.height / 2;
  return Math.hypot(x, y) / Math.sqrt(a.width * a.height);
}

/** Half way from one box to another. */
export function blendBoxes(a: Box, b: Box): Box {
  const middle = (one: number, other: number) => (one + other) / 2;
  return {
    x: middle(a.x, b.x),
    y: middle(a.y, b.y),
    width: middle(a.width, b.width),
    height: middle(a.height, b.height),
  };
}
