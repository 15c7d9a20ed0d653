import { createMatte, type Matte } from '@focal/core';

/**
 * The middle value at each place of mattes of one size, an odd number of them: one that jumps for a frame has no say.
 * Those of other sizes than the one in the middle are left out.
 */
export function medianMatte(mattes: readonly Matte[]): Matte {
  const middle = mattes[mattes.length >> 1] as Matte;
  const same = mattes.filter(({ data }) => data.length === middle.data.length);
  if (same.length < 3 || same.length % 2 === 0) return middle;
  const data = new Uint8Array(middle.data.length);
  const values = new Uint8Array(same.length);
  for (let i = 0; i < data.length; i++) {
    for (let k = 0; k < same.length; k++) values[k] = (same[k] as Matte).data[i] as number;
    values.sort();
    data[i] = values[values.length >> 1] as number;
  }
  return createMatte(middle.width, middle.height, { data });
}
