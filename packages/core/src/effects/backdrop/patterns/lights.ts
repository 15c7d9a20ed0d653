import { colorAt, fillRow, mixColors, type Pattern } from './pattern.ts';
import { drawSprites, type Sprite } from './sprites.ts';

/** How the lights lie in depth: how many, how large, how bright, how soft. */
const LAYERS = [
  { count: 16, least: 0.05, most: 0.1, opacity: 0.2, softness: 0.03 },
  { count: 34, least: 0.022, most: 0.05, opacity: 0.42, softness: 0.006 },
  { count: 40, least: 0.008, most: 0.022, opacity: 0.75, softness: 0.003 },
] as const;

/** Lamps at night, far out of focus. */
export const lights: Pattern = ({ grid, palette, scale, draw }) => {
  const side = Math.max(grid.width, grid.height);
  const [right, bottom] = [grid.width / side, grid.height / side];
  const white = [255, 255, 255] as const;
  // Not what lies between two colours: lamps are of one or the other.
  const lamps = palette.length > 2 ? palette.slice(2) : palette.slice(1);
  const sprites: Sprite[] = LAYERS.flatMap(({ count, least, most, opacity, softness }, layer) =>
    Array.from({ length: Math.min(600, Math.round(count / scale)) }, (_, i): Sprite => {
      const n = layer * 1000 + i;
      const size = draw(n, 2);
      return {
        x: right * (draw(n, 0) * 1.1 - 0.05),
        // Denser around the middle, as streets and rooms have them.
        y: bottom * (0.1 + 0.8 * ((draw(n, 1) + draw(n, 5)) / 2 + (draw(n, 6) - 0.5) * 0.3)),
        color: mixColors(lamps[Math.floor(draw(n, 3) * lamps.length)] ?? white, white, 0.25 * draw(n, 7)),
        opacity: opacity * (0.45 + 0.55 * draw(n, 4)),
        softness: softness * scale,
        shape: { kind: 'disc', radius: (least + (most - least) * size * size) * scale, rim: 0.35 },
        shines: true,
      };
    }),
  );
  return (y, line) => {
    const down = (y + 0.5) / grid.height;
    fillRow(line, colorAt(palette, 0.03 + 0.3 * (1 - Math.abs(2 * down - 1.1))));
    drawSprites(sprites, grid, y, line);
  };
};
