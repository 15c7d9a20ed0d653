import { createPrefixCode, type PrefixCode } from './huffman.ts';

/** Takes so many bits, the lowest first. */
export type PutBits = (value: number, count: number) => void;

/** In what order the lengths of the code for code lengths are written: RFC 1951, 3.2.7. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const DYNAMIC = 2;

/**
 * Begins a block of DEFLATE with its own code for literals and lengths, and a single code of one bit for distances.
 * Runs of equal code lengths are shortened as RFC 1951 says.
 */
export function putBlockHeader(code: PrefixCode, isLast: boolean, put: PutBits): void {
  let used = code.lengths.length;
  while (used > 257 && code.lengths[used - 1] === 0) used--;
  const tokens = shorten([...code.lengths.subarray(0, used), 1]);
  const counts = new Uint32Array(19);
  for (const { symbol } of tokens) counts[symbol] = (counts[symbol] as number) + 1;
  const lengthCode = createPrefixCode(counts, 7);
  let written = ORDER.length;
  while (written > 4 && lengthCode.lengths[ORDER[written - 1] as number] === 0) written--;
  put(isLast ? 1 : 0, 1);
  put(DYNAMIC, 2);
  put(used - 257, 5);
  put(0, 5);
  put(written - 4, 4);
  for (const symbol of ORDER.slice(0, written)) put(lengthCode.lengths[symbol] as number, 3);
  for (const { symbol, extra, extraBits } of tokens) {
    put(lengthCode.codes[symbol] as number, lengthCode.lengths[symbol] as number);
    if (extraBits > 0) put(extra, extraBits);
  }
}

interface LengthToken {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

/** 16: the last length 3 to 6 times more; 17 and 18: 3 to 10, and 11 to 138, zeros. */
function shorten(lengths: readonly number[]): readonly LengthToken[] {
  const tokens: LengthToken[] = [];
  for (let i = 0; i < lengths.length; ) {
    const length = lengths[i] as number;
    let run = 1;
    while (lengths[i + run] === length) run++;
    if (length === 0 && run >= 3) {
      run = Math.min(run, 138);
      tokens.push(
        run > 10 ? { symbol: 18, extra: run - 11, extraBits: 7 } : { symbol: 17, extra: run - 3, extraBits: 3 },
      );
    } else if (length !== 0 && run >= 4) {
      run = Math.min(run, 7);
      tokens.push({ symbol: length, extra: 0, extraBits: 0 }, { symbol: 16, extra: run - 4, extraBits: 2 });
    } else {
      run = 1;
      tokens.push({ symbol: length, extra: 0, extraBits: 0 });
    }
    i += run;
  }
  return tokens;
}
