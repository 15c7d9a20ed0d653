import type { Pass, Plan } from '../../async/plan.ts';
import { UNIT } from './figures.ts';
import type { Frame } from './frame.ts';
import type { Light, LightLevel } from './light.ts';

/** A background colour for every place, the subject's included: linear light 0..1, three floats a cell. */
export interface Fill {
  readonly level: number;
  readonly width: number;
  readonly colors: Float32Array;
}

/**
 * Spreads the background's colours under the subject by pulling them down a pyramid and pushing them up again
 * (Gortler et al. 1996). Only seen where an aperture finds next to no background: deep in soft hair.
 */
export function planFill(frame: Frame, light: Light): Plan<Fill> {
  const { grid, allocate } = frame;
  const colors = new Float32Array(allocate(grid.width * grid.height * 12, 'anything'), 0, grid.width * grid.height * 3);
  const source = light.levels[grid.level - 1] as LightLevel;
  const pass: Pass = { name: 'bokeh-fill', rows: 1, run: () => fill(source, colors) };
  return { passes: [pass], result: { level: grid.level, width: grid.width, colors } };
}

interface Layer {
  readonly width: number;
  readonly height: number;
  /** Colours times weight, and the weight: at most 1. */
  readonly data: Float32Array;
}

function fill(source: LightLevel, colors: Float32Array): void {
  const layers: Layer[] = [toLayer(source)];
  for (let last = layers[0] as Layer; last.width > 1 || last.height > 1; layers.push(last)) last = pull(last);
  for (let i = layers.length - 2; i >= 0; i--) push(layers[i + 1] as Layer, layers[i] as Layer);
  const { data } = layers[0] as Layer;
  for (let i = 0, o = 0; o < colors.length; i += 4, o += 3) {
    const weight = Math.max(data[i + 3] as number, 1e-6);
    for (let c = 0; c < 3; c++) colors[o + c] = (data[i + c] as number) / weight;
  }
}

function toLayer({ size, data }: LightLevel): Layer {
  const layer = { width: size.width, height: size.height, data: new Float32Array(data.length) };
  for (let i = 0; i < data.length; i += 4) {
    const scale = 1 / Math.max(UNIT, data[i + 3] as number);
    for (let c = 0; c < 4; c++) layer.data[i + c] = (data[i + c] as number) * scale;
  }
  return layer;
}

function pull({ width, height, data }: Layer): Layer {
  const coarser = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const sums = new Float32Array(coarser.width * coarser.height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const to = ((y >> 1) * coarser.width + (x >> 1)) * 4;
      for (let c = 0; c < 4; c++) sums[to + c] = (sums[to + c] as number) + (data[from + c] as number);
    }
  }
  for (let i = 0; i < sums.length; i += 4) {
    const excess = Math.max(1, sums[i + 3] as number);
    for (let c = 0; c < 4; c++) sums[i + c] = (sums[i + c] as number) / excess;
  }
  return { ...coarser, data: sums };
}

/** Fills up the finer layer's missing weight, bilinearly from the coarser one. */
function push(coarser: Layer, finer: Layer): void {
  for (let y = 0; y < finer.height; y++) {
    const row = Math.min(y >> 1, coarser.height - 1);
    const nextRow = Math.max(0, Math.min(coarser.height - 1, (y & 1) === 0 ? row - 1 : row + 1));
    for (let x = 0; x < finer.width; x++) {
      const i = (y * finer.width + x) * 4;
      const missing = 1 - (finer.data[i + 3] as number);
      if (missing <= 0) continue;
      const column = Math.min(x >> 1, coarser.width - 1);
      const nextColumn = Math.max(0, Math.min(coarser.width - 1, (x & 1) === 0 ? column - 1 : column + 1));
      const a = (row * coarser.width + column) * 4;
      const b = (row * coarser.width + nextColumn) * 4;
      const c = (nextRow * coarser.width + column) * 4;
      const d = (nextRow * coarser.width + nextColumn) * 4;
      const from = coarser.data;
      for (let n = 0; n < 4; n++) {
        const value =
          0.5625 * (from[a + n] as number) +
          0.1875 * ((from[b + n] as number) + (from[c + n] as number)) +
          0.0625 * (from[d + n] as number);
        finer.data[i + n] = (finer.data[i + n] as number) + missing * value;
      }
    }
  }
}
