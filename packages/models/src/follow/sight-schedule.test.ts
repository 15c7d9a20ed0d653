import type { SightWish } from '@focal/core';
import { expect, test } from 'vitest';
import { createSightSchedule } from './sight-schedule.ts';

function looks(every: number, wishOf: (frame: number) => SightWish, restFactor?: number): readonly number[] {
  const schedule = createSightSchedule(every, restFactor);
  const frames = Array.from({ length: 40 }, (_, frame) => frame);
  return frames.filter((frame) => {
    if (!schedule.isDue(frame, wishOf(frame))) return false;
    schedule.looked(frame);
    return true;
  });
}

test('a detector looks at the first frame and then at every so many', () => {
  expect(looks(8, () => 'usual')).toEqual([0, 8, 16, 24, 32]);
  expect(looks(1, () => 'much')).toHaveLength(40);
});

test('in doubt it looks more often, but not at every frame', () => {
  expect(looks(8, (frame) => (frame > 9 && frame < 20 ? 'much' : 'usual'))).toEqual([0, 8, 11, 14, 17, 25, 33]);
  expect(looks(3, () => 'much').slice(0, 3)).toEqual([0, 2, 4]);
});

test('where that helps little it looks more seldom, until something changes', () => {
  expect(looks(8, () => 'little', 2)).toEqual([0, 16, 32]);
  expect(looks(8, (frame) => (frame < 11 ? 'little' : 'usual'), 2)).toEqual([0, 11, 19, 27, 35]);
  expect(looks(8, () => 'little')).toEqual([0, 8, 16, 24, 32]);
});

test('it can be set to look more or less often', () => {
  const schedule = createSightSchedule(30);
  schedule.looked(0);
  expect(schedule.isDue(5, 'usual')).toBe(false);
  schedule.setEvery(5);
  expect(schedule.isDue(5, 'usual')).toBe(true);
});

test('it looks at once at frames of another size, which are of something else', () => {
  const schedule = createSightSchedule(30);
  schedule.looked(0);
  expect(schedule.isDue(1, 'usual')).toBe(false);
  schedule.restart();
  expect(schedule.isDue(1, 'usual')).toBe(true);
});
