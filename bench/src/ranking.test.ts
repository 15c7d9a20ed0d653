import { expect, test } from 'vitest';
import { aucError, aucWithoutWorst, balancedAccuracy, bestF1, f1At, type Judged, rocAuc } from './ranking.ts';

const judged: readonly Judged[] = [
  { score: 0.9, positive: true },
  { score: 0.8, positive: true },
  { score: 0.7, positive: false },
  { score: 0.6, positive: true },
  { score: 0.1, positive: false },
];

test('the area under the curve is the share of pairs in the right order, ties by half', () => {
  expect(rocAuc(judged)).toBeCloseTo(5 / 6);
  expect(rocAuc(judged.map(({ positive }) => ({ score: 1, positive })))).toBe(0.5);
  expect(rocAuc(judged.map(({ score, positive }) => ({ score: -score, positive })))).toBeCloseTo(1 / 6);
});

test('the error of an area is that of its source, and shrinks with more things', () => {
  // By hand: an area of 5/6, 3 positive things, 2 negative ones, Q1 = 5/7, Q2 = 25/33.
  const variance = (5 / 36 + 2 * (5 / 7 - 25 / 36) + (25 / 33 - 25 / 36)) / 6;
  expect(aucError(judged)).toBeCloseTo(Math.sqrt(variance));
  expect(aucError([...judged, ...judged])).toBeLessThan(aucError(judged));
});

test('without the one thing that costs most, the area is that of the others', () => {
  expect(aucWithoutWorst(judged)).toBe(1);
});

test('the best F1 is found with its threshold, which gives it again', () => {
  const { f1, threshold } = bestF1(judged);
  expect(f1).toBeCloseTo(6 / 7);
  expect(threshold).toBe(0.6);
  expect(f1At(judged, threshold)).toBeCloseTo(f1);
  expect(f1At(judged, 0.85)).toBeCloseTo(0.5);
});

test('balanced accuracy weighs both kinds alike', () => {
  expect(balancedAccuracy(judged, 0.65)).toBeCloseTo((2 / 3 + 1 / 2) / 2);
  expect(balancedAccuracy(judged, 0)).toBe(0.5);
});
