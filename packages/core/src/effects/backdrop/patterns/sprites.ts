import type { Rgb } from '../../../picture/color.ts';
import type { Size } from '../backdrop.ts';
import { blendCell } from './pattern.ts';

/** A shape somewhere on the grid. Lengths in shares of the longer side, from the grid's top left corner. */
export interface Sprite {
  readonly x: number;
  readonly y: number;
  readonly color: Rgb;
  readonly opacity: number;
  /** How far its edge fades. */
  readonly softness: number;
  readonly shape:
    | {
        readonly kind: 'disc';
        readonly radius: number /** How much brighter its rim is, 0..1. */;
        readonly rim: number;
      }
    | {
        readonly kind: 'box';
        readonly halfWidth: number;
        readonly halfHeight: number;
        /** Of its turn. */
        readonly cos: number;
        readonly sin: number;
      };
  /** Adds light instead of hiding what is behind. */
  readonly shines?: boolean;
}

/** Draws the sprites that meet a row, first to last. */
export function drawSprites(sprites: readonly Sprite[], grid: Size, y: number, line: Float32Array): void {
  const side = Math.max(grid.width, grid.height);
  for (const sprite of sprites) {
    const { shape, color, opacity, shines } = sprite;
    const soft = Math.max(1.2, sprite.softness * side);
    const reach =
      (shape.kind === 'disc'
        ? shape.radius
        : Math.abs(shape.halfWidth * shape.sin) + Math.abs(shape.halfHeight * shape.cos)) *
        side +
      soft;
    const dy = y + 0.5 - sprite.y * side;
    if (dy > reach || dy < -reach) continue;
    const wide = (shape.kind === 'disc' ? shape.radius : shape.halfWidth + shape.halfHeight) * side + soft;
    const from = Math.max(0, Math.floor(sprite.x * side - wide));
    const to = Math.min(grid.width, Math.ceil(sprite.x * side + wide));
    for (let x = from; x < to; x++) {
      const dx = x + 0.5 - sprite.x * side;
      let share: number;
      if (shape.kind === 'disc') {
        const radius = shape.radius * side;
        const far = Math.sqrt(dx * dx + dy * dy);
        share = (radius - far) / soft + 0.5;
        if (share <= 0) continue;
        const edge = far / radius;
        share = Math.min(1, share) * (1 - shape.rim + shape.rim * Math.min(1, edge * edge * edge * edge));
      } else {
        const along = Math.abs(dx * shape.cos + dy * shape.sin);
        const across = Math.abs(dy * shape.cos - dx * shape.sin);
        const a = (shape.halfWidth * side - along) / soft + 0.5;
        const b = (shape.halfHeight * side - across) / soft + 0.5;
        if (a <= 0 || b <= 0) continue;
        share = Math.min(1, a) * Math.min(1, b);
      }
      if (shines === true) shineCell(line, x, color, opacity * share);
      else blendCell(line, x, color, opacity * share);
    }
  }
}

/** As a second projector would: light adds up, white stays white. */
function shineCell(line: Float32Array, x: number, [r, g, b]: Rgb, share: number): void {
  const i = x * 3;
  line[i] = (line[i] as number) + share * r * (1 - (line[i] as number) / 255);
  line[i + 1] = (line[i + 1] as number) + share * g * (1 - (line[i + 1] as number) / 255);
  line[i + 2] = (line[i + 2] as number) + share * b * (1 - (line[i + 2] as number) / 255);
}
