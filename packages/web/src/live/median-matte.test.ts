import { createMatte } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { medianMatte } from './median-matte.ts';

const matteOf = (...values: number[]) => createMatte(values.length, 1, { data: Uint8Array.from(values) });

describe('medianMatte', () => {
  it('gives one that jumps for a frame no say', () => {
    expect([...medianMatte([matteOf(255, 10), matteOf(0, 20), matteOf(255, 30)]).data]).toEqual([255, 20]);
  });

  it('takes the one in the middle where the others have another size', () => {
    expect([...medianMatte([matteOf(1), matteOf(7, 8), matteOf(3)]).data]).toEqual([7, 8]);
  });
});
