import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrefixCode } from './huffman.ts';

const counts = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 2, maxLength: 286 });

describe('a prefix code', () => {
  it('gives each symbol that occurs a code that begins no other, and uses all there are', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 9, max: 15 }), (occur, maxLength) => {
        const { codes, lengths } = createPrefixCode(Uint32Array.from(occur), maxLength);
        const used = occur.flatMap((count, symbol) => (count > 0 ? [symbol] : []));
        expect([...lengths].every((length, symbol) => length > 0 === (occur[symbol] ?? 0) > 0)).toBe(true);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(maxLength);
        if (used.length < 2) return;
        expect(used.reduce((sum, symbol) => sum + 2 ** -(lengths[symbol] ?? 0), 0)).toBe(1);
        // The first bit is the lowest.
        const textOf = (code: number, length: number) => Array.from({ length }, (_, bit) => (code >> bit) & 1).join('');
        const sorted = used.map((symbol) => textOf(codes[symbol] ?? 0, lengths[symbol] ?? 0)).toSorted();
        expect(sorted.some((text, i) => i > 0 && text.startsWith(sorted[i - 1] ?? ' '))).toBe(false);
      }),
    );
  });

  it('takes as few bits as any', () => {
    // Wikipedia's "A_DEAD_DAD_CEDED_A_BAD_BABE_A_BEADED_ABACA_BED": 115 bits.
    const text = 'A_DEAD_DAD_CEDED_A_BAD_BABE_A_BEADED_ABACA_BED';
    const occur = new Uint32Array(128);
    for (const letter of text) occur[letter.charCodeAt(0)] = (occur[letter.charCodeAt(0)] ?? 0) + 1;
    const { lengths } = createPrefixCode(occur, 12);
    expect(occur.reduce((bits, count, symbol) => bits + count * (lengths[symbol] ?? 0), 0)).toBe(115);
  });

  it('shortens codes that would be too long', () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 30) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
    const occur = Uint32Array.from(fibonacci);
    expect(Math.max(...createPrefixCode(occur, 29).lengths)).toBe(29);
    expect(Math.max(...createPrefixCode(occur, 12).lengths)).toBe(12);
  });
});
