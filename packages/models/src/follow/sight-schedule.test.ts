import { expect, test } from 'vitest';
import { createSightSchedule } from './sight-schedule.ts';

function looks(every: number, isWanted: (frame: number) => boolean): readonly number[] {
  const schedule = createSightSchedule(every);
  const frames = Array.from({ length: 40 }, (_, frame) => frame);
  return frames.filter((frame) => {
    if (!schedule.isDue(frame, isWanted(frame))) return false;
    schedule.looked(frame);
    return true;
  });
}

test('a detector looks at the first frame and then at every so many', () => {
  expect(looks(8, () => false)).toEqual([0, 8, 16, 24, 32]);
  expect(looks(1, () => true)).toHaveLength(40);
});

test('in doubt it looks more often, but not at every frame', () => {
  expect(looks(8, (frame) => frame > 9 && frame < 20)).toEqual([0, 8, 11, 14, 17, 25, 33]);
  expect(looks(3, () => true).slice(0, 3)).toEqual([0, 2, 4]);
});

test('it can be set to look more or less often', () => {
  const schedule = createSightSchedule(30);
  schedule.looked(0);
  expect(schedule.isDue(5, false)).toBe(false);
  schedule.setEvery(5);
  expect(schedule.isDue(5, false)).toBe(true);
});

test('it looks at once at frames of another size, which are of something else', () => {
  const schedule = createSightSchedule(30);
  schedule.looked(0);
  expect(schedule.isDue(1, false)).toBe(false);
  schedule.restart();
  expect(schedule.isDue(1, false)).toBe(true);
});
