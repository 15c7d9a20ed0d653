import type { Box } from '../../scene/geometry.ts';
import type { FeatureMap } from './feature-map.ts';

/** Parts of a box that are described each on its own. */
const ROWS = 4;
const COLUMNS = 3;

/** What is in a box, part by part, of length 1. */
export type Look = Float32Array;

/** Reads a map in the middle of each part of a box, between its cells, as it is there; beyond its border, at it. */
export function describeLook(map: FeatureMap, box: Box): Look {
  const { area, width, height, channels, values } = map;
  const look = new Float32Array(ROWS * COLUMNS * channels);
  const cell = (share: number, from: number, length: number, cells: number) =>
    Math.max(0, Math.min(cells - 1, ((share - from) / length) * cells - 0.5));
  let length = 1e-12;
  for (let row = 0, at = 0; row < ROWS; row++) {
    const y = cell(box.y + (box.height * (row + 0.5)) / ROWS, area.y, area.height, height);
    const top = Math.floor(y);
    const below = Math.min(height - 1, top + 1);
    for (let column = 0; column < COLUMNS; column++) {
      const x = cell(box.x + (box.width * (column + 0.5)) / COLUMNS, area.x, area.width, width);
      const left = Math.floor(x);
      const right = Math.min(width - 1, left + 1);
      const [toRight, down] = [x - left, y - top];
      const corners = [top * width + left, top * width + right, below * width + left, below * width + right];
      const [a = 0, b = 0, c = 0, d = 0] = corners.map((each) => each * channels);
      const shares = [(1 - toRight) * (1 - down), toRight * (1 - down), (1 - toRight) * down, toRight * down];
      const [e = 0, f = 0, g = 0, h = 0] = shares;
      for (let k = 0; k < channels; k++, at++) {
        const upper = (values[a + k] as number) * e + (values[b + k] as number) * f;
        const value = upper + (values[c + k] as number) * g + (values[d + k] as number) * h;
        look[at] = value;
        length += value * value;
      }
    }
  }
  const scale = 1 / Math.sqrt(length);
  for (let i = 0; i < look.length; i++) look[i] = (look[i] as number) * scale;
  return look;
}
