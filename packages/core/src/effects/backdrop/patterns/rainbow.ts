import { sine } from '../random.ts';
import { blendCell, colorAt, fillRow, mixColors, type Pattern, smooth } from './pattern.ts';
import { drawSprites, type Sprite } from './sprites.ts';

const WHITE = [255, 255, 255] as const;
const SKY = [150, 200, 240] as const;

/** A rainbow over clouds: one wide arch of the palette's colours. */
export const rainbow: Pattern = ({ grid, palette, scale, draw }) => {
  const side = Math.max(grid.width, grid.height);
  const [right, bottom] = [grid.width / side, grid.height / side];
  const centre = { x: right * (0.42 + 0.16 * draw(0, 0)), y: bottom * 1.08 };
  const outer = Math.min(bottom * 0.98, right * 0.9);
  const inner = outer * Math.max(0.1, 1 - 0.46 * scale);
  const clouds: Sprite[] = Array.from({ length: 46 }, (_, n): Sprite => {
    const group = n % 3;
    const spread = draw(n, 2) - 0.5;
    const radius = 0.035 + 0.06 * draw(n, 3) * (1 - Math.abs(spread));
    return {
      x: right * ([0.06, 0.94, 0.5][group] ?? 0.5) + spread * (group === 2 ? 0.9 : 0.3),
      y: bottom * (group === 2 ? 1.03 : 0.93) - radius * 0.5 + 0.012 * sine(draw(n, 4)),
      color: WHITE,
      opacity: 0.6,
      softness: radius * 0.7,
      shape: { kind: 'disc', radius, rim: 0 },
    };
  });
  const sky = mixColors(SKY, colorAt(palette, 0.8), 0.15);
  return (y, line) => {
    fillRow(line, mixColors(sky, WHITE, 0.75 * smooth((y + 0.5) / grid.height, 0, 1)));
    const dy = (y + 0.5) / side - centre.y;
    for (let x = 0; x < grid.width; x++) {
      const dx = (x + 0.5) / side - centre.x;
      const at = (outer - Math.sqrt(dx * dx + dy * dy)) / (outer - inner);
      if (at <= -0.06 || at >= 1.06) continue;
      const share = smooth(at, -0.06, 0.1) * (1 - smooth(at, 0.88, 1.06));
      blendCell(line, x, colorAt(palette, at), 0.82 * share);
    }
    drawSprites(clouds, grid, y, line);
  };
};
