import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFlat, edit, pixelAt } from './fixtures/edited.ts';
import { itIsSound } from './fixtures/sound.ts';
import { shadow } from './shadow.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('shadow', () => {
  itIsSound({
    effect: shadow,
    params: fc.record({
      distance: fc.double({ min: 0, max: 0.2, noNaN: true }),
      angleDeg: fc.double({ min: 0, max: 360, noNaN: true }),
      blur: fc.double({ min: 0, max: 0.1, noNaN: true }),
      strength: share,
      ground: share,
    }),
    neutral: fc.constant({ strength: 0 }),
  });

  const flat = drawFlat(240, 160, [200, 20, 20], [180, 180, 180]);

  it('falls to where it is told to, and nowhere else', () => {
    const result = edit(shadow, flat, { distance: 0.05, angleDeg: 90, blur: 0.01, strength: 1 });
    expect(pixelAt(flat.picture, 120 + 46, 80)).toEqual([180, 180, 180, 255]);
    expect(pixelAt(result, 120 + 46, 80)[0]).toBeLessThan(10);
    expect(pixelAt(result, 120 - 44, 80)).toEqual([180, 180, 180, 255]);
    expect(pixelAt(result, 120 + 60, 80)).toEqual([180, 180, 180, 255]);
  });

  it('leaves the subject as it is', () => {
    const result = edit(shadow, flat, { distance: 0.05, strength: 1 });
    for (const [x, y] of [
      [120, 80],
      [90, 80],
      [120, 110],
    ] as const) {
      expect(pixelAt(result, x, y)).toEqual([200, 20, 20, 255]);
    }
  });

  it('has a softer edge with more blur', () => {
    const values = (blur: number) => {
      const result = edit(shadow, flat, { distance: 0.08, angleDeg: 90, blur, strength: 1 });
      return new Set(Array.from({ length: 60 }, (_, i) => pixelAt(result, 162 + i, 80)[0])).size;
    };
    expect(values(0.08)).toBeGreaterThan(values(0.02) + 5);
  });

  it('darkens the ground where the subject stands, not above it', () => {
    const result = edit(shadow, flat, { strength: 0, ground: 1 });
    expect(pixelAt(result, 120, 122)[0]).toBeLessThan(150);
    expect(pixelAt(result, 120, 38)).toEqual([180, 180, 180, 255]);
  });

  it('darkens no ground where the picture cuts the subject off', () => {
    const { picture, alpha } = drawFlat(240, 160, [200, 20, 20], [180, 180, 180]);
    const low = {
      picture,
      alpha: { ...alpha, data: alpha.data.map((value, i) => (Math.floor(i / 240) > 90 ? 255 : value)) },
    };
    expect(edit(shadow, low, { strength: 0, ground: 1 }).data).toEqual(picture.data);
  });
});
