import type { Pass, Plan } from '../../async/plan.ts';
import type { Cells } from './cells.ts';
import { FREE_BELOW, STRAY } from './figures.ts';
import { type Frame, sizeAt } from './frame.ts';

/** What the subject's outline tells of the depth of the scene, on the grid of the frame. */
export interface Survey {
  /** Distance of each grid cell from the subject, in pixels of the picture. Infinite where there is no subject. */
  readonly distance: Float32Array;
  /** See {@link SurveyFigure}. */
  readonly figures: Float64Array;
}

/** Where in `figures` what stands, in pixels of the picture. */
export const FIGURES = {
  /** Where the subject stands: its lowest row. */
  groundY: 0,
  /** How surely that is a place on the ground, 0..1: 0 where the subject is cut by the picture's lower edge. */
  grounded: 1,
  /** From top to bottom of the subject. */
  subjectHeight: 2,
  /** Side of a square of the subject's area. */
  subjectSide: 3,
  /** 1 where there is any background to blur, else 0. */
  hasBackground: 4,
  count: 5,
} as const;

/** Surveys the subject: distances and the ground line. */
export function planSurvey(frame: Frame, cells: Cells): Plan<Survey> {
  const { grid, allocate } = frame;
  const { width, height } = grid;
  const area = width * height;
  const cover = new Float32Array(allocate(area * 4, 'anything'), 0, area);
  const distance = new Float32Array(allocate(area * 4, 'anything'), 0, area);
  const figures = new Float64Array(allocate(FIGURES.count * 8), 0, FIGURES.count);
  const cellSize = sizeAt(frame, 1);
  const span = 1 << (grid.level - 1);

  const average: Pass = {
    name: 'bokeh-grid',
    rows: height,
    run(from, to) {
      for (let y = from; y < to; y++) {
        const bottom = Math.min((y + 1) * span, cellSize.height);
        for (let x = 0; x < width; x++) {
          const right = Math.min((x + 1) * span, cellSize.width);
          let covered = 0;
          for (let v = y * span; v < bottom; v++) {
            for (let u = x * span, i = v * cellSize.width + u; u < right; u++, i++) {
              covered += cells.cover[i] as number;
            }
          }
          const count = (bottom - y * span) * (right - x * span) * 255;
          cover[y * width + x] = covered / count;
        }
      }
    },
  };
  const survey: Pass = {
    name: 'bokeh-survey',
    rows: 1,
    run() {
      measure(frame, cover, figures);
      const scale = 1 << grid.level;
      const inside = new Uint8Array(area);
      for (let i = 0; i < area; i++) inside[i] = (cover[i] as number) >= 0.5 ? 1 : 0;
      distanceTo(inside, width, height, distance);
      for (let i = 0; i < area; i++) distance[i] = (distance[i] as number) * scale;
    },
  };
  return { passes: [average, survey], result: { distance, figures } };
}

function measure(frame: Frame, cover: Float32Array, figures: Float64Array): void {
  const { width, height, level } = frame.grid;
  const rows = new Float64Array(height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y] = (rows[y] as number) + (cover[y * width + x] as number);
  }
  const mass = rows.reduce((sum, row) => sum + row, 0);
  let top = 0;
  for (let above = 0; top < height - 1; top++) {
    above += rows[top] as number;
    if (above > mass * STRAY) break;
  }
  let bottom = height - 1;
  for (let below = 0; bottom > top; bottom--) {
    below += rows[bottom] as number;
    if (below > mass * STRAY) break;
  }
  const scale = 1 << level;
  const groundY = Math.min((bottom + 1) * scale, frame.picture.height);
  const free = (frame.picture.height - groundY) / frame.picture.height;
  figures[FIGURES.groundY] = groundY;
  figures[FIGURES.grounded] = mass > 0 ? Math.min(1, free / FREE_BELOW) : 0;
  figures[FIGURES.subjectHeight] = (bottom + 1 - top) * scale;
  figures[FIGURES.subjectSide] = Math.sqrt(mass) * scale;
  figures[FIGURES.hasBackground] = mass < width * height - 0.5 ? 1 : 0;
}

/** Exact Euclidean distance to the nearest cell that is set (Felzenszwalb and Huttenlocher 2012). */
function distanceTo(inside: Uint8Array, width: number, height: number, out: Float32Array): void {
  const far = 1e12;
  const longest = Math.max(width, height);
  const line = new Float64Array(longest);
  const result = new Float64Array(longest);
  const centres = new Int32Array(longest);
  const bounds = new Float64Array(longest + 1);
  for (let i = 0; i < out.length; i++) out[i] = inside[i] ? 0 : far;
  for (let x = 0; x < width; x++) lowerEnvelope(out, x, width, height, line, result, centres, bounds);
  for (let y = 0; y < height; y++) lowerEnvelope(out, y * width, 1, width, line, result, centres, bounds);
  for (let i = 0; i < out.length; i++) {
    const square = out[i] as number;
    out[i] = square >= far / 2 ? Number.POSITIVE_INFINITY : Math.sqrt(square);
  }
}

function lowerEnvelope(
  values: Float32Array,
  start: number,
  stride: number,
  count: number,
  line: Float64Array,
  result: Float64Array,
  centres: Int32Array,
  bounds: Float64Array,
): void {
  for (let i = 0; i < count; i++) line[i] = values[start + i * stride] as number;
  let last = 0;
  centres[0] = 0;
  bounds[0] = Number.NEGATIVE_INFINITY;
  bounds[1] = Number.POSITIVE_INFINITY;
  for (let i = 1; i < count; i++) {
    let cross = 0;
    for (;;) {
      const c = centres[last] as number;
      cross = ((line[i] as number) + i * i - ((line[c] as number) + c * c)) / (2 * (i - c));
      if (cross > (bounds[last] as number)) break;
      last--;
    }
    last++;
    centres[last] = i;
    bounds[last] = cross;
    bounds[last + 1] = Number.POSITIVE_INFINITY;
  }
  for (let i = 0, k = 0; i < count; i++) {
    while ((bounds[k + 1] as number) < i) k++;
    const c = centres[k] as number;
    result[i] = (i - c) * (i - c) + (line[c] as number);
  }
  for (let i = 0; i < count; i++) values[start + i * stride] = result[i] as number;
}
