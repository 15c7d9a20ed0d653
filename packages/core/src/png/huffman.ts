/** Prefix codes as DEFLATE has them (RFC 1951, 3.2.2): for each symbol its code, first bit lowest, and its bits. */
export interface PrefixCode {
  readonly codes: Uint16Array;
  /** 0 where the symbol does not occur. */
  readonly lengths: Uint8Array;
}

/** Symbols stand in the low bits of what is sorted, counts above. */
const SYMBOL_BITS = 9;

/**
 * A prefix code of least total length for symbols that occur so often (to 2²² times in all, of at most 512 symbols), no
 * longer than `maxLength` bits each: where that shortens a code, others grow a little more than they would have to.
 */
export function createPrefixCode(counts: Uint32Array, maxLength: number): PrefixCode {
  const entries = new Uint32Array(counts.length);
  let used = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    const count = counts[symbol] as number;
    if (count > 0) entries[used++] = (count << SYMBOL_BITS) | symbol;
  }
  const sorted = entries.subarray(0, used).sort();
  const lengths = new Uint8Array(counts.length);
  const depths = new Uint32Array(used);
  for (let i = 0; i < used; i++) depths[i] = (sorted[i] as number) >>> SYMBOL_BITS;
  measureDepths(depths);
  const perLength = limitLengths(depths, maxLength);
  // The rarest symbols take the longest codes.
  for (let length = maxLength, next = 0; length > 0 && next < used; length--) {
    for (let left = perLength[length] as number; left > 0; left--) {
      lengths[(sorted[next++] as number) & ((1 << SYMBOL_BITS) - 1)] = length;
    }
  }
  return { codes: assignCodes(lengths, maxLength), lengths };
}

/**
 * The depth of each leaf in Huffman's tree over counts in rising order, in place. Moffat & Katajainen, "In-place
 * calculation of minimum-redundancy codes", 1995.
 */
function measureDepths(weights: Uint32Array): void {
  const count = weights.length;
  const at = (index: number) => weights[index] as number;
  if (count < 2) {
    weights.fill(1);
    return;
  }
  let leaf = 0;
  let root = 0;
  const take = (next: number): number => {
    if (leaf >= count || (root < next && at(root) < at(leaf))) {
      const weight = at(root);
      // From here on an inner node's place holds its parent.
      weights[root++] = next;
      return weight;
    }
    return at(leaf++);
  };
  for (let next = 0; next < count - 1; next++) {
    const first = take(next);
    weights[next] = first + take(next);
  }
  weights[count - 2] = 0;
  for (let next = count - 3; next >= 0; next--) weights[next] = at(at(next)) + 1;
  let available = 1;
  let inner = count - 2;
  for (let next = count - 1, depth = 0; available > 0; depth++) {
    let usedHere = 0;
    while (inner >= 0 && at(inner) === depth) {
      usedHere++;
      inner--;
    }
    for (; available > usedHere; available--) weights[next--] = depth;
    available = 2 * usedHere;
  }
}

/** How many codes there are of each length, none longer than allowed and all of them apart. */
function limitLengths(depths: Uint32Array, maxLength: number): Uint32Array {
  const perLength = new Uint32Array(maxLength + 1);
  for (const depth of depths) perLength[Math.min(depth, maxLength)] = (perLength[Math.min(depth, maxLength)] ?? 0) + 1;
  // Kraft's sum, in codes of the greatest length: too much of it is taken from the next shorter codes.
  let room = perLength.reduce((sum, codes, length) => sum + (length === 0 ? 0 : codes << (maxLength - length)), 0);
  for (; room > 1 << maxLength; room--) {
    let length = maxLength - 1;
    while (perLength[length] === 0) length--;
    perLength[maxLength] = (perLength[maxLength] as number) - 1;
    perLength[length] = (perLength[length] as number) - 1;
    perLength[length + 1] = (perLength[length + 1] as number) + 2;
  }
  return perLength;
}

function assignCodes(lengths: Uint8Array, maxLength: number): Uint16Array {
  const perLength = new Uint32Array(maxLength + 1);
  for (const length of lengths) if (length > 0) perLength[length] = (perLength[length] as number) + 1;
  const next = new Uint32Array(maxLength + 1);
  for (let length = 1, code = 0; length <= maxLength; length++) {
    next[length] = code;
    code = (code + (perLength[length] as number)) << 1;
  }
  const codes = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    const code = next[length] as number;
    next[length] = code + 1;
    codes[symbol] = reverseBits(code, length);
  }
  return codes;
}

/** The lowest `length` bits, at most 16, the other way round. */
function reverseBits(code: number, length: number): number {
  let bits = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
  bits = ((bits & 0x3333) << 2) | ((bits >> 2) & 0x3333);
  bits = ((bits & 0x0f0f) << 4) | ((bits >> 4) & 0x0f0f);
  bits = ((bits & 0x00ff) << 8) | (bits >> 8);
  return bits >> (16 - length);
}
