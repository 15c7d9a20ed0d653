import { createMatte, type Matte } from '@focal/core';
import type { Plane } from './grid.ts';

/**
 * Alpha 0..255 of each claim within its own area. Where several people claim a pixel it goes mostly to the one with the
 * largest share, and all of them together get what the strongest claims: the alphas of a pixel never add up to more
 * than 255.
 *
 * @param claims 0..1, each of its own area of a common grid.
 * @param shares to what extent each pixel of a claim's area is that person's, 0..1.
 */
export function shareOut(
  claims: readonly Plane[],
  shares: readonly Float32Array[],
  width: number,
  height: number,
): readonly Matte[] {
  const strongest = new Float32Array(width * height);
  const total = new Float32Array(width * height);
  const largest = new Float32Array(width * height);
  // One more than the number of the claim; 0 where nobody has been.
  const winner = new Uint16Array(width * height);
  for (const [person, { area, values }] of claims.entries()) {
    const own = shares[person] as Float32Array;
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * width + area.x; x < area.width; x++, i++, at++) {
        const value = clampShare(values[i] as number);
        if (value > (strongest[at] as number)) strongest[at] = value;
        const share = clampShare(own[i] as number);
        total[at] = (total[at] as number) + weigh(share);
        if (share <= (largest[at] as number) && winner[at] !== 0) continue;
        largest[at] = share;
        winner[at] = person + 1;
      }
    }
  }
  const left = new Uint8Array(width * height);
  for (let at = 0; at < left.length; at++) left[at] = Math.round((strongest[at] as number) * 255);
  const mattes = claims.map(({ area }) => createMatte(area.width, area.height));
  for (const [person, { area }] of claims.entries()) {
    const { data } = mattes[person] as Matte;
    const own = shares[person] as Float32Array;
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * width + area.x; x < area.width; x++, i++, at++) {
        const share = own[i] as number;
        if (!(share > 0) || winner[at] === person + 1 || (left[at] as number) === 0) continue;
        const part = weigh(clampShare(share)) / (total[at] as number);
        // Rounded down: what is over goes to the winner, so that nothing adds up to more.
        const alpha = Math.min(left[at] as number, ((strongest[at] as number) * 255 * part) | 0);
        data[i] = alpha;
        left[at] = (left[at] as number) - alpha;
      }
    }
  }
  for (const [person, { area }] of claims.entries()) {
    const { data } = mattes[person] as Matte;
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * width + area.x; x < area.width; x++, i++, at++) {
        if (winner[at] === person + 1) data[i] = left[at] as number;
      }
    }
  }
  return mattes;
}

/** The fourth power: the surer of two takes nearly all, and where they are equally sure there is no hard seam. */
function weigh(claim: number): number {
  return claim * claim * claim * claim;
}

function clampShare(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
