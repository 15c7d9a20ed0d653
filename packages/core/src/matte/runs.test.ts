import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRunEnd, toWords } from './runs.ts';

test('a run ends where the first other byte is, wherever the bytes lie', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 7), { minLength: 1, maxLength: 60 }),
      fc.nat(3),
      fc.nat(),
      fc.nat(),
      (values, offset, from, to) => {
        const data = Uint8Array.from([...Array.from({ length: offset }, () => 0), ...values]).subarray(offset);
        const start = from % data.length;
        const end = start + (to % (data.length - start + 1));
        for (const value of [0, 255] as const) {
          let expected = start;
          while (expected < end && data[expected] === value) expected++;
          expect(findRunEnd(data, toWords(data), start, end, value)).toBe(expected);
        }
      },
    ),
    { numRuns: 500 },
  );
});
