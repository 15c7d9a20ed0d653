import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture } from '../picture/picture.ts';
import { alphasOf, drawFlat, drawSubject, edit, pixelAt } from './fixtures/edited.ts';
import { itIsSound } from './fixtures/sound.ts';
import { tone } from './tone.ts';

const share = fc.double({ min: -1, max: 1, noNaN: true });
const NEUTRAL = { exposure: 0, contrast: 0, saturation: 0, warmth: 0, detail: 0 };

describe('tone', () => {
  itIsSound({
    effect: tone,
    params: fc.record({
      exposure: fc.double({ min: -3, max: 3, noNaN: true }),
      contrast: share,
      saturation: share,
      warmth: share,
      detail: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    neutral: fc.constant(NEUTRAL),
  });

  it('keeps the alpha of a picture with transparent parts', () => {
    const subject = drawSubject(30, 20, 5, true);
    expect(new Set(alphasOf(subject.picture)).size).toBeGreaterThan(3);
    expect(alphasOf(edit(tone, subject))).toEqual(alphasOf(subject.picture));
  });

  it('doubles the light of a middle grey for one stop, and keeps black and white', () => {
    const grey = (value: number) => drawFlat(8, 8, [value, value, value], [value, value, value]);
    const exposed = (value: number) => pixelAt(edit(tone, grey(value), { ...NEUTRAL, exposure: 1 }), 4, 4)[0] ?? 0;
    // sRGB 118 holds 18 % of the light of white, 161 holds 36 %.
    expect(Math.abs(exposed(118) - 161)).toBeLessThanOrEqual(2);
    expect(exposed(0)).toBe(0);
    expect(exposed(255)).toBe(255);
    expect(exposed(240)).toBeLessThan(255);
  });

  it('takes all colour at saturation -1, and more of it the more it is raised', () => {
    const flat = drawFlat(8, 8, [180, 100, 60], [180, 100, 60]);
    const spread = (saturation: number) => {
      const [r = 0, , b = 0] = pixelAt(edit(tone, flat, { ...NEUTRAL, saturation }), 4, 4);
      return r - b;
    };
    expect(spread(-1)).toBe(0);
    expect(spread(0.5)).toBeGreaterThan(spread(0) + 40);
  });

  it('turns red up and blue down for warmth', () => {
    const [r = 0, , b = 0] = pixelAt(
      edit(tone, drawFlat(8, 8, [120, 120, 120], [120, 120, 120]), { ...NEUTRAL, warmth: 1 }),
      4,
      4,
    );
    expect(r).toBeGreaterThan(125);
    expect(b).toBeLessThan(115);
  });

  it('brings out what is hidden in the dark, keeps its hue, and shows no tiles', () => {
    const [width, height] = [256, 256];
    const picture = createPicture(width, height);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i += 4) {
        const light = 4 + (x % 32) + (y % 4) / 4;
        picture.data.set([Math.round(1.4 * light), Math.round(light), Math.round(0.7 * light), 255], i);
      }
    }
    const dark = { picture, alpha: createMatte(width, height) };
    const result = edit(tone, dark, { ...NEUTRAL, detail: 1 }, { everything: true });
    const [before, after] = [picture, result].map((each) => {
      const [low = 0] = pixelAt(each, 130, 128);
      const [high = 0, , blue = 0] = pixelAt(each, 158, 128);
      return { contrast: high - low, hue: blue / high };
    });
    expect(after?.contrast).toBeGreaterThan(2 * (before?.contrast ?? 0));
    expect(Math.abs((after?.hue ?? 0) - (before?.hue ?? 0))).toBeLessThan(0.03);
    // The same all over: no place differs from the next one of its kind, wherever the borders of tiles are.
    for (let x = 68; x < 156; x += 4) {
      expect(Math.abs((pixelAt(result, x, 100)[0] ?? 0) - (pixelAt(result, x + 32, 100)[0] ?? 0))).toBeLessThanOrEqual(
        4,
      );
    }
  });

  it('acts on what is selected only', () => {
    const flat = drawFlat(40, 40, [100, 100, 100], [100, 100, 100]);
    const result = edit(tone, flat, { ...NEUTRAL, exposure: 1 });
    expect(pixelAt(result, 0, 0)).toEqual([100, 100, 100, 255]);
    expect(pixelAt(result, 20, 20)[0]).toBeGreaterThan(120);
  });
});
