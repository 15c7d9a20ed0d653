import type { Rgb } from '../../../picture/color.ts';
import type { Pattern } from './pattern.ts';

const SPOTS = 7;

/** Soft clouds of the palette's colours that run into each other. */
export const mesh: Pattern = ({ grid, palette, scale, draw }) => {
  const side = Math.max(grid.width, grid.height);
  const [right, bottom] = [grid.width / side, grid.height / side];
  // Around the frame, so that each colour has a place of its own.
  const spots = Array.from({ length: SPOTS }, (_, n) => ({
    x: right * (((n % 3) + 0.15 + 0.7 * draw(n, 0)) / 3),
    y: bottom * ((Math.floor(n / 3) + 0.15 + 0.7 * draw(n, 1)) / (SPOTS / 3)),
    color: palette[(n + Math.floor(draw(9, 2) * palette.length)) % palette.length] as Rgb,
    weight: 0.6 + 0.8 * draw(n, 3),
  }));
  const wide = 0.02 * scale;
  return (y, line) => {
    const v = (y + 0.5) / side;
    for (let x = 0, i = 0; x < grid.width; x++, i += 3) {
      const u = (x + 0.5) / side;
      let total = 0;
      let r = 0;
      let g = 0;
      let b = 0;
      for (const spot of spots) {
        const near = (u - spot.x) * (u - spot.x) + (v - spot.y) * (v - spot.y) + wide;
        const weight = spot.weight / (near * near);
        total += weight;
        r += weight * spot.color[0];
        g += weight * spot.color[1];
        b += weight * spot.color[2];
      }
      line[i] = r / total;
      line[i + 1] = g / total;
      line[i + 2] = b / total;
    }
  };
};
