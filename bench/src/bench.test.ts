import { expect, test } from 'vitest';
import { atLeast, atMost, atRate, median, percentile, timeRuns, withinMs } from './bench.ts';
import { factorOf } from './calibrate.ts';

test('median is the middle value, or the mean of the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('percentile takes the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(values, 0.99)).toBe(99);
  expect(percentile(values, 1)).toBe(100);
  expect(percentile([7], 0.5)).toBe(7);
});

test('a result says its goal and whether it is met', () => {
  expect(atMost('ratio', 1.5, 1.4, '×')).toMatchObject({ goal: '<= 1.4', ok: false });
  expect(atLeast('IoU', 0.94, 0.935, 'IoU')).toMatchObject({ goal: '>= 0.935', ok: true });
  expect(atMost('ratio', Number.NaN, 1.4, '×').ok).toBe(false);
});

test('absolute limits are stretched by the calibration factor', () => {
  const times = { selfieMs: 2, copyMs: 1, jpegMs: 1 };
  expect(withinMs('cold', 250, 200, { ...times, factor: 1.5 })).toMatchObject({ goal: '<= 200 × 1.50', ok: true });
  expect(withinMs('cold', 250, 200, { ...times, factor: 1 })).toMatchObject({ goal: '<= 200', ok: false });
  expect(atRate('index', 4.5, 5, '/s', { ...times, factor: 1.25 })).toMatchObject({ goal: '>= 5 / 1.25', ok: true });
  expect(atRate('index', 4.5, 5, '/s', { ...times, factor: 1 })).toMatchObject({ goal: '>= 5', ok: false });
});

test('the calibration factor is the median slowness and never below 1', () => {
  const reference = { selfieMs: 2, copyMs: 10, jpegMs: 80 };
  expect(factorOf({ selfieMs: 6, copyMs: 20, jpegMs: 80 }, reference)).toBe(2);
  expect(factorOf({ selfieMs: 1, copyMs: 5, jpegMs: 40 }, reference)).toBe(1);
});

test('runs that warm up are not counted', async () => {
  let runs = 0;
  const times = await timeRuns(async () => void runs++, { runs: 3, warmUp: 2 });
  expect([times.length, runs]).toEqual([3, 5]);
});
