/**
 * sRGB in steps of 1/256 of a byte for linear light in steps of 1/65535, and a little beyond. Straight lines between
 * every 16th entry where the curve is flat enough for that.
 */
export function createEncoder(): Uint16Array {
  const table = new Uint16Array(65536 + 64);
  const steep = 2048;
  for (let i = 0; i < steep; i++) table[i] = Math.round(encode(i / 65535));
  for (let i = steep; i < 65536; i += 16) {
    const start = encode(i / 65535);
    const slope = (encode((i + 16) / 65535) - start) / 16;
    for (let n = 0; n < 16; n++) table[i + n] = Math.round(start + slope * n);
  }
  return table.fill(255 * 256, 65535);
}

function encode(linear: number): number {
  const encoded = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  // Rounded to steps far above the last bit of Math.pow, which differs between engines.
  return Math.round(Math.min(1, encoded) * 255 * 256 * 1024) / 1024;
}
