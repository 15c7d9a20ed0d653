import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

/** Whether it is behind after each of so many frames that come this far apart. */
function watch(frames: number, gapMs: number, workMs: (frame: number) => number): readonly boolean[] {
  const pace = createPace();
  return Array.from({ length: frames }, (_, frame) => {
    pace.answered(frame * gapMs, workMs(frame));
    return pace.isBehind;
  });
}

test('frames that leave time between them are kept up with, those that leave none are not', () => {
  expect(watch(300, 33, () => 20).at(-1)).toBe(false);
  expect(watch(300, 33, () => 33).at(-1)).toBe(true);
});

test('a slow frame now and then is no falling behind, and neither is a pause', () => {
  expect(watch(300, 33, (frame) => (frame % 15 === 0 ? 33 : 15))).not.toContain(true);
  expect(watch(20, 5000, () => 4999)).not.toContain(true);
});

test('it is told within seconds, and taken back when there is time again', () => {
  const behind = watch(600, 33, (frame) => (frame < 300 ? 33 : 15));
  expect(behind.indexOf(true)).toBeGreaterThan(30);
  expect(behind.indexOf(true)).toBeLessThan(180);
  expect(behind.lastIndexOf(true)).toBeLessThan(330);
  expect(behind.at(-1)).toBe(false);
});
