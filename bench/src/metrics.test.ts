import { describe, expect, test } from 'vitest';
import { createMaxF, intersectionOverUnion, mean, meanAbsoluteError, sumOfAbsoluteDifferences } from './metrics.ts';

const truth = Uint8Array.of(255, 255, 0, 0);

describe('mean absolute error', () => {
  test('is 0 for the truth, 1 for its opposite and the mean distance between', () => {
    expect(meanAbsoluteError(truth, truth)).toBe(0);
    expect(meanAbsoluteError(Uint8Array.of(0, 0, 255, 255), truth)).toBe(1);
    // (51 + 0 + 51 + 0) / 4 / 255 = 0.1
    expect(meanAbsoluteError(Uint8Array.of(204, 255, 51, 0), truth)).toBeCloseTo(0.1, 12);
  });
});

describe('sum of absolute differences', () => {
  test('counts alpha in units of one, only where asked', () => {
    const mask = Uint8Array.of(204, 255, 51, 255);
    expect(sumOfAbsoluteDifferences(mask, truth)).toBeCloseTo(0.2 + 0 + 0.2 + 1, 12);
    expect(sumOfAbsoluteDifferences(mask, truth, Uint8Array.of(1, 1, 1, 0))).toBeCloseTo(0.4, 12);
  });
});

describe('intersection over union', () => {
  test('cuts both masks at byte 128', () => {
    // In: pixels 0 and 2 of the mask, 0 and 1 of the truth: 1 of 3.
    expect(intersectionOverUnion(Uint8Array.of(128, 127, 200, 0), truth)).toBeCloseTo(1 / 3, 12);
    expect(intersectionOverUnion(truth, truth)).toBe(1);
    expect(intersectionOverUnion(Uint8Array.of(0, 0, 255, 255), truth)).toBe(0);
  });

  test('is 1 where both are empty', () => {
    expect(intersectionOverUnion(new Uint8Array(4), new Uint8Array(4))).toBe(1);
  });
});

describe('maximum F-measure', () => {
  test('is 1 for the truth', () => {
    const score = createMaxF();
    score.add(truth, truth);
    expect(score.value()).toBe(1);
  });

  test('takes the best threshold of one photo', () => {
    const score = createMaxF();
    score.add(Uint8Array.of(200, 100, 150, 0), truth);
    // Threshold 200: P 1, R 1/2, F = 1.3 · .5 / (.3 + .5) = .8125. Threshold 150: P = R = 1/2, F = .5.
    // Threshold 100: P 2/3, R 1, F = 1.3 · (2/3) / (.2 + 1) = .7222.
    expect(score.value()).toBeCloseTo(0.8125, 12);
  });

  test('averages precision and recall over photos before taking the best threshold', () => {
    const score = createMaxF();
    score.add(Uint8Array.of(200, 0), Uint8Array.of(255, 0));
    score.add(Uint8Array.of(100, 0), Uint8Array.of(255, 0));
    // Up to 100: P = R = 1 for both. The second photo finds nothing above 100.
    expect(score.value()).toBe(1);
    score.add(Uint8Array.of(0, 50), Uint8Array.of(255, 0));
    // Up to 50 the third gives P 0, R 0; the others 1: P = R = 2/3. At 0 P is 1/2 and R is 1 for all:
    // F = 1.3 · .5 / (.15 + 1) = .5652 < F(2/3, 2/3) = 2/3.
    expect(score.value()).toBeCloseTo(2 / 3, 12);
  });

  test('has no value before the first photo', () => {
    expect(createMaxF().value()).toBeNaN();
  });
});

describe('masks of different sizes', () => {
  test('are refused', () => {
    expect(() => intersectionOverUnion(truth, new Uint8Array(3))).toThrow('one size');
  });
});

test('mean is the arithmetic mean', () => {
  expect(mean([1, 2, 6])).toBe(3);
});
