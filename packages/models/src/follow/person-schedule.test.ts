import { createMatte, type Grid, type Matte } from '@focal/core';
import { expect, test } from 'vitest';
import { createPersonSchedule } from './person-schedule.ts';

/** A person from the left edge to a share of the width. */
function drawMatte(share: number): Matte {
  const matte = createMatte(40, 20);
  for (let i = 0; i < matte.data.length; i++) matte.data[i] = i % 40 < share * 40 ? 255 : 0;
  return matte;
}

/** The same as models see it, in the upper half of the frame. */
function drawGrid(share: number): Grid {
  const values = Float32Array.from({ length: 400 }, (_, i) => (i % 40 < share * 40 ? 1 : 0));
  return { area: { x: 0, y: 0, width: 1, height: 0.5 }, width: 40, height: 10, values };
}

/** In which of so many frames models look, where they see a person of this width and one of half the frame was carried. */
function looks(seen: number, calmEvery: number): readonly number[] {
  const schedule = createPersonSchedule({ every: 2, calmEvery });
  schedule.restart();
  return Array.from({ length: 12 }, (_, frame) => frame).filter((frame) => {
    if (!schedule.isDue()) return false;
    schedule.looked(drawGrid(seen), frame === 0 ? undefined : drawMatte(0.5));
    return true;
  });
}

test('models look at the first frame and then at every so many, more seldom where they see what was carried', () => {
  expect(looks(0.5, 3)).toEqual([0, 2, 5, 8, 11]);
  expect(looks(0.5, 2)).toEqual([0, 2, 4, 6, 8, 10]);
});

test('models look as often as ever where they see something else', () => {
  expect(looks(0.7, 3)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(looks(0.35, 3)).toEqual([0, 2, 4, 6, 8, 10]);
});

test('models look a frame later where frames come too fast, and no more seldom than where all is calm', () => {
  const frames = (every: number, calmEvery: number, seen: number) => {
    const schedule = createPersonSchedule({ every, calmEvery });
    schedule.restart();
    return Array.from({ length: 10 }, (_, frame) => frame).filter((frame) => {
      if (!schedule.isDue(true)) return false;
      schedule.looked(drawGrid(seen), frame === 0 ? undefined : drawMatte(0.5));
      return true;
    });
  };
  expect(frames(2, 2, 0.7)).toEqual([0, 3, 6, 9]);
  expect(frames(2, 3, 0.5)).toEqual([0, 3, 6, 9]);
  expect(frames(4, 4, 0.5)).toEqual([0, 5]);
});

test('a mask that is begun anew is looked at at once', () => {
  const schedule = createPersonSchedule({ every: 3, calmEvery: 5 });
  expect(schedule.isDue()).toBe(true);
  expect(schedule.isDue()).toBe(false);
  schedule.restart();
  expect(schedule.isDue()).toBe(true);
});
