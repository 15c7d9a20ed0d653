import { expect, it } from 'vitest';
import { formatBytes, formatDuration, formatExposure, formatLocation } from './format.ts';

it('writes figures for people', () => {
  expect([0, 7400, 62_000, 3_723_000].map(formatDuration)).toEqual(['0:00', '0:07', '1:02', '1:02:03']);
  expect([12, 45_600, 3_450_000, 23_000_000].map(formatBytes)).toEqual(['12 B', '46 KB', '3.5 MB', '23 MB']);
  expect([0.004, 0.5, 2, 1 / 3].map(formatExposure)).toEqual(['1/250 s', '0.5 s', '2 s', '1/3 s']);
  expect(formatLocation(48.20821, -16.5)).toBe('48.2082° N, 16.5000° W');
});
