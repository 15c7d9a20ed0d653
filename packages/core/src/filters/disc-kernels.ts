/** The opening of a lens: a circle, or a regular polygon of as many sides as it has blades. */
export type ApertureShape = 'disc' | 'triangle' | 'square' | 'pentagon' | 'hexagon' | 'heptagon' | 'octagon';

export interface Aperture {
  readonly shape: ApertureShape;
  /** Turn of a polygon, clockwise on the screen. At 0 a point of light becomes a polygon with a corner pointing up. */
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
  const dys: number[] = [];
  const lefts: number[] = [];
  const rights: number[] = [];
  const areas = new Float32Array(count + 1);
  const ends = { left: 0, right: 0 };
  let reach = 0;
  for (let index = 0; index < count; index++) {
    starts[index] = dys.length;
    const radius = index * RADIUS_STEP;
    let area = 0;
    const last = Math.ceil(radius * (outline?.extent ?? 1) + 0.5);
    for (let dy = -last; dy <= last; dy++) {
      if (!averageRow(outline, radius, dy, ends)) continue;
      dys.push(dy);
      lefts.push(ends.left);
      rights.push(ends.right);
      area += ends.right - ends.left;
      reach = Math.max(reach, Math.abs(dy), Math.ceil(Math.abs(ends.left)), Math.ceil(Math.abs(ends.right)));
    }
    areas[index] = area;
  }
  starts[count] = dys.length;
  starts[count + 1] = dys.length;
  return {
    maxRadius: (count - 1) * RADIUS_STEP,
    reach,
    count,
    starts,
    areas,
    dy: Int32Array.from(dys),
    left: Int32Array.from(lefts, Math.floor),
    leftFraction: Float32Array.from(lefts, (left) => left - Math.floor(left)),
    right: Int32Array.from(rights, Math.floor),
    rightFraction: Float32Array.from(rights, (right) => right - Math.floor(right)),
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
  // What is gathered over an outline is spread over its mirror image: the corner that shall point up lies below.
  const angles = Array.from({ length: sides }, (_, i) => ((angleDeg + 90) * Math.PI) / 180 + (i * 2 * Math.PI) / sides);
  return { xs: angles.map((a) => extent * Math.cos(a)), ys: angles.map((a) => extent * Math.sin(a)), extent };
}

/** Sets the interval that stands for row `dy`, from the left edge of the centre pixel. False where there is none. */
function averageRow(
  outline: Outline | undefined,
  radius: number,
  dy: number,
  ends: { left: number; right: number },
): boolean {
  if (radius === 0) {
    ends.left = 0;
    ends.right = 1;
    return dy === 0;
  }
  let length = 0;
  let moment = 0;
  for (let sub = 0; sub < SUBROWS; sub++) {
    const y = (dy - 0.5 + (sub + 0.5) / SUBROWS) / radius;
    if (outline === undefined) {
      const half = Math.sqrt(Math.max(0, 1 - y * y));
      length += 2 * half;
      continue;
    }
    const [left, right] = chordOfPolygon(outline, y);
    if (right <= left) continue;
    length += right - left;
    moment += ((right - left) * (right + left)) / 2;
  }
  if (length === 0) return false;
  const half = Math.round(((radius * length) / SUBROWS / 2) * END_STEPS) / END_STEPS;
  const middle = 0.5 + Math.round(((radius * moment) / length) * END_STEPS) / END_STEPS;
  ends.left = middle - half;
  ends.right = middle + half;
  return half > 0;
}

function chordOfPolygon({ xs, ys }: Outline, y: number): readonly [number, number] {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < xs.length; i++) {
    const j = (i + 1) % xs.length;
    const x0 = xs[i] as number;
    const y0 = ys[i] as number;
    const x1 = xs[j] as number;
    const y1 = ys[j] as number;
    if (y0 <= y === y1 <= y) continue;
    const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  return [left, right];
}
