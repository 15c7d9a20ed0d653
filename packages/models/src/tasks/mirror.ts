/** A model's input mirrored left to right: `side` pixels a row of so many channels, row by row. */
export function mirrorRows(
  data: Float32Array,
  side: number,
  channels: number,
  mirrored: Float32Array = new Float32Array(data.length),
): Float32Array {
  const length = side * channels;
  for (let row = 0; row < data.length; row += length) {
    for (let column = 0; column < side; column++) {
      const from = row + column * channels;
      const to = row + (side - 1 - column) * channels;
      for (let c = 0; c < channels; c++) mirrored[to + c] = data[from + c] as number;
    }
  }
  return mirrored;
}
