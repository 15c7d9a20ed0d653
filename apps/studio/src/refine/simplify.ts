/** A place of a stroke in fractions of the photo. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** 0..1; absent: full. */
  readonly pressure?: number;
}

/** How far the line may move, as a share of the brush's radius, and at least as a share of the long side. */
const TOLERANCE = 0.03;
const LEAST = 0.00015;
/** A recipe has room for 5,000 in all. */
const MOST_POINTS = 600;

/**
 * The stroke with fewer points: those that a line between others meets are left out (Ramer 1972, Douglas & Peucker 1973),
 * where the line is that of places and of the radius. Rounded to a hundred-thousandth, less than a tenth of a pixel.
 */
export function simplifyStroke(
  points: readonly StrokePoint[],
  radius: number,
  { width, height }: { readonly width: number; readonly height: number },
): readonly StrokePoint[] {
  const long = Math.max(width, height);
  const lines = points.map(({ x, y, pressure = 1 }) => [(x * width) / long, (y * height) / long, pressure * radius]);
  let tolerance = Math.max(LEAST, radius * TOLERANCE);
  let kept = keep(lines, tolerance);
  while (kept.length > MOST_POINTS) {
    tolerance *= 1.5;
    kept = keep(lines, tolerance);
  }
  return kept.map((index) => round(points[index] as StrokePoint));
}

function keep(lines: readonly (readonly number[])[], tolerance: number): readonly number[] {
  const last = lines.length - 1;
  const isKept = new Uint8Array(lines.length);
  isKept[0] = isKept[last] = 1;
  const open: (readonly [number, number])[] = [[0, last]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span;
    let [farthest, most] = [-1, tolerance];
    for (let i = from + 1; i < to; i++) {
      const far = distance(
        lines[i] as readonly number[],
        lines[from] as readonly number[],
        lines[to] as readonly number[],
      );
      if (far > most) [farthest, most] = [i, far];
    }
    if (farthest < 0) continue;
    isKept[farthest] = 1;
    open.push([from, farthest], [farthest, to]);
  }
  return [...isKept.keys()].filter((index) => isKept[index] === 1);
}

/** From a point to the piece between two others. */
function distance(point: readonly number[], from: readonly number[], to: readonly number[]): number {
  const along = to.map((value, axis) => value - (from[axis] as number));
  const own = point.map((value, axis) => value - (from[axis] as number));
  const length = along.reduce((sum, value) => sum + value * value, 0);
  const dot = along.reduce((sum, value, axis) => sum + value * (own[axis] as number), 0);
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, dot / length));
  return Math.hypot(...own.map((value, axis) => value - t * (along[axis] as number)));
}

function round({ x, y, pressure }: StrokePoint): StrokePoint {
  const at = (value: number, digits: number) => Math.round(Math.min(2, Math.max(-1, value)) * digits) / digits;
  return { x: at(x, 1e5), y: at(y, 1e5), ...(pressure !== undefined && { pressure: at(pressure, 1e3) }) };
}
