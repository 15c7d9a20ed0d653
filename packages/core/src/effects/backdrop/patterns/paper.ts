import type { Size } from '../backdrop.ts';
import type { Draw } from '../random.ts';
import { sine } from '../random.ts';
import { blendCell, fillRow, mixColors, type Pattern, smooth } from './pattern.ts';
import { drawSprites, type Sprite } from './sprites.ts';

/** Cells of noise along the longer side, and how much lighter or darker they make it. */
const OCTAVES = [
  { cells: 5, amount: 4 },
  { cells: 60, amount: 2.2 },
  { cells: 420, amount: 3.2 },
] as const;
const FIBRES = 260;

/** Handmade paper: grain, a few fibres, light from above. */
export const paper: Pattern = ({ grid, palette, scale, draw }) => {
  const side = Math.max(grid.width, grid.height);
  const [right, bottom] = [grid.width / side, grid.height / side];
  const sheet = palette.at(-1) ?? ([255, 255, 255] as const);
  const ink = palette[0] ?? sheet;
  const shade = mixColors(sheet, palette.at(-2) ?? ink, 0.6);
  const fibres: Sprite[] = Array.from({ length: FIBRES }, (_, n): Sprite => {
    const turn = draw(n, 2) * 0.5;
    return {
      x: right * draw(n, 0),
      y: bottom * draw(n, 1),
      color: draw(n, 5) < 0.5 ? ink : [255, 255, 255],
      opacity: 0.05 + 0.12 * draw(n, 3),
      softness: 0.0008,
      shape: {
        kind: 'box',
        halfWidth: scale * (0.004 + 0.012 * draw(n, 4)),
        halfHeight: 0.0003,
        cos: sine(turn + 0.25),
        sin: sine(turn),
      },
    };
  });
  const noises = OCTAVES.map(({ cells, amount }, n) => createNoise(draw, grid, cells / scale, amount, n));
  return (y, line) => {
    for (const noise of noises) noise.enter(y);
    const v = (y + 0.5) / side;
    fillRow(line, sheet);
    for (let x = 0, i = 0; x < grid.width; x++, i += 3) {
      const dx = (x + 0.5) / side - right / 2;
      const dy = v - bottom * 0.42;
      blendCell(line, x, shade, smooth(Math.sqrt(dx * dx + dy * dy), 0.15, 0.8));
      let grain = 0;
      for (const noise of noises) grain += noise.at(x);
      line[i] = (line[i] as number) + grain;
      line[i + 1] = (line[i + 1] as number) + grain;
      line[i + 2] = (line[i + 2] as number) + grain;
    }
    drawSprites(fibres, grid, y, line);
  };
};

interface Noise {
  enter(y: number): void;
  at(x: number): number;
}

/** Value noise, -amount..amount: random at whole places, smooth between. A row of places at a time. */
function createNoise(draw: Draw, grid: Size, cells: number, amount: number, octave: number): Noise {
  const side = Math.max(grid.width, grid.height);
  const across = Math.ceil((grid.width / side) * cells) + 2;
  const row = new Float32Array(across);
  const index = new Int32Array(grid.width);
  const share = new Float32Array(grid.width);
  for (let x = 0; x < grid.width; x++) {
    const at = ((x + 0.5) / side) * cells;
    index[x] = Math.floor(at);
    share[x] = smooth(at, Math.floor(at), Math.floor(at) + 1);
  }
  const value = (x: number, y: number) => amount * (2 * draw(x, 100 + octave * 10000 + y) - 1);
  return {
    enter(y) {
      const at = ((y + 0.5) / side) * cells;
      const top = Math.floor(at);
      const part = smooth(at, top, top + 1);
      for (let x = 0; x < across; x++) row[x] = value(x, top) * (1 - part) + value(x, top + 1) * part;
    },
    at(x) {
      const i = index[x] as number;
      const left = row[i] as number;
      return left + ((row[i + 1] as number) - left) * (share[x] as number);
    },
  };
}
