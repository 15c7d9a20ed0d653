import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createLater } from './later.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('what was added is done once, after the answer', async () => {
  const later = createLater();
  const done: string[] = [];
  later.add(() => done.push('lesson'));
  await delay(1);
  expect(done).toEqual([]);
  later.begin();
  await Promise.resolve().then(() => done.push('answer'));
  await delay(5);
  expect(done).toEqual(['answer', 'lesson']);
  later.begin();
  await delay(5);
  expect(done).toHaveLength(2);
});

test('a frame that was sent meanwhile has waited for the rest of it, one that was sent later has not', async () => {
  let nowMs = 100;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const later = createLater();
  expect(later.waitedMs(90)).toBe(0);
  later.add(() => {
    nowMs += 7;
  });
  later.begin();
  await delay(5);
  expect(later.waitedMs(90)).toBe(7);
  expect(later.waitedMs(104)).toBe(3);
  expect(later.waitedMs(107)).toBe(0);
  expect(later.waitedMs(200)).toBe(0);
  expect(later.take()).toBe(7);
  expect(later.take()).toBe(0);
});
