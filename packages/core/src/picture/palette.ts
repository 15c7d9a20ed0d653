/** A colour of a picture with the share of it that is of about this colour. */
export interface PaletteColor {
  /** 0..255 each. */
  readonly rgb: readonly [red: number, green: number, blue: number];
  /** 0..1. */
  readonly share: number;
}

/** Cells along each axis of the colour cube. */
const CELLS = 4;

/**
 * What colours a picture is made of, the largest share first, at most `count`. Takes sRGB values, three a pixel; some
 * hundred pixels are enough. Pixels are gathered in 4×4×4 cells of the colour cube, and a cell's colour is their mean.
 */
export function findPalette(rgb: Uint8Array, count = 4): readonly PaletteColor[] {
  const sums = new Float64Array(CELLS ** 3 * 4);
  const pixels = Math.floor(rgb.length / 3);
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = [rgb[i * 3] as number, rgb[i * 3 + 1] as number, rgb[i * 3 + 2] as number];
    const cell = (((r >> 6) * CELLS + (g >> 6)) * CELLS + (b >> 6)) * 4;
    sums[cell] = (sums[cell] as number) + r;
    sums[cell + 1] = (sums[cell + 1] as number) + g;
    sums[cell + 2] = (sums[cell + 2] as number) + b;
    sums[cell + 3] = (sums[cell + 3] as number) + 1;
  }
  const found: PaletteColor[] = [];
  for (let cell = 0; cell < sums.length; cell += 4) {
    const n = sums[cell + 3] as number;
    if (n === 0) continue;
    const mean = (channel: number): number => Math.round((sums[cell + channel] as number) / n);
    found.push({ rgb: [mean(0), mean(1), mean(2)], share: n / pixels });
  }
  return found.sort((a, b) => b.share - a.share).slice(0, count);
}
