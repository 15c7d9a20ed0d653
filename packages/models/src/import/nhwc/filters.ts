/** Channels whose filters are copied together: their lines stay in the processor's cache. */
const BLOCK = 16;

/** A filter [rows, columns, in, out] as ONNX wants it: [out, in, rows, columns], times `scale` of each `out`. */
export function toOihw(
  values: Float32Array,
  [positions, channels, out]: readonly [positions: number, channels: number, out: number],
  scale: Float32Array = new Float32Array(out).fill(1),
): Float32Array {
  const result = new Float32Array(values.length);
  for (let start = 0; start < out; start += BLOCK) {
    const end = Math.min(out, start + BLOCK);
    for (let position = 0; position < positions; position++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = (position * channels + channel) * out;
        let to = (start * channels + channel) * positions + position;
        for (let each = start; each < end; each++) {
          result[to] = (values[from + each] as number) * (scale[each] as number);
          to += channels * positions;
        }
      }
    }
  }
  return result;
}
