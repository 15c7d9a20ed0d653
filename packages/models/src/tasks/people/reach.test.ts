import { createPicture } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { reachOf } from './reach.ts';

const grid = createPicture(100, 100);
const limits = { x: 10, y: 10, width: 80, height: 80 };
const box = { x: 0.3, y: 0.3, width: 0.4, height: 0.4 };
const look = { box, values: new Float32Array(0) };
const elbow = { x: 0.2, y: 0.5, sureness: 0.95 };

describe('reachOf', () => {
  it('goes as far as joints that can be seen, of a person who is there', () => {
    const reach = (presence: number, sureness: number) =>
      reachOf(grid, { box, heads: [], pose: { ...look, presence, joints: [{ ...elbow, sureness }] } }, limits).x;
    expect(reach(1, 0.95)).toBe(19);
    expect(reach(1, 0.5)).toBe(29);
    expect(reach(0.1, 0.95)).toBe(29);
  });

  it('takes the hair in, and stays within its limits', () => {
    const head = { x: 0.4, y: 0.25, width: 0.2, height: 0.2 };
    const joints = [{ x: -0.5, y: 1.5, sureness: 1 }];
    const { y } = reachOf(grid, { box, heads: [head], pose: { ...look, presence: 1, joints: [] } }, limits);
    expect(y).toBe(15);
    const all = reachOf(grid, { box, heads: [], pose: { ...look, presence: 1, joints } }, limits);
    expect(all.x).toBeGreaterThanOrEqual(limits.x);
    expect(all.y + all.height).toBeLessThanOrEqual(limits.y + limits.height);
  });
});
