import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { alphasOf, drawFlat, drawSubject, edit, pixelAt } from './fixtures/edited.ts';
import { itIsSound } from './fixtures/sound.ts';
import { frame } from './frame.ts';

const RED = [200, 20, 20] as const;
const BLUE = [20, 20, 200] as const;

/** A red bar from top to bottom and another from left to right, before blue. */
function drawCross(width: number, height: number) {
  const flat = drawFlat(width, height, BLUE, BLUE);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const inside = Math.abs(x + 0.5 - width / 2) < 20 || Math.abs(y + 0.5 - height / 2) < 20;
    flat.alpha.data[i] = inside ? 255 : 0;
    if (inside) flat.picture.data.set([...RED, 255], i * 4);
  }
  return flat;
}

describe('frame', () => {
  itIsSound({
    effect: frame,
    params: fc.record({
      style: fc.constantFrom('plain', 'rounded', 'polaroid', 'film'),
      width: fc.double({ min: 0, max: 0.3, noNaN: true }),
      inset: fc.double({ min: 0, max: 0.2, noNaN: true }),
      radius: fc.double({ min: 0, max: 0.5, noNaN: true }),
      over: fc.constantFrom('top-and-sides', 'all', 'top', 'none'),
      shadow: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    neutral: fc.constant({ width: 0 }),
  });

  const flat = { width: 0.1, shadow: 0, color: '#00ff00' };

  it('is a band as wide as asked along all edges, and leaves what it frames', () => {
    const nobody = { picture: drawFlat(200, 100, BLUE, BLUE).picture, alpha: createMatte(200, 100) };
    const result = edit(frame, nobody, flat);
    for (const [x, y] of [
      [0, 0],
      [9, 50],
      [190, 50],
      [100, 9],
      [100, 90],
      [199, 99],
    ] as const) {
      expect(pixelAt(result, x, y)).toEqual([0, 255, 0, 255]);
    }
    for (const [x, y] of [
      [10, 10],
      [100, 50],
      [189, 89],
    ] as const)
      expect(pixelAt(result, x, y)).toEqual([...BLUE, 255]);
  });

  it('lets the subject reach over the edges it may, and hides it at the others', () => {
    const cross = drawCross(200, 160);
    const sides = { top: [100, 3], left: [3, 80], right: [196, 80], bottom: [100, 157] } as const;
    const shows = (over: string) =>
      Object.entries(sides)
        .filter(([, [x, y]]) => pixelAt(edit(frame, cross, { ...flat, over }), x, y)[0] === 200)
        .map(([name]) => name);
    expect(shows('all')).toEqual(['top', 'left', 'right', 'bottom']);
    expect(shows('top-and-sides')).toEqual(['top', 'left', 'right']);
    expect(shows('top')).toEqual(['top']);
    expect(shows('none')).toEqual([]);
  });

  it('shows the picture outside of a band that is set in', () => {
    const result = edit(frame, drawFlat(200, 100, RED, BLUE), { ...flat, inset: 0.1, width: 0.05 });
    expect(pixelAt(result, 3, 3)).toEqual([...BLUE, 255]);
    expect(pixelAt(result, 12, 50)).toEqual([0, 255, 0, 255]);
    expect(pixelAt(result, 18, 20)).toEqual([...BLUE, 255]);
  });

  it('has round corners, room below, or holes, as its style says', () => {
    const photo = drawFlat(200, 160, RED, BLUE);
    const green = [0, 255, 0, 255];
    expect(pixelAt(edit(frame, photo, { ...flat, style: 'rounded', radius: 0.2 }), 18, 18)).toEqual(green);
    expect(pixelAt(edit(frame, photo, flat), 18, 18)).toEqual([...BLUE, 255]);
    expect(pixelAt(edit(frame, photo, { ...flat, style: 'polaroid' }), 100, 125)).toEqual(green);
    const film = edit(frame, photo, { style: 'film', width: 0.15, shadow: 0 });
    const band = new Set(Array.from({ length: 200 }, (_, x) => pixelAt(film, x, 12)[0]));
    expect(Math.min(...[...band].map(Number))).toBeLessThan(30);
    expect(Math.max(...[...band].map(Number))).toBeGreaterThan(220);
  });

  it('throws shadows on the picture and on the band', () => {
    const cross = drawCross(200, 160);
    const [plain, deep] = [0, 1].map((shadow) => edit(frame, cross, { ...flat, shadow, over: 'all' }));
    const differs = (x: number, y: number) =>
      plain !== undefined &&
      deep !== undefined &&
      (pixelAt(deep, x, y)[2] ?? 0) + (pixelAt(deep, x, y)[1] ?? 0) <
        (pixelAt(plain, x, y)[2] ?? 0) + (pixelAt(plain, x, y)[1] ?? 0) - 10;
    expect(differs(16, 30)).toBe(true);
    expect(differs(122, 8)).toBe(true);
    expect(differs(100, 80)).toBe(false);
  });

  it('is opaque over what is transparent, and keeps the rest so', () => {
    const clear = drawSubject(60, 40, 3, true);
    const result = edit(frame, clear, { width: 0.1, shadow: 0.5 });
    expect(pixelAt(result, 1, 1)[3]).toBe(255);
    expect(alphasOf(result)[20 * 60 + 30]).toBe(alphasOf(clear.picture)[20 * 60 + 30]);
  });

  it('stays opaque where the band has no room for the holes of film', () => {
    const subject = drawSubject(2, 1, 0);
    const result = edit(frame, subject, { style: 'film', width: 5e-324, inset: 1e-16, shadow: 0 });
    expect(alphasOf(result)).toEqual([255, 255]);
  });
});
