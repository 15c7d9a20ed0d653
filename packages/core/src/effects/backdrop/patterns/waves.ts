import { sine } from '../random.ts';
import { blendCell, colorAt, fillRow, mixColors, type Pattern } from './pattern.ts';

const WAVES = 6;

/** Calm waves, one behind the other, under a clear sky. */
export const waves: Pattern = ({ grid, palette, scale, draw }) => {
  const side = Math.max(grid.width, grid.height);
  const bottom = grid.height / side;
  // From the sky down: light and far to dark and near.
  const colors = [...palette].reverse();
  const layers = Array.from({ length: WAVES }, (_, n) => {
    const level = bottom * (0.3 + (0.62 * n) / (WAVES - 1));
    const height = scale * (0.014 + 0.02 * (n / WAVES) + 0.012 * draw(n, 0));
    const [length, second] = [scale * (0.5 + 0.5 * draw(n, 1)), scale * (0.22 + 0.2 * draw(n, 2))];
    const [start, shift] = [draw(n, 3), draw(n, 4)];
    const crest = Float32Array.from({ length: grid.width }, (__, x) => {
      const along = (x + 0.5) / side;
      return (level - height * (sine(along / length + start) + 0.4 * sine(along / second + shift))) * side;
    });
    const lowest = crest.reduce((most, value) => Math.max(most, value), 0);
    return { crest, lowest, color: colorAt(colors, 0.28 + (0.72 * n) / (WAVES - 1)), deep: scale * 0.16 * side };
  });
  return (y, line) => {
    const down = (y + 0.5) / grid.height;
    // What a nearer wave hides all along the row is not drawn.
    const first = layers.findLastIndex(({ lowest }) => y + 0.5 - lowest >= 0.7);
    fillRow(line, mixColors(colorAt(colors, 0), colorAt(colors, 0.3), Math.min(1, down * 2.2)));
    for (const { crest, color, deep } of layers.slice(Math.max(0, first))) {
      const lit = mixColors(color, colors[0] ?? color, 0.22);
      for (let x = 0; x < grid.width; x++) {
        const below = y + 0.5 - (crest[x] as number);
        if (below <= -0.7) continue;
        const share = below >= 0.7 ? 1 : (below + 0.7) / 1.4;
        // Light lies on the crest and is lost in the deep.
        const light = below >= deep ? 0 : below <= 0 ? 1 : 1 - below / deep;
        blendCell(line, x, color, share);
        if (light > 0) blendCell(line, x, lit, share * light);
      }
    }
  };
};
