import type { Rgb } from '../../picture/color.ts';
import type { FieldRows } from '../around/field.ts';
import type { FrameRow } from '../shade/row-kernels.ts';
import type { ShadeRow, ShadeRows } from '../shade.ts';
import { type Band, bandShare, type Holes, holeShare, toOpening } from './shape.ts';

export interface FrameLook {
  readonly band: Band;
  readonly holes: Holes | undefined;
  readonly color: Rgb;
  /** Over which edges the subject reaches. */
  readonly over: 'top-and-sides' | 'all' | 'top' | 'none';
  /** 0..1. */
  readonly shadow: number;
  /** How far the band's shadow on the picture reaches. */
  readonly softPx: number;
}

/** What shows through the holes of film. */
const HOLE: Rgb = [238, 236, 230];
/** How dark shadows are at full depth. */
const DARKEST = 0.6;

/** Draws rows of the frame. `shades`: the subject's blurred alpha, 0..1. [Note: pop-out frames] */
export function createFrameRows(look: FrameLook, width: number, shades: FieldRows | undefined): ShadeRows {
  const { band, over, softPx } = look;
  const reach = Math.max(softPx, band.radiusPx) + 1;
  const left = Math.min(width, Math.ceil(band.left + reach));
  const right = Math.max(left, Math.floor(band.right - reach));
  const colors = { band: look.color, hole: HOLE };
  const plane = (): Float32Array => new Float32Array(width);
  const calm: FrameRow = { share: plane(), keep: plane(), hole: plane(), shade: plane() };
  let isCalmKnown = false;

  return (row) => {
    const middle = row.y + 0.5;
    // Between the corners all rows are alike, but for holes, which are in the bands above and below.
    const isCalm = middle > band.top + reach && middle < band.bottom - reach;
    if (!isCalm) {
      writeShape(row.bench.frame, 0, width, middle);
      draw(row, middle, 0, width);
      return;
    }
    if (!isCalmKnown) {
      writeShape(calm, 0, left, middle);
      writeShape(calm, right, width, middle);
      isCalmKnown = true;
    }
    for (const [from, to] of [
      [0, left],
      [right, width],
    ] as const) {
      // Pixels are drawn in fours: those beside stay as they are.
      const [first, last] = [from & -4, (to + 3) & -4];
      for (const name of ['share', 'keep', 'hole'] as const) {
        row.bench.frame[name].fill(name === 'keep' ? 1 : 0, first, last);
        row.bench.frame[name].set(calm[name].subarray(from, to), from);
      }
      draw(row, middle, from, to);
    }
  };

  function draw({ y, subject, bench }: ShadeRow, middle: number, from: number, to: number): void {
    const mayReach = over !== 'none' && (over === 'all' || (over === 'top' ? middle < band.top : middle < band.bottom));
    const { shade } = bench.frame;
    shade.fill(0, from, to);
    if (mayReach && shades !== undefined) {
      const [first, last] = shades.enter(y);
      const [start, end] = [Math.max(first, from), Math.min(last, to)];
      shades.read(shade, start, end);
      for (let x = start; x < end; x++) shade[x] = DARKEST * look.shadow * (shade[x] as number);
    }
    if (subject === undefined) bench.subject.fill(0);
    bench.drawFrame(colors, mayReach, from, to);
  }

  /** What depends on the place alone. */
  function writeShape({ share, keep, hole }: FrameRow, from: number, to: number, middle: number): void {
    for (let x = from; x < to; x++) {
      const far = toOpening(band, x + 0.5, middle);
      const own = bandShare(band, x + 0.5, middle, far);
      share[x] = own;
      keep[x] = own < 1 && far < 0 ? keepBelow(far) : 1;
      hole[x] = own <= 0 || look.holes === undefined ? 0 : holeShare(look.holes, x + 0.5, middle);
    }
  }

  /** What the band's shadow leaves of what is behind the subject. */
  function keepBelow(far: number): number {
    const near = 1 + far / softPx;
    return near <= 0 ? 1 : 1 - 0.5 * DARKEST * look.shadow * near * near;
  }
}
