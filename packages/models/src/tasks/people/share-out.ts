import { type Bytes, createMatte, type Matte } from '@focal/core';
import type { Area, Plane } from './grid.ts';

/** How fast the surer of two people takes all of a pixel: shares go with this power of the claims. */
const POWER = 4;

/**
 * Alpha 0..255 of each claim within its own area. Where several people claim a pixel it goes mostly to the surest, and
 * all of them together get no more than the strongest claim: the alphas of a pixel never add up to more than 255.
 *
 * @param claims shares 0..1, each of its own area of a common grid.
 */
export function shareOut(claims: readonly Plane[], width: number, height: number): readonly Matte[] {
  const strongest = new Float32Array(width * height);
  const total = new Float32Array(width * height);
  const winner = new Uint16Array(width * height);
  for (const [person, { area, values }] of claims.entries()) {
    eachPixel(area, width, (at, i) => {
      const claim = clampShare(values[i] as number);
      total[at] = (total[at] as number) + claim ** POWER;
      if (claim > (strongest[at] as number)) {
        strongest[at] = claim;
        winner[at] = person;
      }
    });
  }
  const left = strongest.map((claim) => Math.round(claim * 255));
  const mattes = claims.map(({ area, values }, person) => {
    const data = new Uint8Array(area.width * area.height);
    eachPixel(area, width, (at, i) => {
      if (winner[at] === person || (total[at] as number) === 0) return;
      const share = clampShare(values[i] as number) ** POWER / (total[at] as number);
      // Rounded down: what is over goes to the winner, so that nothing adds up to more.
      const alpha = Math.min(left[at] as number, Math.floor((strongest[at] as number) * 255 * share));
      data[i] = alpha;
      left[at] = (left[at] as number) - alpha;
    });
    return createMatte(area.width, area.height, { data });
  });
  for (const [person, { area }] of claims.entries()) {
    const { data } = mattes[person] as Matte;
    eachPixel(area, width, (at, i) => {
      if (winner[at] === person) (data as Bytes)[i] = left[at] as number;
    });
  }
  return mattes;
}

function eachPixel(area: Area, width: number, visit: (at: number, i: number) => void): void {
  for (let y = 0, i = 0; y < area.height; y++) {
    const row = (y + area.y) * width + area.x;
    for (let x = 0; x < area.width; x++, i++) visit(row + x, i);
  }
}

function clampShare(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
