import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFlat, edit, pixelAt } from './fixtures/edited.ts';
import { itIsSound } from './fixtures/sound.ts';
import { glow } from './glow.ts';

describe('glow', () => {
  itIsSound({
    effect: glow,
    params: fc.record({
      width: fc.double({ min: 0, max: 0.2, noNaN: true }),
      strength: fc.double({ min: 0, max: 1, noNaN: true }),
      blend: fc.constantFrom('light', 'paint'),
    }),
    neutral: fc.oneof(fc.constant({ width: 0 }), fc.constant({ strength: 0 })),
  });

  const flat = drawFlat(240, 160, [200, 20, 20], [20, 40, 60]);
  const beside = (raw: object, far: number) => pixelAt(edit(glow, flat, { width: 0.1, ...raw }), 120 + 40 + far, 80);

  it('shines brightest at the subject and less and less away from it', () => {
    for (const blend of ['light', 'paint']) {
      const greens = [1, 6, 12, 24, 60].map((far) => beside({ blend }, far)[1] ?? 0);
      expect(greens).toEqual([...greens].sort((a, b) => b - a));
      expect(greens[0]).toBeGreaterThan(120);
      expect(greens[4]).toBe(40);
    }
  });

  it('leaves the subject as it is', () => {
    for (const far of [-2, -10, -40]) expect(beside({}, far)).toEqual([200, 20, 20, 255]);
  });

  it('only ever brightens by light, and can darken by paint', () => {
    const bright = drawFlat(240, 160, [20, 20, 20], [250, 250, 250]);
    const [light, paint] = ['light', 'paint'].map(
      (blend) => pixelAt(edit(glow, bright, { blend, color: '#4060ff' }), 120 + 42, 80)[0] ?? 0,
    );
    expect(light).toBeGreaterThanOrEqual(250);
    expect(paint).toBeLessThan(220);
  });
});
