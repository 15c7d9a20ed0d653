import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../picture/picture.ts';
import { PALETTE_NAMES } from './backdrop/palettes.ts';
import { PATTERN_NAMES } from './backdrop/patterns/index.ts';
import { background } from './background.ts';
import { alphasOf, drawFlat, drawSubject, edit, pixelAt } from './fixtures/edited.ts';
import { itIsSound } from './fixtures/sound.ts';
import { implyParameters } from './imply.ts';

const picture = createPicture(9, 5);
for (let i = 0; i < 45; i++) picture.data.set([i * 5, 100, 9, i % 3 === 0 ? 0 : 255], i * 4);
const assets = { background: picture };
const share = fc.double({ min: 0, max: 1, noNaN: true });

const params = fc.record({
  kind: fc.constantFrom('gradient', 'radial', 'color', 'picture', 'pattern', 'blur'),
  angleDeg: fc.double({ min: 0, max: 360, noNaN: true }),
  centerX: share,
  centerY: share,
  fit: fc.constantFrom('cover', 'contain', 'stretch'),
  positionX: share,
  positionY: share,
  pattern: fc.constantFrom(...PATTERN_NAMES),
  palette: fc.constantFrom('auto', 'own', ...PALETTE_NAMES),
  scale: fc.double({ min: 0.25, max: 4, noNaN: true }),
  seed: fc.integer({ min: 0, max: 99999 }),
  blur: fc.double({ min: 0.003, max: 0.1, noNaN: true }),
});

/** The mean of each channel over pixels that `where` takes. */
function meanOf({ width, height, data }: Picture, where: (x: number, y: number) => boolean): readonly number[] {
  const sums = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < width * height; i++) {
    if (!where(i % width, Math.floor(i / width))) continue;
    count++;
    for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + (data[i * 4 + c] ?? 0);
  }
  return sums.map((sum) => sum / count);
}

describe('background', () => {
  itIsSound({ effect: background, params, assets });

  const flat = drawFlat(120, 80, [200, 20, 20], [20, 20, 200]);

  it('leaves the subject as it is and nothing of what was behind', () => {
    const result = edit(background, flat, { kind: 'color', color: '#00ff00' });
    expect(pixelAt(result, 60, 40)).toEqual([200, 20, 20, 255]);
    expect(pixelAt(result, 3, 3)).toEqual([0, 255, 0, 255]);
    // Neither red nor green holds much blue: what there is more came from behind.
    for (let i = 2; i < result.data.length; i += 4) expect(result.data[i]).toBeLessThanOrEqual(45);
  });

  it('fills what is transparent where everything is selected', () => {
    const clear = drawSubject(40, 30, 3, true);
    const result = edit(background, clear, { kind: 'color', color: '#00ff00' }, { everything: true });
    const own = Array.from({ length: 40 * 30 }, (_, i) => clear.picture.data[i * 4 + 3] ?? 0);
    const open = own.flatMap((value, i) => (value === 0 ? [i] : []));
    const closed = own.flatMap((value, i) => (value === 255 ? [i] : []));
    expect(Math.min(open.length, closed.length)).toBeGreaterThan(10);
    expect(new Set(alphasOf(result))).toEqual(new Set([255]));
    expect(new Set(open.map((i) => result.data[i * 4 + 1]))).toEqual(new Set([255]));
    expect(closed.map((i) => result.data[i * 4])).toEqual(closed.map((i) => clear.picture.data[i * 4]));
  });

  it('shows another picture for each seed, and the same for the same', () => {
    for (const pattern of PATTERN_NAMES) {
      const by = (seed: number) => edit(background, flat, { kind: 'pattern', pattern, seed }).data;
      expect(by(1)).toEqual(by(1));
      expect(by(1)).not.toEqual(by(2));
    }
  });

  it('draws the same at any size of the picture', () => {
    const [large, small] = [drawFlat(640, 480, [0, 0, 0], [9, 9, 9]), drawFlat(320, 240, [0, 0, 0], [9, 9, 9])];
    for (const pattern of PATTERN_NAMES) {
      const [a, b] = [large, small].map((each) => edit(background, each, { kind: 'pattern', pattern }));
      const corner = (of: Picture | undefined, n: number) =>
        of === undefined
          ? []
          : meanOf(of, (x, y) => x < of.width / 5 && y >= (n * of.height) / 4 && y < ((n + 1) * of.height) / 4);
      for (let n = 0; n < 4; n++) {
        const [one, other] = [corner(a, n), corner(b, n)];
        for (let c = 0; c < 3; c++) expect(Math.abs((one[c] ?? 0) - (other[c] ?? 0))).toBeLessThan(3);
      }
    }
  });

  it('draws with the colours that are asked for', () => {
    const own = { kind: 'pattern', palette: 'own', color1: '#200000', color2: '#800000', color3: '#ff0000' };
    for (const pattern of ['mesh', 'waves'] as const) {
      const [red = 0, green = 0, blue = 0] = meanOf(edit(background, flat, { ...own, pattern }), (x) => x < 20);
      expect(red).toBeGreaterThan(30);
      expect(Math.max(green, blue)).toBeLessThan(2);
    }
  });

  it('blurs the own background without any of the subject in it', () => {
    const { picture: photo, alpha } = drawFlat(160, 120, [255, 0, 0], [0, 0, 0]);
    for (let i = 0; i < 160 * 120; i++) {
      const stripe = (i >> 2) % 2 === 0 ? 40 : 160;
      const part = 1 - (alpha.data[i] ?? 0) / 255;
      photo.data[i * 4 + 1] = photo.data[i * 4 + 2] = Math.round(stripe * part);
    }
    const result = edit(background, { picture: photo, alpha }, { kind: 'blur', blur: 0.04 });
    const greens = new Set(Array.from({ length: 30 }, (_, x) => pixelAt(result, x + 5, 60)[1] ?? 0));
    expect(Math.max(...greens) - Math.min(...greens)).toBeLessThan(20);
    const reds = Array.from(alpha.data, (value, i) => (value === 0 ? (result.data[i * 4] ?? 0) : 0));
    expect(Math.max(...reds)).toBeLessThanOrEqual(3);
  });

  it('refuses a picture that is not there', () => {
    expect(() => edit(background, flat, { kind: 'picture' })).toThrow('Expected a background picture, got none.');
  });

  it('takes the kind from what is given: a colour of the pattern means a pattern', () => {
    expect(implyParameters(background, { color2: 'red' }, [])).toEqual({
      color2: 'red',
      palette: 'own',
      kind: 'pattern',
    });
    expect(implyParameters(background, { seed: 3 }, [])).toEqual({ seed: 3, kind: 'pattern' });
    expect(implyParameters(background, {}, ['background'])).toEqual({ kind: 'picture' });
    expect(() => implyParameters(background, { kind: 'blur' }, ['background'])).toThrow(
      'A picture for background goes with kind picture, not with "blur".',
    );
  });
});
