import { expect, it } from 'vitest';
import { createTrial, type DrawnBy } from './trial.ts';

function decide(times: Readonly<Record<DrawnBy, readonly number[]>>): DrawnBy {
  const trial = createTrial();
  const turns = { card: 0, processor: 0 };
  while (!trial.isOver) {
    const by = trial.next;
    trial.count(by, times[by][turns[by]++] ?? Number.NaN);
  }
  expect(Math.abs(turns.card - turns.processor)).toBe(0);
  return trial.next;
}

it('takes what is faster, whatever the first picture of each took', () => {
  expect(decide({ card: [900, 4, 5, 4], processor: [20, 14, 15, 16] })).toBe('card');
  expect(decide({ card: [1, 40, 50, 40], processor: [200, 14, 15, 16] })).toBe('processor');
});

it('is not misled by one slow picture', () => {
  expect(decide({ card: [100, 4, 400, 4], processor: [20, 14, 15, 16] })).toBe('card');
});

it('stays with what it found', () => {
  const trial = createTrial();
  for (let i = 0; i < 4; i++) {
    trial.count('card', 5);
    trial.count('processor', 10);
  }
  for (let i = 0; i < 10; i++) trial.count('card', 1000);
  expect(trial.next).toBe('card');
});
