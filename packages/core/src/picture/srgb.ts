/** Tables between 8-bit sRGB and linear light (IEC 61966-2-1). Display P3 has the same curve. */
export interface SrgbTables {
  /** Linear light 0..1 of each byte. */
  readonly toLinear: Float32Array;
  /** Nearest byte for linear light in steps of 1/65535: index with `(linear * 65535 + 0.5) | 0` after clamping. */
  readonly fromLinear: Uint8Array;
}

// Entries are whole multiples of this, so that the last bit of Math.pow, which differs between engines, cannot matter.
const STEPS = 2 ** 22;

/** Builds the tables: under a millisecond, 66 KB. Build them once per plan. */
export function createSrgbTables(): SrgbTables {
  const toLinear = new Float32Array(256);
  for (let byte = 0; byte < 256; byte++) toLinear[byte] = Math.round(decode(byte / 255) * STEPS) / STEPS;
  const fromLinear = new Uint8Array(65536);
  let start = 0;
  for (let byte = 0; byte < 256; byte++) {
    const end = byte === 255 ? 65536 : Math.ceil(decode((byte + 0.5) / 255) * 65535);
    fromLinear.fill(byte, start, end);
    start = end;
  }
  return { toLinear, fromLinear };
}

function decode(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}
