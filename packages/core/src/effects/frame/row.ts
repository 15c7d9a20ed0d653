import type { Rgb } from '../../picture/color.ts';
import type { ShadeRow } from '../shade.ts';
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

/** Of what is less selected than the first nothing is seen on the band, from the second on all: haze would soil it. */
const HAZE = [0.35, 0.85] as const;
/** What shows through the holes of film. */
const HOLE: Rgb = [238, 236, 230];
/** How dark shadows are at full depth. */
const DARKEST = 0.6;

/** Draws a row of the frame. `shades`: the subject's blurred alpha, 0..1. [Note: pop-out frames] */
export function shadeFrameRow({ y, width, line, subject }: ShadeRow, look: FrameLook, shades?: Float32Array): void {
  const { band, over, softPx } = look;
  const reach = Math.max(softPx, band.radiusPx) + 1;
  const middle = y + 0.5;
  const isCalm = middle > band.top + reach && middle < band.bottom - reach;
  const [from, to] = isCalm ? [Math.ceil(band.left + reach), Math.floor(band.right - reach)] : [width, width];
  const mayReach = over !== 'none' && (over === 'all' || (over === 'top' ? middle < band.top : middle < band.bottom));
  for (let x = 0, o = 0; x < width; x++, o += 4) {
    if (x === from && to > from) {
      x = to - 1;
      o = x * 4;
      continue;
    }
    shadePixel(x + 0.5, middle, o);
  }

  function shadePixel(px: number, py: number, o: number): void {
    const far = toOpening(band, px, py);
    const share = bandShare(band, px, py, far);
    const own = subject === undefined ? 0 : (subject[o + 3] as number) / 255;
    if (share < 1 && far < 0 && look.shadow > 0 && own < 1) darkenBelow(o, far, own);
    if (share <= 0) return;
    // Where the subject reaches over, it is kept and the band is behind it.
    const pops = mayReach && own > 0 ? solid(own) / own : 0;
    const hole = look.holes === undefined ? 0 : holeShare(look.holes, px, py);
    const shade = shades === undefined || !mayReach ? 0 : DARKEST * look.shadow * (shades[Math.floor(px)] as number);
    const keepFront = 1 - share * (1 - pops);
    const part = share * (1 - pops * own);
    for (let c = 0; c < 3; c++) {
      const front = subject === undefined ? 0 : (subject[o + c] as number);
      const flat = look.color[c] as number;
      const color = (flat + ((HOLE[c] as number) - flat) * hole) * (1 - shade);
      line[o + c] = front * keepFront + ((line[o + c] as number) - front) * (1 - share) + part * color;
    }
    const front = own * 255;
    line[o + 3] = front * keepFront + ((line[o + 3] as number) - front) * (1 - share) + part * 255;
  }

  /** The band's shadow on what is behind the subject. */
  function darkenBelow(o: number, far: number, own: number): void {
    const near = 1 + far / softPx;
    if (near <= 0) return;
    const keep = 1 - 0.5 * DARKEST * look.shadow * near * near;
    for (let c = 0; c < 3; c++) {
      const front = subject === undefined || own === 0 ? 0 : (subject[o + c] as number);
      line[o + c] = front + ((line[o + c] as number) - front) * keep;
    }
  }
}

/** How much of the subject is seen on the band, 0..1. */
function solid(own: number): number {
  const share = (own - HAZE[0]) / (HAZE[1] - HAZE[0]);
  return share <= 0 ? 0 : share >= 1 ? own : own * share * share * (3 - 2 * share);
}
