import type { Rgb } from '../../picture/color.ts';
import { toDirection } from '../around/cover.ts';
import type { Backdrop, Size } from './backdrop.ts';

export function createFlat([r, g, b]: Rgb): Backdrop {
  return {
    passes: [],
    create: () => (_, line) => {
      line.set([r, g, b, 255]);
      for (let done = 4; done < line.length; done *= 2) line.copyWithin(done, 0, done);
    },
  };
}

/** A straight gradient from corner to corner as in CSS, even in sRGB values. */
export function createLinear(from: Rgb, to: Rgb, angleDeg: number, { width, height }: Size): Backdrop {
  const { x: dx, y: dy } = toDirection(angleDeg);
  const length = Math.abs(dx) * width + Math.abs(dy) * height;
  return {
    passes: [],
    create: () => (y, line) => {
      // From top to bottom a row is of one colour.
      const end = dx === 0 ? 4 : line.length;
      for (let o = 0, x = 0; o < end; o += 4, x++) {
        mix(line, o, from, to, 0.5 + ((x + 0.5 - width / 2) * dx + (y + 0.5 - height / 2) * dy) / length);
      }
      for (let done = end; done < line.length; done *= 2) line.copyWithin(done, 0, done);
    },
  };
}

export interface RadialOptions {
  /** Fractions of the picture. */
  readonly x: number;
  readonly y: number;
  /** Where the outer colour is reached: 1 at the farthest corner. */
  readonly size: number;
}

/** A round gradient, calm in its middle: eased with a smooth step. */
export function createRadial(from: Rgb, to: Rgb, options: RadialOptions, { width, height }: Size): Backdrop {
  const [cx, cy] = [options.x * width, options.y * height];
  const farX = Math.max(cx, width - cx);
  const farY = Math.max(cy, height - cy);
  const radius = Math.max(1, options.size * Math.sqrt(farX * farX + farY * farY));
  return {
    passes: [],
    create: () => (y, line) => {
      const dy = y + 0.5 - cy;
      for (let o = 0, x = 0; o < line.length; o += 4, x++) {
        const dx = x + 0.5 - cx;
        const far = Math.sqrt(dx * dx + dy * dy) / radius;
        mix(line, o, from, to, far >= 1 ? 1 : far * far * (3 - 2 * far));
      }
    },
  };
}

function mix(line: Float32Array, o: number, from: Rgb, to: Rgb, raw: number): void {
  const share = raw < 0 ? 0 : raw > 1 ? 1 : raw;
  line[o] = from[0] + (to[0] - from[0]) * share;
  line[o + 1] = from[1] + (to[1] - from[1]) * share;
  line[o + 2] = from[2] + (to[2] - from[2]) * share;
  line[o + 3] = 255;
}
