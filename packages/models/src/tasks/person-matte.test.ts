import { createMatte } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { findPeople } from './person-matte.ts';

describe('findPeople', () => {
  it('gives the box around all large parts with a tenth of room on each side', () => {
    const mask = createMatte(100, 100);
    fill(mask.data, 20, 30, 40, 70);
    fill(mask.data, 50, 40, 60, 60);
    // x from 20 to 60, y from 30 to 70, and 4 more on each side.
    expect(findPeople(mask)).toEqual({ x: 16, y: 26, width: 48, height: 48 });
  });

  it('leaves out crumbs and stays inside the picture', () => {
    const mask = createMatte(100, 100);
    fill(mask.data, 0, 50, 50, 100);
    fill(mask.data, 90, 0, 95, 5);
    expect(findPeople(mask)).toEqual({ x: 0, y: 45, width: 55, height: 55 });
  });

  it('parts that touch at corners only are two', () => {
    const mask = createMatte(100, 100);
    fill(mask.data, 10, 10, 40, 40);
    fill(mask.data, 40, 40, 44, 44);
    expect(findPeople(mask)).toEqual({ x: 7, y: 7, width: 36, height: 36 });
  });

  it('finds nothing in an empty or faint mask', () => {
    const mask = createMatte(64, 64);
    mask.data.fill(127);
    expect(findPeople(mask)).toBeUndefined();
  });
});

function fill(data: Uint8Array | Uint8ClampedArray, left: number, top: number, right: number, bottom: number): void {
  for (let y = top; y < bottom; y++) data.fill(255, y * 100 + left, y * 100 + right);
}
