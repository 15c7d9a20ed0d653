import { createPicture, type Picture } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLevel, readTurned } from './levels.ts';
import { SIDE_STEP, toNetInput } from './net.ts';

/** Red grows to the right, green downwards. */
function createRamps(width: number, height: number): Picture {
  const picture = createPicture(width, height);
  for (let i = 0; i < width * height; i++) {
    picture.data[i * 4] = 40 + 2 * (i % width);
    picture.data[i * 4 + 1] = 40 + 2 * Math.floor(i / width);
    picture.data[i * 4 + 3] = 255;
  }
  return picture;
}

describe('levels', () => {
  it('bring the shorter side to what was asked, enlarge to no more than twice, and bound long pictures', () => {
    expect(createLevel(createPicture(1600, 1200), 480).picture).toMatchObject({ width: 640, height: 480 });
    expect(createLevel(createPicture(50, 40), 480).picture).toMatchObject({ width: 100, height: 80 });
    const { picture } = createLevel(createPicture(6000, 60), 480);
    expect(picture.width * picture.height).toBeLessThanOrEqual(1280 * 480 * 1.01);
    expect(createLevel(createPicture(1, 1), 480).picture).toMatchObject({ width: 2, height: 2 });
  });

  it('are made of a reduction only where that is large enough', () => {
    const photo = createPicture(800, 400);
    const white = createPicture(400, 400, { data: new Uint8Array(640_000).fill(255) });
    expect(createLevel(photo, 200, white).picture.data[0]).toBe(255);
    expect(createLevel(photo, 300, white).picture.data[0]).toBe(0);
  });
});

describe('what a net is fed', () => {
  it('is the picture from -1 to 1 with black around it, in sides that the net takes', () => {
    const { data, width, height } = toNetInput(createRamps(40, 30), 10);
    expect([width % SIDE_STEP, height % SIDE_STEP]).toEqual([0, 0]);
    const at = (x: number, y: number): number[] => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    expect(at(9, 10)).toEqual([-1, -1, -1]);
    expect(at(50, 10)).toEqual([-1, -1, -1]);
    for (const [x, y] of [
      [0, 0],
      [39, 29],
      [7, 3],
    ] as const) {
      const [red, green, blue] = at(x + 10, y + 10);
      expect(red).toBeCloseTo((40 + 2 * x) / 127.5 - 1, 5);
      expect(green).toBeCloseTo((40 + 2 * y) / 127.5 - 1, 5);
      expect(blue).toBe(-1);
    }
  });

  it('is grey where the picture is transparent, whatever its colour', () => {
    const { data } = toNetInput(createPicture(1, 1), 0);
    expect(data[0]).toBeCloseTo(128 / 127.5 - 1, 5);
  });
});

describe('a turned square', () => {
  const ramps = createRamps(80, 60);
  const photo = { picture: ramps, scaleX: 1, scaleY: 1 };

  it('shows each place as it is in the photo, whatever the turn and size', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.double({ min: 4, max: 30, noNaN: true }),
        fc.integer({ min: 4, max: 40 }),
        (angle, size, side) => {
          const data = readTurned([photo], { centre: { x: 40, y: 30 }, size, angle }, side);
          const [dx, dy] = [(0.5 - side / 2) * (size / side), (0.5 - side / 2) * (size / side)];
          const x = 40 + dx * Math.cos(angle) - dy * Math.sin(angle) - 0.5;
          const y = 30 + dx * Math.sin(angle) + dy * Math.cos(angle) - 0.5;
          expect(((data[0] ?? 0) + 1) * 127.5).toBeCloseTo(40 + 2 * x, 2);
          expect(((data[1] ?? 0) + 1) * 127.5).toBeCloseTo(40 + 2 * y, 2);
        },
      ),
    );
  });

  it('is black outside of the photo', () => {
    const data = readTurned([photo], { centre: { x: 0, y: 0 }, size: 20, angle: 0 }, 10);
    expect([...data.subarray(0, 3)]).toEqual([-1, -1, -1]);
    expect(data.at(-3)).toBeGreaterThan(-0.9);
  });

  it('is read from the coarsest level that is fine enough', () => {
    const white = createPicture(40, 30, { data: new Uint8Array(4800).fill(255) });
    const levels = [{ picture: white, scaleX: 0.5, scaleY: 0.5 }, photo];
    const square = { centre: { x: 40, y: 30 }, size: 20, angle: 0 };
    expect(readTurned(levels, square, 10)[0]).toBeCloseTo(1, 5);
    expect(readTurned(levels, square, 20)[0]).toBeLessThan(0.9);
  });
});
