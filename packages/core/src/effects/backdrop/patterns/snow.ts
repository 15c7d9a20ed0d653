import { colorAt, fillRow, mixColors, type Pattern, smooth } from './pattern.ts';
import { drawSprites, type Sprite } from './sprites.ts';

const LAYERS = [
  { count: 26, least: 0.012, most: 0.03, opacity: 0.28, softness: 0.02 },
  { count: 90, least: 0.004, most: 0.01, opacity: 0.6, softness: 0.005 },
  { count: 170, least: 0.0014, most: 0.004, opacity: 0.92, softness: 0.0016 },
] as const;

/** Snow falling, near flakes out of focus, and a bright drift below. */
export const snow: Pattern = ({ grid, palette, scale, draw }) => {
  const side = Math.max(grid.width, grid.height);
  const [right, bottom] = [grid.width / side, grid.height / side];
  const white = palette.at(-1) ?? ([255, 255, 255] as const);
  const sprites: Sprite[] = LAYERS.flatMap(({ count, least, most, opacity, softness }, layer) =>
    Array.from({ length: Math.min(900, Math.round(count / scale)) }, (_, i): Sprite => {
      const n = layer * 1000 + i;
      return {
        x: right * draw(n, 0),
        y: bottom * draw(n, 1),
        color: white,
        opacity: opacity * (0.5 + 0.5 * draw(n, 4)),
        softness: softness * scale,
        shape: { kind: 'disc', radius: (least + (most - least) * draw(n, 2)) * scale, rim: 0 },
      };
    }),
  );
  return (y, line) => {
    const down = (y + 0.5) / grid.height;
    fillRow(line, mixColors(colorAt(palette, 0.72 * down), white, smooth(down, 0.8, 1.05)));
    drawSprites(sprites, grid, y, line);
  };
};
