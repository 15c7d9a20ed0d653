/** Entries for each step of a byte, so that floats between bytes need no more than a straight line between two. */
const FINE = 16;
const LAST = 255 * FINE;
// Entries are whole multiples of this, so that the last bit of Math.pow, which differs between engines, cannot matter.
const STEPS = 4096;

/** A function of one channel, 0..255 to any numbers, as a table. */
export type Curve = Float32Array;

/** The table of a function of shares 0..1 that gives shares. */
export function createCurve(toShare: (share: number) => number): Curve {
  return Float32Array.from(
    { length: LAST + 2 },
    (_, i) => Math.round(255 * STEPS * toShare(Math.min(1, i / LAST))) / STEPS,
  );
}

/** The curve at a value; beyond 0..255 that of the end. */
export function lookUp(curve: Curve, value: number): number {
  if (value <= 0) return curve[0] as number;
  if (value >= 255) return curve[LAST] as number;
  const at = value * FINE;
  const i = at | 0;
  const low = curve[i] as number;
  return low + ((curve[i + 1] as number) - low) * (at - i);
}

/** Linear light 0..1 of an sRGB share (IEC 61966-2-1). For tables only. */
export function toLight(share: number): number {
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** The inverse of {@link toLight}. */
export function fromLight(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** Luma of gamma-coded values (ITU-R BT.601). */
export function luma(r: number, g: number, b: number): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}
