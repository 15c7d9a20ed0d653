import type { Pass, Plan } from '../../async/plan.ts';
import type { Program } from '../../filters/assemble.ts';
import { compileDiscGather } from '../../filters/disc-simd.ts';
import type { Allocate } from '../../picture/picture.ts';
import { compileDoubler } from './doubling.ts';

/** What a bokeh needs whatever the picture: some milliseconds to make, so worth keeping. */
export interface Tools {
  /** sRGB in steps of 1/256 of a byte, by linear light in steps of 1/65535. */
  readonly encode: Uint16Array;
  /** Not there on threads that did not make them, or where the engine lacks SIMD: made where they are needed. */
  gather: Program | undefined;
  doubler: Program | undefined;
}

export function planTools(allocate: Allocate): Plan<Tools> {
  const entries = 65536 + 64;
  const encode = new Uint16Array(allocate(entries * 2), 0, entries);
  const result: Tools = { encode, gather: undefined, doubler: undefined };
  const pass: Pass = {
    name: 'bokeh-tools',
    rows: 1,
    run() {
      writeEncoder(result.encode);
      result.gather = compileDiscGather();
      result.doubler = compileDoubler();
    },
  };
  return { passes: [pass], result };
}

/**
 * sRGB in steps of 1/256 of a byte for linear light in steps of 1/65535, and a little beyond. Straight lines between
 * every 16th entry where the curve is flat enough for that.
 */
function writeEncoder(table: Uint16Array): void {
  const steep = 2048;
  for (let i = 0; i < steep; i++) table[i] = Math.round(encode(i / 65535));
  for (let i = steep; i < 65536; i += 16) {
    const start = encode(i / 65535);
    const slope = (encode((i + 16) / 65535) - start) / 16;
    for (let n = 0; n < 16; n++) table[i + n] = Math.round(start + slope * n);
  }
  table.fill(255 * 256, 65535);
}

function encode(linear: number): number {
  const encoded = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  // Rounded to steps far above the last bit of Math.pow, which differs between engines.
  return Math.round(Math.min(1, encoded) * 255 * 256 * 1024) / 1024;
}
