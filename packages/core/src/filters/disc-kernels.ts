/** The opening of a lens: a circle, or a regular polygon of as many sides as it has blades. */
export type ApertureShape = 'disc' | 'triangle' | 'square' | 'pentagon' | 'hexagon' | 'heptagon' | 'octagon';

export interface Aperture {
  readonly shape: ApertureShape;
  /** Turn of a polygon, clockwise on the screen. At 0 one corner points up. */
  readonly angleDeg: number;
}

/**
 * Apertures of radius 0 to `maxRadius` in steps of {@link RADIUS_STEP}, cut into the rows of a pixel grid. A row is
 * an interval with fractional ends, averaged over the height of the row, so that outlines are smooth. A polygon has
 * the area of the disc of its radius: changing the shape keeps the amount of blur.
 */
export interface DiscKernels {
  readonly maxRadius: number;
  /** The last row a kernel can touch, counted from its centre. */
  readonly reach: number;
  /** How many radii there are; kernel `count` is one more, without rows: it sums nothing. */
  readonly count: number;
  /** Where the rows of kernel i begin and end: entries i and i + 1. `count + 2` entries. */
  readonly starts: Int32Array;
  /** Row offset from the centre, -reach..reach. */
  readonly dy: Int32Array;
  /** Whole and fractional part of the interval's ends, from the left edge of the centre pixel. */
  readonly left: Int32Array;
  readonly leftFraction: Float32Array;
  readonly right: Int32Array;
  readonly rightFraction: Float32Array;
  /** Sum of a kernel's weights: its area in pixels. */
  readonly areas: Float32Array;
}

/** Radii are rounded to this many pixels. */
export const RADIUS_STEP = 0.125;

const SUBROWS = 8;
// Ends are whole multiples of this, so that the last bit of Math.cos, which differs between engines, cannot matter.
const END_STEPS = 1024;
const SIDES: Readonly<Record<Exclude<ApertureShape, 'disc'>, number>> = {
  triangle: 3,
  square: 4,
  pentagon: 5,
  hexagon: 6,
  heptagon: 7,
  octagon: 8,
};

/** Builds the kernels: about a millisecond for radii to 32. */
export function createDiscKernels(aperture: Aperture, maxRadius: number): DiscKernels {
  const outline = aperture.shape === 'disc' ? undefined : createOutline(SIDES[aperture.shape], aperture.angleDeg);
  const count = Math.max(0, Math.round(maxRadius / RADIUS_STEP)) + 1;
  const starts = new Int32Array(count + 2);
  const rows: { dy: number; left: number; right: number }[] = [];
  const areas = new Float32Array(count + 1);
  let reach = 0;
  for (let index = 0; index < count; index++) {
    starts[index] = rows.length;
    const radius = index * RADIUS_STEP;
    let area = 0;
    const last = Math.ceil(radius * (outline?.extent ?? 1) + 0.5);
    for (let dy = -last; dy <= last; dy++) {
      const row = index === 0 ? (dy === 0 ? { left: 0, right: 1 } : undefined) : averageRow(outline, radius, dy);
      if (row === undefined) continue;
      rows.push({ dy, ...row });
      area += row.right - row.left;
      reach = Math.max(reach, Math.abs(dy), Math.ceil(Math.abs(row.left)), Math.ceil(Math.abs(row.right)));
    }
    areas[index] = area;
  }
  starts[count] = rows.length;
  starts[count + 1] = rows.length;
  return {
    maxRadius: (count - 1) * RADIUS_STEP,
    reach,
    count,
    starts,
    areas,
    dy: Int32Array.from(rows, (row) => row.dy),
    left: Int32Array.from(rows, (row) => Math.floor(row.left)),
    leftFraction: Float32Array.from(rows, (row) => row.left - Math.floor(row.left)),
    right: Int32Array.from(rows, (row) => Math.floor(row.right)),
    rightFraction: Float32Array.from(rows, (row) => row.right - Math.floor(row.right)),
  };
}

/** The kernel for a radius in pixels, clamped to what there is. */
export function toKernelIndex(kernels: DiscKernels, radius: number): number {
  return Math.max(0, Math.min(kernels.count - 1, Math.round(radius / RADIUS_STEP)));
}

/** A convex outline of radius 1: its corners in order, and how far from the centre it reaches. */
interface Outline {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly extent: number;
}

function createOutline(sides: number, angleDeg: number): Outline {
  // A regular polygon of circumradius ρ has the area n/2 ρ² sin(2π/n); here π.
  const extent = Math.sqrt(Math.PI / ((sides / 2) * Math.sin((2 * Math.PI) / sides)));
  const angles = Array.from({ length: sides }, (_, i) => ((angleDeg - 90) * Math.PI) / 180 + (i * 2 * Math.PI) / sides);
  return { xs: angles.map((a) => extent * Math.cos(a)), ys: angles.map((a) => extent * Math.sin(a)), extent };
}

/** The interval that stands for row `dy`, in pixels from the left edge of the centre pixel; none where it misses. */
function averageRow(
  outline: Outline | undefined,
  radius: number,
  dy: number,
): { left: number; right: number } | undefined {
  let length = 0;
  let moment = 0;
  for (let sub = 0; sub < SUBROWS; sub++) {
    const y = (dy - 0.5 + (sub + 0.5) / SUBROWS) / radius;
    const [left, right] = outline === undefined ? chordOfCircle(y) : chordOfPolygon(outline, y);
    if (right <= left) continue;
    length += right - left;
    moment += ((right - left) * (right + left)) / 2;
  }
  if (length === 0) return undefined;
  const half = Math.round(((radius * length) / SUBROWS / 2) * END_STEPS) / END_STEPS;
  const middle = 0.5 + Math.round(((radius * moment) / length) * END_STEPS) / END_STEPS;
  return half === 0 ? undefined : { left: middle - half, right: middle + half };
}

function chordOfCircle(y: number): readonly [number, number] {
  const half = Math.sqrt(Math.max(0, 1 - y * y));
  return [-half, half];
}

function chordOfPolygon({ xs, ys }: Outline, y: number): readonly [number, number] {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < xs.length; i++) {
    const j = (i + 1) % xs.length;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [xs[i], ys[i], xs[j], ys[j]];
    if (y0 <= y === y1 <= y) continue;
    const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  return [left, right];
}
