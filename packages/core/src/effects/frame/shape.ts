interface Size {
  readonly width: number;
  readonly height: number;
}

export interface BandOptions {
  readonly widthPx: number;
  /** From the picture's edge to the band. */
  readonly insetPx: number;
  readonly bottomPx: number;
  /** Of the inner corners. */
  readonly radiusPx: number;
}

/** A band between two upright rectangles, in pixels. */
export interface Band {
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
  /** The opening. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly insetPx: number;
  readonly widthPx: number;
  readonly radiusPx: number;
}

/** The band's opening, at least a pixel however wide the band. */
export function createBand({ width, height }: Size, options: BandOptions): Band {
  const { widthPx, insetPx, bottomPx, radiusPx } = options;
  const side = Math.min(insetPx + widthPx, (width - 1) / 2);
  const top = Math.min(insetPx + widthPx, (height - 1) / 2);
  const bottom = Math.max(top + 1, height - insetPx - bottomPx);
  const most = Math.min(width - 2 * side, bottom - top) / 2;
  const opening = { left: side, top, right: width - side, bottom };
  return { width, height, ...opening, insetPx, widthPx, radiusPx: Math.min(radiusPx, most) };
}

/** Distance of a place to the opening's edge in pixels: negative in the opening. */
export function toOpening({ left, top, right, bottom, radiusPx }: Band, x: number, y: number): number {
  const across = Math.abs(x - (left + right) / 2) - (right - left) / 2 + radiusPx;
  const down = Math.abs(y - (top + bottom) / 2) - (bottom - top) / 2 + radiusPx;
  if (across <= 0 || down <= 0) return Math.max(across, down) - radiusPx;
  return Math.sqrt(across * across + down * down) - radiusPx;
}

/** How much of a pixel lies on the band, 0..1, by its distance from the opening. */
export function bandShare({ insetPx, width, height }: Band, x: number, y: number, far: number): number {
  const inner = far + 0.5;
  if (inner <= 0) return 0;
  const edge = Math.min(x, y, width - x, height - y) - insetPx;
  const outer = insetPx === 0 ? 1 : edge + 0.5;
  const share = Math.min(inner, outer, 1);
  return share <= 0 ? 0 : share;
}

/** The holes of a strip of film: rounded boxes along the upper and lower band, the same on both. */
export interface Holes {
  readonly pitch: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly radius: number;
  /** Where the rows of holes have their middles. */
  readonly rows: readonly [number, number];
  readonly start: number;
}

/** As 35 mm film has them: holes of 2.8 × 2 mm, 4.75 mm apart, in a margin of 5.4 mm or so. */
export function createHoles({ width, height, top, insetPx, widthPx }: Band): Holes {
  const band = Math.min(widthPx, top);
  const tall = band * 0.46;
  const wide = tall * (2 / 2.8);
  const count = Math.max(1, Math.round((width - 2 * insetPx) / (tall * (4.75 / 2.8))));
  return {
    pitch: (width - 2 * insetPx) / count,
    halfWidth: wide / 2,
    halfHeight: tall / 2,
    radius: wide * 0.28,
    rows: [insetPx + band / 2, height - insetPx - band / 2],
    start: insetPx,
  };
}

/** How much of a pixel lies in a hole, 0..1. */
export function holeShare({ pitch, halfWidth, halfHeight, radius, rows, start }: Holes, x: number, y: number): number {
  const down = Math.min(Math.abs(y - rows[0]), Math.abs(y - rows[1])) - halfHeight + radius;
  if (down > radius + 0.5) return 0;
  const at = (x - start) / pitch;
  const across = Math.abs((at - Math.floor(at) - 0.5) * pitch) - halfWidth + radius;
  const far =
    across <= 0 || down <= 0 ? Math.max(across, down) - radius : Math.sqrt(across * across + down * down) - radius;
  const share = 0.5 - far;
  // A band without room has holes of no size, which are nowhere.
  return share >= 1 ? 1 : share > 0 ? share : 0;
}
