import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFlat, edit, pixelAt } from './fixtures/edited.ts';
import { itIsSound } from './fixtures/sound.ts';
import { outline } from './outline.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('outline', () => {
  itIsSound({
    effect: outline,
    params: fc.record({
      width: fc.double({ min: 0, max: 0.1, noNaN: true }),
      color: fc.constantFrom('#ff0000', 'white'),
      softness: share,
      opacity: share,
    }),
    neutral: fc.oneof(fc.constant({ width: 0 }), fc.constant({ opacity: 0 })),
  });

  const flat = drawFlat(200, 160, [200, 20, 20], [20, 20, 200]);
  // From the subject's edge, 40 pixels from the middle, to the right.
  const beside = (result: typeof flat.picture, far: number) => pixelAt(result, 100 + 40 + far, 80);

  it('draws a line as wide as asked around the subject, and nothing beyond, nor in it', () => {
    const result = edit(outline, flat, { width: 0.05, color: '#00ff00' });
    expect(beside(flat.picture, 5)).toEqual([20, 20, 200, 255]);
    for (const far of [2, 5, 8]) expect(beside(result, far)).toEqual([0, 255, 0, 255]);
    for (const far of [12, 20, 50]) expect(beside(result, far)).toEqual([20, 20, 200, 255]);
    for (const far of [-3, -10, -40]) expect(beside(result, far)).toEqual([200, 20, 20, 255]);
  });

  it('leaves nothing of the old background between the subject and the line', () => {
    const result = edit(outline, flat, { width: 0.05, color: '#00ff00' });
    for (let far = -4; far < 8; far++) expect(beside(result, far)[2]).toBeLessThanOrEqual(45);
  });

  it('fades with softness, and lets what is behind shine through with opacity', () => {
    const soft = edit(outline, flat, { width: 0.05, color: '#00ff00', softness: 1 });
    const greens = [1, 3, 5, 7, 9].map((far) => beside(soft, far)[1] ?? 0);
    expect(greens).toEqual([...greens].sort((a, b) => b - a));
    expect(greens[0]).toBeGreaterThan((greens[4] ?? 0) + 100);
    const [, green = 0] = beside(edit(outline, flat, { width: 0.05, color: '#00ff00', opacity: 0.5 }), 5);
    expect(Math.abs(green - 137.5)).toBeLessThanOrEqual(1);
  });

  it('is as wide in every direction, without steps', () => {
    const result = edit(outline, flat, { width: 0.05, color: '#00ff00' });
    const reaches = Array.from({ length: 72 }, (_, i) => {
      const angle = (i * 5 * Math.PI) / 180;
      for (let far = 60; far > 0; far -= 0.25) {
        const [, green = 0] = pixelAt(
          result,
          Math.floor(100 + far * Math.cos(angle)),
          Math.floor(80 + far * Math.sin(angle)),
        );
        if (green > 137) return far;
      }
      return 0;
    });
    expect(Math.max(...reaches) - Math.min(...reaches)).toBeLessThan(2);
    expect(Math.min(...reaches)).toBeGreaterThan(48);
  });
});
