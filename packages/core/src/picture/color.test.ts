import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isColor, parseColor } from './color.ts';

test('every colour of six digits is read back, in small and capital letters', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 3, maxLength: 3 }), (bytes) => {
      const text = `#${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
      expect(parseColor(text)).toEqual([...bytes]);
      expect(parseColor(text.toUpperCase())).toEqual([...bytes]);
    }),
  );
});

test('three digits stand for six, and names for their CSS colours', () => {
  expect(parseColor('#3af')).toEqual([51, 170, 255]);
  expect(parseColor('White')).toEqual([255, 255, 255]);
});

test.each(['', '#', '#12', '#12345', '#1234567', '#ggg', 'toString', 'rgb(1,2,3)', ' #fff'])(
  '%j is no colour',
  (text) => {
    expect(isColor(text)).toBe(false);
    expect(() => parseColor(text)).toThrow(/Expected a colour/);
  },
);
