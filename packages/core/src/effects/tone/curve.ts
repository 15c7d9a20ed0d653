/** Entries for each step of a byte: so many that the nearest is near enough, since rows are dithered in the end. */
export const FINE = 32;
const LAST = 255 * FINE;
/** How many entries a curve has. */
export const ENTRIES = LAST + 1;
// Entries are whole multiples of this, so that the last bit of Math.pow, which differs between engines, cannot matter.
const STEPS = 4096;

/** A function of one channel, 0..255 to any numbers, as a table. */
export type Curve = Float32Array;

/** The table of a function of shares 0..1 that gives shares; it is told the entry too. */
export function createCurve(toShare: (share: number, entry: number) => number): Curve {
  const curve = new Float32Array(ENTRIES);
  for (let i = 0; i < ENTRIES; i++) curve[i] = Math.round(255 * STEPS * toShare(i / LAST, i)) / STEPS;
  return curve;
}

/** Linear light of each entry's share. */
export function createLights(): Float64Array {
  const lights = new Float64Array(ENTRIES);
  for (let i = 0; i < ENTRIES; i++) lights[i] = toLight(i / LAST);
  return lights;
}

/** The curve at a value; beyond 0..255 that of the end. */
export function lookUp(curve: Curve, value: number): number {
  return curve[value <= 0 ? 0 : value >= 255 ? LAST : (value * FINE + 0.5) | 0] as number;
}

/** Linear light 0..1 of an sRGB share (IEC 61966-2-1). For tables only. */
function toLight(share: number): number {
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
