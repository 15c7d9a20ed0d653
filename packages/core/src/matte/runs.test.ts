import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRunEnd, toWords, trimZeros } from './runs.ts';

/** Bytes in runs, wherever they lie in memory, and a part of them. */
const anyPart = fc
  .tuple(
    fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 7), { minLength: 1, maxLength: 60 }),
    fc.nat(3),
    fc.nat(),
    fc.nat(),
  )
  .map(([values, offset, from, to]) => {
    const data = Uint8Array.from([...Array.from({ length: offset }, () => 0), ...values]).subarray(offset);
    const start = from % data.length;
    return { data, start, end: start + (to % (data.length - start + 1)) };
  });

test('a run ends where the first other byte is, wherever the bytes lie', () => {
  fc.assert(
    fc.property(anyPart, fc.constantFrom(0, 255), ({ data, start, end }, value) => {
      let expected = start;
      while (expected < end && data[expected] === value) expected++;
      expect(findRunEnd(data, toWords(data), start, end, value)).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

test('zeros at both ends are left out, wherever the bytes lie', () => {
  fc.assert(
    fc.property(anyPart, ({ data, start, end }) => {
      const others = [...data.keys()].filter((i) => i >= start && i < end && data[i] !== 0);
      const [from, to] = trimZeros(data, toWords(data), start, end);
      expect(to - from).toBe(others.length === 0 ? 0 : (others.at(-1) as number) + 1 - (others[0] as number));
      expect(others[0] ?? from).toBe(from);
    }),
    { numRuns: 1000 },
  );
});
