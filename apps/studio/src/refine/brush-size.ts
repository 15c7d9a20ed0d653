/** The brush's least and most radius, as shares of the photo's long side. */
const [LEAST, MOST] = [0.0005, 0.2];
/** One press of a key changes the size by this. */
const STEP = 1.2;

/** Where a radius stands on a slider, 0..1: each step changes it by the same factor. */
export function toShare(radius: number): number {
  return Math.log(radius / LEAST) / Math.log(MOST / LEAST);
}

export function toRadius(share: number): number {
  return round(LEAST * (MOST / LEAST) ** share);
}

/** The next larger radius, or smaller where `by` is -1. */
export function stepRadius(radius: number, by: 1 | -1): number {
  return round(Math.min(MOST, Math.max(LEAST, radius * STEP ** by)));
}

function round(radius: number): number {
  return Number(radius.toPrecision(4));
}
