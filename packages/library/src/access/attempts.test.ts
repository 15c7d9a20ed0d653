import { expect, test } from 'vitest';
import { createAttempts, TooManyAttemptsError } from './attempts.ts';

const wrong = async (): Promise<undefined> => undefined;
const right = async (): Promise<string> => 'in';

test('lets so many wrong ones through, then says how long to wait', async () => {
  let time = 1000;
  const attempts = createAttempts({ most: 3, withinMs: 60_000, now: () => time });
  for (let tries = 0; tries < 3; tries++) {
    expect(await attempts.attempt('ada', wrong)).toBeUndefined();
    time += 5000;
  }
  const refused = attempts.attempt('ada', right);
  await expect(refused).rejects.toBeInstanceOf(TooManyAttemptsError);
  await expect(refused).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 45 });
  // Others are not concerned, and it ends.
  expect(await attempts.attempt('bob', right)).toBe('in');
  time += 45_000;
  expect(await attempts.attempt('ada', right)).toBe('in');
});

test('counts many at once as one after another, and right ones not at all', async () => {
  const attempts = createAttempts({ most: 3, withinMs: 60_000, now: () => 1000 });
  for (let tries = 0; tries < 10; tries++) expect(await attempts.attempt('ada', right)).toBe('in');
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => attempts.attempt('ada', wrong)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
});

test('does not count what could not be checked', async () => {
  const attempts = createAttempts({ most: 1, withinMs: 60_000, now: () => 1000 });
  await expect(attempts.attempt('ada', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
  expect(await attempts.attempt('ada', right)).toBe('in');
});

test('forgets the oldest of very many', async () => {
  const attempts = createAttempts({ most: 1, withinMs: 60_000, now: () => 1000 });
  await attempts.attempt('first', wrong);
  for (let each = 0; each < 10_000; each++) await attempts.attempt(`other ${each}`, wrong);
  expect(await attempts.attempt('first', right)).toBe('in');
  await expect(attempts.attempt('other 9999', right)).rejects.toBeInstanceOf(TooManyAttemptsError);
});
