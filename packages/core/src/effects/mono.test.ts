import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphasOf, drawFlat, drawSubject, edit, pixelAt } from './fixtures/edited.ts';
import { itIsSound } from './fixtures/sound.ts';
import { mono } from './mono.ts';

const style = fc.constantFrom('mono', 'sepia', 'duotone');

describe('mono', () => {
  itIsSound({
    effect: mono,
    params: fc.record({
      style,
      contrast: fc.double({ min: -1, max: 1, noNaN: true }),
      strength: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    neutral: fc.record({ style, strength: fc.constant(0) }),
  });

  it('keeps the alpha of a picture with transparent parts', () => {
    const subject = drawSubject(30, 20, 5, true);
    expect(alphasOf(edit(mono, subject))).toEqual(alphasOf(subject.picture));
  });

  it('leaves no colour in black and white, and all of it in what is not selected', () => {
    const flat = drawFlat(40, 40, [200, 100, 50], [50, 100, 200]);
    const result = edit(mono, flat);
    const [r = 0, g = 0, b = 0] = pixelAt(result, 20, 20);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
    expect(pixelAt(result, 1, 1)).toEqual([50, 100, 200, 255]);
    expect(pixelAt(flat.picture, 20, 20)).toEqual([200, 100, 50, 255]);
  });

  it('runs from the dark to the light colour in duotone', () => {
    const colors = { style: 'duotone', dark: '#102030', light: '#f0e0d0', contrast: 0 };
    const of = (value: number) => pixelAt(edit(mono, drawFlat(12, 12, [value, value, value], [0, 0, 0]), colors), 6, 6);
    expect(of(0)).toEqual([16, 32, 48, 255]);
    expect(of(255)).toEqual([240, 224, 208, 255]);
  });

  it('warms in sepia: red above green above blue', () => {
    const [r = 0, g = 0, b = 0] = pixelAt(
      edit(mono, drawFlat(12, 12, [90, 120, 160], [0, 0, 0]), { style: 'sepia' }),
      6,
      6,
    );
    expect(r).toBeGreaterThan(g + 10);
    expect(g).toBeGreaterThan(b + 10);
  });
});
