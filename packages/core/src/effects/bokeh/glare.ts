import type { Pass, Plan } from '../../async/plan.ts';
import { toWords } from '../../matte/runs.ts';
import { brightBits } from './cell-light.ts';
import { DIM, GLARE_SIDE } from './figures.ts';
import { type Frame, sizeAt } from './frame.ts';

/** How common brightness is around each cell of the frame's grid, 0..1: near 0 around a lamp, 1 in a bright sky. */
export function planGlare(frame: Frame): Plan<Float32Array> {
  const { grid, allocate, picture } = frame;
  const { width, height } = grid;
  const area = width * height;
  const glare = new Float32Array(allocate(area * 4, 'anything'), 0, area);
  const cellSize = sizeAt(frame, 1);
  const span = 1 << (grid.level - 1);
  const brightness = createBrightnessTable();
  const words = toWords(picture.data);

  const average: Pass = {
    name: 'bokeh-glare',
    rows: height,
    run(from, to) {
      for (let y = from; y < to; y++) {
        const bottom = Math.min((y + 1) * span, cellSize.height);
        for (let x = 0; x < width; x++) {
          const right = Math.min((x + 1) * span, cellSize.width);
          let bright = 0;
          // One pixel of each four is enough.
          for (let v = y * span; v < bottom; v++) {
            const row = v * 2 * picture.width;
            for (let u = x * span; u < right; u++) {
              if (words !== undefined && brightBits(words[row + u * 2] as number) === 0) continue;
              bright += brightness[brightest(picture.data, (row + u * 2) * 4)] as number;
            }
          }
          glare[y * width + x] = bright / ((bottom - y * span) * (right - x * span) * 255);
        }
      }
    },
  };
  const soften: Pass = {
    name: 'bokeh-glare-blur',
    rows: 1,
    run() {
      const radius = Math.round((Math.max(width, height) * GLARE_SIDE) / 2);
      for (let n = 0; n < 2; n++) boxBlur(glare, width, height, radius);
    },
  };
  return { passes: [average, soften], result: glare };
}

/** How much of a highlight each value of a pixel's brightest channel is, 0..255: from 0 at {@link DIM} to 255 at 250. */
export function createBrightnessTable(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => {
    const share = Math.max(0, Math.min(1, (value - DIM) / (250 - DIM)));
    return Math.round(255 * share * share * share);
  });
}

function brightest(data: ArrayLike<number>, at: number): number {
  const r = data[at] as number;
  const g = data[at + 1] as number;
  const b = data[at + 2] as number;
  return r > g ? (r > b ? r : b) : g > b ? g : b;
}

function boxBlur(plane: Float32Array, width: number, height: number, radius: number): void {
  const line = new Float64Array(Math.max(width, height) + 1);
  const run = (start: number, stride: number, count: number) => {
    line[0] = 0;
    for (let i = 0; i < count; i++) line[i + 1] = (line[i] as number) + (plane[start + i * stride] as number);
    for (let i = 0; i < count; i++) {
      const from = Math.max(0, i - radius);
      const to = Math.min(count, i + radius + 1);
      plane[start + i * stride] = ((line[to] as number) - (line[from] as number)) / (to - from);
    }
  };
  for (let y = 0; y < height; y++) run(y * width, 1, width);
  for (let x = 0; x < width; x++) run(x, width, height);
}
