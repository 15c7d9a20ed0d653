import { describe, expect, it } from 'vitest';
import { parseAspect } from './aspect.ts';

describe('an aspect ratio as text', () => {
  it.each([
    ['1:1', 1],
    ['16:9', 16 / 9],
    [' 4:5 ', 0.8],
    ['1.91:1', 1.91],
    ['2.39', 2.39],
    ['100', 100],
  ])('%s is read', (text, ratio) => {
    expect(parseAspect(text)).toEqual({ name: text.trim(), ratio });
  });

  it.each(['', ':', '16:', ':9', '0:1', '1:0', '0', '-1', '16/9', '1e3', '16:9:4', 'wide', '101:1', '1:101', '1..2'])(
    '%j is refused',
    (text) => {
      expect(() => parseAspect(text)).toThrow('Expected an aspect ratio such as 16:9 or 1.91, got');
    },
  );
});
