import { countValues, toFloats } from '../nhwc/filters.ts';
import type { NhwcFilter } from '../nhwc/graph.ts';
import { broken } from '../tfjs/json.ts';
import type { Weight } from '../tfjs/weights.ts';

/** The weights of one net by name. Each throws `model-invalid` where the file has none of that name or rank. */
export class NetWeights {
  readonly #weights: ReadonlyMap<string, Weight>;

  constructor(weights: ReadonlyMap<string, Weight>) {
    this.#weights = weights;
  }

  /** [rows, columns, in, out], or [in, out] of a dense layer. */
  filter(name: string, rank = 4): NhwcFilter {
    const weight = this.#weights.get(name);
    if (weight?.shape.length !== rank) throw broken(`the weights ${name} of rank ${rank}`);
    return { shape: weight.shape, values: weight.coded() };
  }

  vector(name: string): Float32Array {
    return toFloats(this.filter(name, 1).values);
  }
}

/** A filter of which only these channels of the output are kept. */
export function pickOutputs({ shape, ...filter }: NhwcFilter, channels: readonly number[]): NhwcFilter {
  const values = toFloats(filter.values);
  const out = shape.at(-1) ?? 1;
  const rows = values.length / out;
  const picked = new Float32Array(rows * channels.length);
  for (let row = 0, to = 0; row < rows; row++) {
    for (const channel of channels) picked[to++] = values[row * out + channel] ?? 0;
  }
  return { shape: [...shape.slice(0, -1), channels.length], values: picked };
}

/** A convolution followed by `scale × value + offset` for each channel, as one convolution. */
export function foldScale(
  filter: NhwcFilter,
  bias: Float32Array,
  scale: Float32Array,
  offset: Float32Array,
): { filter: NhwcFilter; bias: Float32Array } {
  const channels = scale.length;
  const fits = countValues(filter.values) % channels === 0 && bias.length === channels && offset.length === channels;
  if (!fits) throw broken('scales and offsets for each channel');
  const folded = bias.map((value, channel) => value * (scale[channel] ?? 0) + (offset[channel] ?? 0));
  return { filter: { ...filter, scale }, bias: folded };
}
