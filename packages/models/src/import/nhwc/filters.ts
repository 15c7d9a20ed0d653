/** Numbers as bytes, and what each byte stands for: what is written once needs no floats in between. */
export interface CodedFloats {
  readonly codes: Uint8Array;
  /** 256 numbers. */
  readonly table: Float32Array;
}

export type FilterValues = Float32Array | CodedFloats;

export function countValues(values: FilterValues): number {
  return values instanceof Float32Array ? values.length : values.codes.length;
}

/** The numbers themselves: a copy of those that are coded. */
export function toFloats(values: FilterValues): Float32Array {
  if (values instanceof Float32Array) return values;
  const { codes, table } = values;
  const floats = new Float32Array(codes.length);
  // A plain loop: `from` takes ten times as long.
  for (let index = 0; index < floats.length; index++) floats[index] = table[codes[index] as number] as number;
  return floats;
}

/** Outputs whose filters are written side by side: the lines that are read stay in the processor's cache. */
const BLOCK = 16;

/** A filter [rows, columns, in, out] as ONNX wants it: [out, in, rows, columns], times `scale` of each `out`. */
export function toOihw(
  values: FilterValues,
  size: readonly [positions: number, channels: number, out: number],
  scale: Float32Array = new Float32Array(size[2]).fill(1),
): Float32Array {
  return values instanceof Float32Array ? moveFloats(values, size, scale) : moveCodes(values, size, scale);
}

// Twice the same loops: one for both kinds would be compiled for neither, and a model is imported but once.

function moveFloats(
  values: Float32Array,
  [positions, channels, out]: readonly [number, number, number],
  scale: Float32Array,
): Float32Array {
  const result = new Float32Array(values.length);
  const plane = channels * out;
  const filter = channels * positions;
  for (let start = 0; start < out; start += BLOCK) {
    const end = Math.min(out, start + BLOCK);
    for (let channel = 0; channel < channels; channel++) {
      for (let each = start; each < end; each++) {
        const factor = scale[each] as number;
        let from = channel * out + each;
        let to = each * filter + channel * positions;
        for (const last = to + positions; to < last; to++) {
          result[to] = (values[from] as number) * factor;
          from += plane;
        }
      }
    }
  }
  return result;
}

function moveCodes(
  { codes, table }: CodedFloats,
  [positions, channels, out]: readonly [number, number, number],
  scale: Float32Array,
): Float32Array {
  const result = new Float32Array(codes.length);
  const plane = channels * out;
  const filter = channels * positions;
  for (let start = 0; start < out; start += BLOCK) {
    const end = Math.min(out, start + BLOCK);
    for (let channel = 0; channel < channels; channel++) {
      for (let each = start; each < end; each++) {
        const factor = scale[each] as number;
        let from = channel * out + each;
        let to = each * filter + channel * positions;
        for (const last = to + positions; to < last; to++) {
          result[to] = (table[codes[from] as number] as number) * factor;
          from += plane;
        }
      }
    }
  }
  return result;
}
