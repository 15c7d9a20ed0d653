/**
 * An affine map of the plane, in pixels with 0, 0 at the left top *corner* of the first pixel (its middle is .5, .5):
 * `x' = xx·x + xy·y + x0`, `y' = yx·x + yy·y + y0`.
 */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** Where a map takes a place. */
export function applyAffine({ xx, xy, x0, yx, yy, y0 }: Affine, x: number, y: number): { x: number; y: number } {
  return { x: xx * x + xy * y + x0, y: yx * x + yy * y + y0 };
}

/** The way back; all NaN or infinite of a map that flattens the plane. */
export function invertAffine({ xx, xy, x0, yx, yy, y0 }: Affine): Affine {
  const area = xx * yy - xy * yx;
  return {
    xx: yy / area,
    xy: -xy / area,
    x0: (xy * y0 - yy * x0) / area,
    yx: -yx / area,
    yy: xx / area,
    y0: (yx * x0 - xx * y0) / area,
  };
}

/** A square that is turned: by so many radians clockwise about its centre. All in pixels. */
export interface TurnedCrop {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly radians: number;
}

/** From pixels of the crop, `side` to a side, to those of the picture. */
export function fromTurnedCrop({ x, y, size, radians }: TurnedCrop, side: number): Affine {
  const along = (Math.cos(radians) * size) / side;
  const across = (Math.sin(radians) * size) / side;
  const half = side / 2;
  return {
    xx: along,
    xy: -across,
    x0: x - (along - across) * half,
    yx: across,
    yy: along,
    y0: y - (across + along) * half,
  };
}
