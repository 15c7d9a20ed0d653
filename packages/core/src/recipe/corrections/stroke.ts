/** A brush stroke in one picture's pixels. */
export interface StrokeInPixels {
  /** Pairs of x and y. One point is a dot. */
  readonly points: Float64Array;
  /** One for each point. */
  readonly radii: Float64Array;
  /** 0..1: the share of the radius over which it fades out. */
  readonly softness: number;
}

export interface Stroke {
  /** At full pressure, as a share of the long side. */
  readonly radius: number;
  readonly softness: number;
  /** In fractions of the picture. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly pressure?: number | undefined }[];
}

export function toPixels({ radius, softness, points }: Stroke, width: number, height: number): StrokeInPixels {
  const radiusPx = radius * Math.max(width, height);
  return {
    points: Float64Array.from(points.flatMap(({ x, y }) => [x * width, y * height])),
    radii: Float64Array.from(points, ({ pressure = 1 }) => radiusPx * pressure),
    softness,
  };
}

/**
 * How much of each pixel of a row the stroke covers, 0..255, into `cover`, which is larger where strokes cross but never
 * adds up: capsules from point to point, whose radius grows or shrinks on the way, with a rim of a pixel at least. Gives
 * the part of the row that it reaches. Only sums, products and square roots: the same everywhere.
 */
export function coverRow(
  { points, radii, softness }: StrokeInPixels,
  y: number,
  cover: Uint8Array,
): readonly [from: number, to: number] {
  let [least, most] = [cover.length, 0];
  const last = radii.length - 1;
  const cy = y + 0.5;
  for (let i = 0; i <= last; i += 1) {
    // A stroke of one point is a piece of no length.
    if (i === last && last > 0) break;
    const j = Math.min(last, i + 1);
    const [x0, y0, r0] = [points[i * 2] as number, points[i * 2 + 1] as number, radii[i] as number];
    const [x1, y1, r1] = [points[j * 2] as number, points[j * 2 + 1] as number, radii[j] as number];
    const reach = Math.max(r0, r1) + 0.5;
    if (cy < Math.min(y0, y1) - reach || cy > Math.max(y0, y1) + reach) continue;
    const [dx, dy, dr] = [x1 - x0, y1 - y0, r1 - r0];
    const length = dx * dx + dy * dy;
    // The part of the piece that is near the row.
    const [a, b] = dy === 0 ? [0, 1] : [clamp((cy - reach - y0) / dy), clamp((cy + reach - y0) / dy)];
    const [xa, xb] = [x0 + a * dx, x0 + b * dx];
    const from = Math.max(0, Math.floor(Math.min(xa, xb) - reach));
    const to = Math.min(cover.length, Math.ceil(Math.max(xa, xb) + reach));
    if (from >= to) continue;
    if (from < least) least = from;
    if (to > most) most = to;
    for (let x = from; x < to; x++) {
      if (cover[x] === 255) continue;
      const cx = x + 0.5;
      const t = length === 0 ? 0 : clamp(((cx - x0) * dx + (cy - y0) * dy) / length);
      const [ex, ey, radius] = [cx - x0 - t * dx, cy - y0 - t * dy, r0 + t * dr];
      const value = coverAt(Math.sqrt(ex * ex + ey * ey), radius, softness);
      if (value > (cover[x] as number)) cover[x] = value;
    }
  }
  return least < most ? [least, most] : [0, 0];
}

/** Paint over paint: soft strokes add up. Adding is taking away from the rest, to the byte. */
export function paintOver(alpha: number, cover: number, mode: 'add' | 'remove'): number {
  const turn = mode === 'add' ? 255 : 0;
  return Math.round(((alpha ^ turn) * (255 - cover)) / 255) ^ turn;
}

function coverAt(far: number, radius: number, softness: number): number {
  const share = clamp((radius - far + 0.5) / (softness * radius + 1));
  // Less than a pixel wide: so much less of it.
  const thin = radius < 0.5 ? radius * 2 : 1;
  return Math.round(255 * thin * share * share * (3 - 2 * share));
}

function clamp(share: number): number {
  return share < 0 ? 0 : share > 1 ? 1 : share;
}
