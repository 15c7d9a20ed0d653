/** A part that overlaps where the subject was by less than this share of its pixels is something else. */
const LEAST_SHARED = 0.25;

/** Clears, in place, connected parts of a mask (shares of one half and more) that hardly lie where the subject was. */
export function keepConnected(mask: Float32Array, before: Float32Array, width: number, height: number): void {
  const seen = new Uint8Array(mask.length);
  const open = new Int32Array(mask.length);
  for (let start = 0; start < mask.length; start++) {
    if (seen[start] === 1 || (mask[start] as number) < 0.5) continue;
    let [from, to, shared] = [0, 1, 0];
    open[0] = start;
    seen[start] = 1;
    while (from < to) {
      const at = open[from++] as number;
      if ((before[at] as number) >= 0.5) shared++;
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= width * height || seen[next] === 1 || (mask[next] as number) < 0.5) continue;
        seen[next] = 1;
        open[to++] = next;
      }
    }
    if (shared < LEAST_SHARED * to) for (let i = 0; i < to; i++) mask[open[i] as number] = 0;
  }
}
