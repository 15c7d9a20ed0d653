import { type Outline, VERB } from './outline.ts';

/** How far the lines that stand for a curve may lie from it, in px: a step of coverage (1/255) at most. */
const TOLERANCE_PX = 0.004;
/** Lines for one curve at most, whatever its size. */
const MAX_PIECES = 512;

/** Takes a line from one point to another. */
export type EdgeSink = (x0: number, y0: number, x1: number, y1: number) => void;

/**
 * Gives the lines of an outline moved by (dx, dy), contour by contour and each closed. Curves become as many lines as
 * Wang's formula asks for (Wang, Shih & Chang, 1984), at equal steps. Only +, −, ×, ÷ and square roots, which are
 * exact to the last bit by IEEE 754: the same lines on every engine.
 */
export function flattenOutline({ verbs, points }: Outline, dx: number, dy: number, sink: EdgeSink): void {
  let [startX, startY, x, y] = [0, 0, 0, 0];
  let next = 0;
  const take = (shift: number): number => (points[next++] as number) + shift;
  const close = (): void => {
    if (x !== startX || y !== startY) sink(x, y, startX, startY);
    [x, y] = [startX, startY];
  };
  for (const verb of verbs) {
    if (verb === VERB.close) close();
    else if (verb === VERB.move) {
      close();
      [startX, startY] = [take(dx), take(dy)];
      [x, y] = [startX, startY];
    } else if (verb === VERB.line) {
      const [toX, toY] = [take(dx), take(dy)];
      sink(x, y, toX, toY);
      [x, y] = [toX, toY];
    } else {
      const [x0, y0, x1, y1] = [x, y, take(dx), take(dy)];
      const [x2, y2] = [take(dx), take(dy)];
      if (verb === VERB.quad) {
        const pieces = piecesFor(0.25 * bend(x0, y0, x1, y1, x2, y2));
        for (let i = 1; i <= pieces; i++) {
          const [t, u] = [i / pieces, 1 - i / pieces];
          const toX = i === pieces ? x2 : u * u * x0 + 2 * u * t * x1 + t * t * x2;
          const toY = i === pieces ? y2 : u * u * y0 + 2 * u * t * y1 + t * t * y2;
          sink(x, y, toX, toY);
          [x, y] = [toX, toY];
        }
      } else {
        const [x3, y3] = [take(dx), take(dy)];
        const most = Math.max(bend(x0, y0, x1, y1, x2, y2), bend(x1, y1, x2, y2, x3, y3));
        const pieces = piecesFor(0.75 * most);
        for (let i = 1; i <= pieces; i++) {
          const [t, u] = [i / pieces, 1 - i / pieces];
          const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
          const toX = i === pieces ? x3 : a * x0 + b * x1 + c * x2 + d * x3;
          const toY = i === pieces ? y3 : a * y0 + b * y1 + c * y2 + d * y3;
          sink(x, y, toX, toY);
          [x, y] = [toX, toY];
        }
      }
    }
  }
  close();
}

/** Length of the second difference of three control points. */
function bend(x0: number, y0: number, x1: number, y1: number, x2: number, y2: number): number {
  const [x, y] = [x0 - 2 * x1 + x2, y0 - 2 * y1 + y2];
  return Math.sqrt(x * x + y * y);
}

function piecesFor(deviation: number): number {
  return Math.min(MAX_PIECES, Math.max(1, Math.ceil(Math.sqrt(deviation / TOLERANCE_PX))));
}
