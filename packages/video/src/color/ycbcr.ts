// [Note: colours of video] Frames are stored as one luma and two chroma values by a matrix (BT.601, 709 or 2020), in the
// limited range (luma 16 to 235) or the full one. What a file says of itself counts; where it says nothing, frames from
// 720 lines on are BT.709 and smaller ones BT.601, in the limited range, which is how players take them. What Focal
// writes follows the same rule, and says so too. Primaries and transfer are kept as they are: all pictures are handled as
// sRGB, whose primaries BT.709 shares.

export type Matrix = 'bt601' | 'bt709' | 'bt2020';

/** How luma and chroma are to be read. */
export interface YcbcrSpace {
  readonly matrix: Matrix;
  readonly full: boolean;
}

/** What Focal writes frames of this height in: what players take them for where they do not read what the file says. */
export function writtenSpace(height: number): YcbcrSpace {
  return { matrix: height >= HD_LINES ? 'bt709' : 'bt601', full: false };
}

/** Shares of red and blue in luma; ITU-R BT.601-7, BT.709-6, BT.2020-2. */
const SHARES: Readonly<Record<Matrix, readonly [red: number, blue: number]>> = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
};

/** From which height on frames that say nothing are BT.709. */
const HD_LINES = 720;

/** The space of a frame by what it says of itself and, where it does not, by its height. */
export function toYcbcrSpace(
  told: { readonly matrix?: string | null | undefined; readonly fullRange?: boolean | null | undefined },
  height: number,
): YcbcrSpace {
  return { matrix: toMatrix(told.matrix, height), full: told.fullRange === true };
}

function toMatrix(told: string | null | undefined, height: number): Matrix {
  switch (told) {
    case 'bt709':
      return 'bt709';
    case 'bt470bg':
    case 'smpte170m':
      return 'bt601';
    case 'bt2020-ncl':
      return 'bt2020';
    default:
      return height >= HD_LINES ? 'bt709' : 'bt601';
  }
}

/** Factors from chroma, 8 bit around 128, and scaled luma to RGB 0..255. */
export interface DecodeFactors {
  readonly lumaOffset: number;
  readonly luma: number;
  readonly redOfV: number;
  readonly greenOfU: number;
  readonly greenOfV: number;
  readonly blueOfU: number;
}

export function decodeFactors({ matrix, full }: YcbcrSpace): DecodeFactors {
  const [red, blue] = SHARES[matrix];
  const green = 1 - red - blue;
  const chroma = full ? 1 : 255 / 224;
  return {
    lumaOffset: full ? 0 : 16,
    luma: full ? 1 : 255 / 219,
    redOfV: 2 * (1 - red) * chroma,
    greenOfU: (-2 * (1 - blue) * blue * chroma) / green,
    greenOfV: (-2 * (1 - red) * red * chroma) / green,
    blueOfU: 2 * (1 - blue) * chroma,
  };
}

/** Factors from RGB 0..255 to luma and chroma: rows of a matrix, and what is added. */
export interface EncodeFactors {
  readonly y: readonly [number, number, number];
  readonly u: readonly [number, number, number];
  readonly v: readonly [number, number, number];
  readonly lumaOffset: number;
}

export function encodeFactors({ matrix, full }: YcbcrSpace): EncodeFactors {
  const [red, blue] = SHARES[matrix];
  const green = 1 - red - blue;
  const luma = full ? 1 : 219 / 255;
  const chroma = full ? 1 : 224 / 255;
  const u = chroma / (2 * (1 - blue));
  const v = chroma / (2 * (1 - red));
  return {
    y: [red * luma, green * luma, blue * luma],
    u: [-red * u, -green * u, (1 - blue) * u],
    v: [(1 - red) * v, -green * v, -blue * v],
    lumaOffset: full ? 0 : 16,
  };
}
