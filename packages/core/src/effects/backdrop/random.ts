/** Numbers 0..1 (exclusive) by their place in a sequence: equal everywhere, since only whole numbers are mixed. */
export type Draw = (index: number, kind: number) => number;

/** The finaliser of MurmurHash3 (Appleby, public domain) over index, kind and seed. */
export function createDraw(seed: number): Draw {
  return (index, kind) => {
    let h = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(kind + 1, 0x85ebca77) ^ Math.imul(seed + 1, 0xc2b2ae3d);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };
}

/** Sine of a number of turns, rounded, since the last bit of Math.sin differs between engines. */
export function sine(turns: number): number {
  return Math.round(Math.sin(turns * 2 * Math.PI) * 1e6) / 1e6;
}
