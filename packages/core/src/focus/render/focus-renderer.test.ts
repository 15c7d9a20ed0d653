import { describe, expect, it } from 'vitest';
import { createMatte, type Matte } from '../../picture/matte.ts';
import { createPicture, type Picture } from '../../picture/picture.ts';
import { createFocusRenderer } from './focus-renderer.ts';
import { focusLook } from './look.ts';

const WIDTH = 160;
const HEIGHT = 96;
const look = focusLook.parse({ radius: 0.04, pullMs: 400 });

/** Checks of 4 pixels everywhere. */
function drawFrame(): Picture {
  const frame = createPicture(WIDTH, HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) frame.data.fill(((x >> 2) + (y >> 2)) % 2 ? 230 : 25, (y * WIDTH + x) * 4);
  }
  for (let at = 3; at < frame.data.length; at += 4) frame.data[at] = 255;
  return frame;
}

/** A square of half the frame's height around a column, given in fractions. */
function drawMatte(atX: number): Matte {
  const matte = createMatte(WIDTH / 2, HEIGHT / 2);
  const left = Math.round((atX * WIDTH) / 2 - 12);
  for (let y = 12; y < 36; y++) matte.data.fill(255, y * matte.width + left, y * matte.width + left + 24);
  return matte;
}

/** Mean contrast between neighbouring checks in a square of 24 pixels around a column. */
function sharpnessAt(picture: Picture, atX: number): number {
  const left = Math.round(atX * WIDTH - 12);
  let sum = 0;
  for (let y = 36; y < 60; y++) {
    for (let x = left; x < left + 20; x++) {
      const at = (y * WIDTH + x) * 4;
      sum += Math.abs((picture.data[at] ?? 0) - (picture.data[at + 16] ?? 0)) / (24 * 20);
    }
  }
  return sum;
}

describe('createFocusRenderer', () => {
  const frame = drawFrame();
  const [LEFT, RIGHT] = [0.25, 0.8];

  it('leaves a frame without a subject as it is', () => {
    expect(createFocusRenderer().render(frame, { subject: 0, timeMs: 0 }, look)).toBe(frame);
  });

  it('keeps the subject to the byte and blurs what is around it, the more the further away', () => {
    const shown = createFocusRenderer().render(frame, { matte: drawMatte(LEFT), subject: 1, timeMs: 0 }, look);
    for (let y = 32; y < 64; y++) {
      const from = (y * WIDTH + LEFT * WIDTH - 16) * 4;
      expect(shown.data.subarray(from, from + 128)).toEqual(frame.data.subarray(from, from + 128));
    }
    expect(sharpnessAt(shown, RIGHT)).toBeLessThan(0.2 * sharpnessAt(frame, RIGHT));
    expect(sharpnessAt(shown, 0.5)).toBeGreaterThan(sharpnessAt(shown, 0.88));
  });

  it('comes into focus slowly, and goes out of it slowly', () => {
    const renderer = createFocusRenderer();
    const matte = drawMatte(LEFT);
    renderer.render(frame, { subject: 0, timeMs: 0 }, look);
    const sharpness = [100, 200, 300, 400].map((timeMs) =>
      sharpnessAt(renderer.render(frame, { matte, subject: 1, timeMs }, look), RIGHT),
    );
    expect(sharpness).toEqual([...sharpness].sort((a, b) => b - a));
    expect(new Set(sharpness.map(Math.round)).size).toBe(4);
    expect(renderer.isPulling).toBe(false);
    const leaving = sharpnessAt(renderer.render(frame, { subject: 1, timeMs: 600 }, look), RIGHT);
    expect(leaving).toBeGreaterThan(sharpness[3] ?? 0);
    expect(leaving).toBeLessThan(sharpnessAt(frame, RIGHT));
    expect(renderer.isPulling).toBe(true);
    expect(renderer.render(frame, { subject: 1, timeMs: 800 }, look)).toBe(frame);
  });

  it('pulls the focus from one subject to the next', () => {
    const renderer = createFocusRenderer();
    renderer.render(frame, { matte: drawMatte(LEFT), subject: 1, timeMs: 0 }, look);
    const [early, middle, late] = [100, 300, 500].map((timeMs) =>
      renderer.render(frame, { matte: drawMatte(RIGHT), subject: 2, timeMs }, look),
    ) as [Picture, Picture, Picture];
    expect(sharpnessAt(early, LEFT)).toBeGreaterThan(0.9 * sharpnessAt(frame, LEFT));
    expect(sharpnessAt(middle, LEFT)).toBeLessThan(sharpnessAt(early, LEFT));
    expect(sharpnessAt(middle, RIGHT)).toBeGreaterThan(sharpnessAt(early, RIGHT));
    expect(sharpnessAt(late, RIGHT)).toBe(sharpnessAt(frame, RIGHT));
    expect(sharpnessAt(late, LEFT)).toBeLessThan(0.2 * sharpnessAt(frame, LEFT));
  });

  it('gives the same bytes again, also with used memory and at another size in between', () => {
    const fresh = createFocusRenderer().render(frame, { matte: drawMatte(LEFT), subject: 1, timeMs: 0 }, look);
    const renderer = createFocusRenderer();
    const other = { ...createPicture(40, 30), data: frame.data.subarray(0, 40 * 30 * 4) };
    renderer.render(other, { matte: drawMatte(RIGHT), subject: 1, timeMs: 0 }, look);
    for (const timeMs of [500, 1000]) {
      const again = renderer.render(frame, { matte: drawMatte(LEFT), subject: 1, timeMs }, look);
      expect(again.data).toEqual(fresh.data);
      expect(again.data.buffer).not.toBe(fresh.data.buffer);
    }
  });

  it('brings out what is hidden in the dark', () => {
    const dark = { ...frame, data: frame.data.map((value, i) => (i % 4 === 3 ? 255 : value >> 3)) };
    const lit = createFocusRenderer().render(dark, { subject: 0, timeMs: 0 }, { ...look, lowLight: 1 });
    expect(sharpnessAt(lit, LEFT)).toBeGreaterThan(1.05 * sharpnessAt(dark, LEFT));
  });
});
