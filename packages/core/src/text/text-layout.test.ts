import { describe, expect, it } from 'vitest';
import { completeTextOptions, type TextOptions } from './text-layout.ts';

const LEAST = { sizePx: 20, maxWidthPx: 100 };

describe('options of text', () => {
  it('are completed', () => {
    expect(completeTextOptions(LEAST)).toEqual({
      ...LEAST,
      lineHeight: 1.3,
      align: 'start',
      direction: 'auto',
      maxLines: Number.POSITIVE_INFINITY,
    });
  });

  it.each([
    { sizePx: 0 },
    { sizePx: Number.NaN },
    { sizePx: 1e9 },
    { maxWidthPx: -1 },
    { maxWidthPx: Number.POSITIVE_INFINITY },
    { lineHeight: 0 },
    { maxLines: 0 },
    { maxLines: 1.5 },
    { align: 'left' },
    { direction: 'up' },
  ])('are refused with the name of the one that is wrong: %o', (wrong) => {
    expect(() => completeTextOptions({ ...LEAST, ...wrong } as TextOptions)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringContaining(Object.keys(wrong)[0] ?? ''),
      }),
    );
  });
});
