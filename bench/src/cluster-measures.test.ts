import { expect, test } from 'vitest';
import { bcubedF1, pairwiseF1 } from './cluster-measures.ts';

const grouped = (text: string) => text.split(' ').map((pair) => ({ group: pair[0] ?? '', truth: pair[1] ?? '' }));

test('groups that are right score 1, whatever they are called', () => {
  expect([bcubedF1(grouped('1a 1a 2b')), pairwiseF1(grouped('1a 1a 2b'))]).toEqual([1, 1]);
});

test('one group of two people has half the precision', () => {
  expect(bcubedF1(grouped('1a 1a 1b 1b'))).toBeCloseTo(2 / 3);
  expect(pairwiseF1(grouped('1a 1a 1b 1b'))).toBeCloseTo(0.5);
});

test('everybody alone has full precision and the recall of their number', () => {
  expect(bcubedF1(grouped('1a 2a 3a 4a'))).toBeCloseTo(0.4);
  expect(pairwiseF1(grouped('1a 2a'))).toBe(0);
});
