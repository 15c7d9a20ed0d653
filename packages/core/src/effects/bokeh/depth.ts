import type { Pass } from '../../async/plan.ts';
import { FAR, HORIZON, LEAST_HORIZON, STANDING_ROOM } from './figures.ts';
import type { Frame, LevelSize } from './frame.ts';
import { FIGURES, type Survey } from './survey.ts';

export interface DepthOptions {
  /** Radius of the largest circle of confusion in pixels of the picture. */
  readonly radiusPx: number;
  /** How much smaller circles are right beside the subject than far from it, 0..1. */
  readonly falloff: number;
  /** How much the ground counts, 0..1. */
  readonly ground: number;
}

/** Radius of the circle of confusion, in pixels of the picture, on the frame's grid. */
export interface Depth {
  readonly passes: readonly Pass[];
  readonly radii: Float32Array;
}

/**
 * A guess at the depth of everything from the subject's outline alone.
 *
 * For a lens focused at distance s a point at distance z has a circle of confusion in proportion to |1 - s/z|. On a
 * level ground seen by a level camera 1/z falls linearly with the row, from 0 at the horizon, so that the circle grows
 * linearly with the rows from where the subject stands: up to its full size at the horizon, and likewise towards the
 * viewer. Beside the subject, and above the horizon, the circle grows with the distance from the outline, from
 * `1 - falloff` of its full size: it is there at once, since what stands behind a subject is behind it by some length.
 */
export function planDepth(frame: Frame, survey: Survey, options: DepthOptions): Depth {
  const { grid, allocate, picture } = frame;
  const radii = new Float32Array(allocate(grid.width * grid.height * 4, 'anything'), 0, grid.width * grid.height);
  const { distance, figures } = survey;
  const scale = 1 << grid.level;

  const pass: Pass = {
    name: 'bokeh-depth',
    rows: grid.height,
    run(from, to) {
      const full = figures[FIGURES.hasBackground] === 1 ? options.radiusPx : 0;
      const far = FAR * Math.max(1, figures[FIGURES.subjectSide] as number);
      const ground = options.ground * (figures[FIGURES.grounded] as number);
      const subject = figures[FIGURES.subjectHeight] as number;
      const rows = Math.max(1, HORIZON * subject, LEAST_HORIZON * picture.height);
      for (let y = from; y < to; y++) {
        const away = Math.abs((y + 0.5) * scale - (figures[FIGURES.groundY] as number)) / rows - STANDING_ROOM;
        const onGround = Math.max(0, Math.min(1, away));
        const byRow = 1 - ground + ground * onGround;
        for (let x = 0; x < grid.width; x++) {
          const near = Math.max(0, 1 - (distance[y * grid.width + x] as number) / far);
          radii[y * grid.width + x] = full * byRow * (1 - options.falloff * near * near);
        }
      }
    },
  };
  return { passes: [pass], radii };
}

/** The radii at another size, row by row, bilinearly. Owned by one thread. */
export interface RadiusReader {
  /** Goes to a row. Gives a radius than which none of the row is smaller. */
  seek(y: number): number;
  /** The radii of that row. Overwritten by the next call. */
  read(): Float32Array;
}

export function createRadiusReader(frame: Frame, radii: Float32Array, size: LevelSize): RadiusReader {
  const { grid } = frame;
  const ratio = 2 ** (size.level - grid.level);
  const line = new Float32Array(grid.width + 1);
  const result = new Float32Array(size.width);
  const lefts = new Int32Array(size.width);
  const shares = new Float32Array(size.width);
  for (let x = 0; x < size.width; x++) {
    const at = Math.max(0, Math.min(grid.width - 1, (x + 0.5) * ratio - 0.5));
    lefts[x] = Math.floor(at);
    shares[x] = at - Math.floor(at);
  }
  return {
    seek(y) {
      const at = Math.max(0, Math.min(grid.height - 1, (y + 0.5) * ratio - 0.5));
      const above = Math.floor(at) * grid.width;
      const below = Math.min(Math.floor(at) + 1, grid.height - 1) * grid.width;
      const share = at - Math.floor(at);
      let least = Number.POSITIVE_INFINITY;
      for (let x = 0; x < grid.width; x++) {
        const top = radii[above + x] as number;
        line[x] = top + ((radii[below + x] as number) - top) * share;
        if ((line[x] as number) < least) least = line[x] as number;
      }
      line[grid.width] = line[grid.width - 1] as number;
      return least;
    },
    read() {
      for (let x = 0; x < size.width; x++) {
        const left = lefts[x] as number;
        const value = line[left] as number;
        result[x] = value + ((line[left + 1] as number) - value) * (shares[x] as number);
      }
      return result;
    },
  };
}
