/** Nobody's. */
export const NOBODY = -1;

/** An island goes to somebody who has this share of what it borders on. */
const BORDER = 0.5;
/** Islands are smaller than this share of their owner's largest part. */
const ISLAND = 0.3;

/**
 * Gives islands to those whom they lie in or beside: a part that does not hang together (by sides) with its owner's
 * largest one nor holds any of `kept`, and borders mostly on one other owner. In place.
 *
 * @param owners number of the owner of each pixel, or {@link NOBODY}.
 * @param kept 1 for pixels that are their owner's for sure.
 * @returns the pixels that have a new owner.
 */
export function giveIslands(owners: Int16Array, kept: Uint8Array, width: number, height: number): readonly number[] {
  const parts = findParts(owners, kept, width, height);
  const largest = new Map<number, number>();
  for (const { owner, pixels } of parts) largest.set(owner, Math.max(largest.get(owner) ?? 0, pixels.length));
  const given: number[] = [];
  for (const { owner, pixels, isKept, borders } of parts) {
    if (isKept || pixels.length >= ISLAND * (largest.get(owner) as number)) continue;
    const total = [...borders.values()].reduce((sum, count) => sum + count, 0);
    const [to = NOBODY, count = 0] =
      [...borders].filter(([other]) => other !== NOBODY).sort((a, b) => b[1] - a[1])[0] ?? [];
    if (to === NOBODY || count < BORDER * total) continue;
    for (const i of pixels) {
      owners[i] = to;
      given.push(i);
    }
  }
  return given;
}

interface Part {
  readonly owner: number;
  readonly pixels: readonly number[];
  readonly isKept: boolean;
  /** Sides of its pixels by who is on the other side. */
  readonly borders: ReadonlyMap<number, number>;
}

function findParts(owners: Int16Array, kept: Uint8Array, width: number, height: number): readonly Part[] {
  const seen = new Uint8Array(owners.length);
  const parts: Part[] = [];
  for (let start = 0; start < owners.length; start++) {
    const owner = owners[start] as number;
    if (owner === NOBODY || seen[start] === 1) continue;
    const pixels = [start];
    const borders = new Map<number, number>();
    let isKept = false;
    seen[start] = 1;
    // What is added while it is gone through is gone through as well.
    for (const at of pixels) {
      if (kept[at] === 1) isKept = true;
      const x = at % width;
      for (let side = 0; side < 4; side++) {
        if ((side === 0 && x === 0) || (side === 1 && x + 1 === width)) continue;
        const next = at + (side === 0 ? -1 : side === 1 ? 1 : side === 2 ? -width : width);
        if (next < 0 || next >= width * height) continue;
        const other = owners[next] as number;
        if (other !== owner) borders.set(other, (borders.get(other) ?? 0) + 1);
        else if (seen[next] === 0) {
          seen[next] = 1;
          pixels.push(next);
        }
      }
    }
    parts.push({ owner, pixels, isKept, borders });
  }
  return parts;
}
