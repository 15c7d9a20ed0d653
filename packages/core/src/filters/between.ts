/** Where each pixel of a row lies between the centres of two neighbouring cells. */
export interface Between {
  /** The cell before; the one after is the next, or the same at the end. */
  readonly index: Int32Array;
  /** Share of the cell after, 0..1. */
  readonly share: Float32Array;
}

/** For `pixels` pixels under `cells` cells that cover them edge to edge. */
export function createBetween(cells: number, pixels: number): Between {
  const index = new Int32Array(pixels);
  const share = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const at = Math.max(0, Math.min(cells - 1, ((i + 0.5) * cells) / pixels - 0.5));
    index[i] = Math.floor(at);
    share[i] = at - Math.floor(at);
  }
  return { index, share };
}
