/** A place in an upright picture: fractions of its width and height, 0..1 from the left and the top. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An upright rectangle in fractions of the picture's width and height; found boxes may reach outside 0..1. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Area of a box as a share of the picture; 0 where a side is not positive. */
export function boxArea({ width, height }: Box): number {
  return width > 0 && height > 0 ? width * height : 0;
}

/** The part that two boxes share, or nothing where they do not meet. */
export function intersectBoxes(a: Box, b: Box): Box | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** Intersection over union of two boxes, 0 (apart) to 1 (equal). */
export function boxIou(a: Box, b: Box): number {
  const shared = intersectBoxes(a, b);
  if (shared === undefined) return 0;
  const both = boxArea(shared);
  return both / (boxArea(a) + boxArea(b) - both);
}

/** Share of `inner` that lies within `outer`, 0..1. */
export function boxShareWithin(inner: Box, outer: Box): number {
  const shared = intersectBoxes(inner, outer);
  return shared === undefined ? 0 : boxArea(shared) / boxArea(inner);
}

/** The part of a box that lies in the picture; an empty box on the border where none does. */
export function clampBox({ x, y, width, height }: Box): Box {
  const left = Math.min(1, Math.max(0, x));
  const top = Math.min(1, Math.max(0, y));
  return {
    x: left,
    y: top,
    width: Math.max(0, Math.min(1, x + width) - left),
    height: Math.max(0, Math.min(1, y + height) - top),
  };
}

export function isInBox({ x, y }: Point, box: Box): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

/** A box in fractions of another one. */
export function relativeBox(box: Box, frame: Box): Box {
  return {
    x: (box.x - frame.x) / frame.width,
    y: (box.y - frame.y) / frame.height,
    width: box.width / frame.width,
    height: box.height / frame.height,
  };
}

/** A box that is given in fractions of another one: what {@link relativeBox} undoes. */
export function absoluteBox(box: Box, frame: Box): Box {
  return {
    x: frame.x + box.x * frame.width,
    y: frame.y + box.y * frame.height,
    width: box.width * frame.width,
    height: box.height * frame.height,
  };
}

export function boxCentre({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
