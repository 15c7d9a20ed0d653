import { sine } from '../random.ts';
import { blendCell, fillRow, mixColors, type Pattern, smooth } from './pattern.ts';
import { drawSprites, type Sprite } from './sprites.ts';

/** Far pieces, pieces in focus, and near ones out of focus. */
const LAYERS = [
  { count: 70, size: 0.5, opacity: 0.55, softness: 0.003 },
  { count: 110, size: 1, opacity: 0.95, softness: 0.001 },
  { count: 12, size: 2.6, opacity: 0.5, softness: 0.016 },
] as const;

/** Paper flying at a party. */
export const confetti: Pattern = ({ grid, palette, scale, draw }) => {
  const side = Math.max(grid.width, grid.height);
  const [right, bottom] = [grid.width / side, grid.height / side];
  const [ground, ...colors] = palette;
  const dark = ground ?? ([0, 0, 0] as const);
  const light = mixColors(dark, colors[0] ?? dark, 0.42);
  const white = [255, 255, 255] as const;
  const sprites: Sprite[] = LAYERS.flatMap(({ count, size, opacity, softness }, layer) =>
    Array.from({ length: Math.min(900, Math.round(count / scale)) }, (_, i): Sprite => {
      const n = layer * 1000 + i;
      const turn = draw(n, 2);
      // Turned away from the light or towards it, and seen more or less from the side.
      const color = mixColors(colors[Math.floor(draw(n, 3) * colors.length)] ?? white, white, 0.35 * draw(n, 5) - 0.1);
      const length = size * scale * (0.006 + 0.006 * draw(n, 6));
      return {
        x: right * draw(n, 0),
        y: bottom * (1 - Math.sqrt(1 - draw(n, 1) * 0.97)),
        color,
        opacity,
        softness: softness * scale,
        shape:
          draw(n, 7) < 0.22
            ? { kind: 'disc', radius: length * 0.55, rim: 0 }
            : {
                kind: 'box',
                halfWidth: length,
                halfHeight: length * (0.18 + 0.5 * draw(n, 8)),
                cos: sine(turn + 0.25),
                sin: sine(turn),
              },
      };
    }),
  );
  return (y, line) => {
    fillRow(line, dark);
    const dy = (y + 0.5) / side - bottom * 0.42;
    for (let x = 0; x < grid.width; x++) {
      const dx = (x + 0.5) / side - right / 2;
      blendCell(line, x, light, 1 - smooth(Math.sqrt(dx * dx + dy * dy), 0, 0.62));
    }
    drawSprites(sprites, grid, y, line);
  };
};
