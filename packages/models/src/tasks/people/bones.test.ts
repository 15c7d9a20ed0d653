import { describe, expect, it } from 'vitest';
import { bonesOf, eachOnBone } from './bones.ts';
import type { PoseLook } from './looks.ts';

const hidden = { x: 0.5, y: 0.5, sureness: 0 };
/** A left arm hanging beside a trunk of half the picture's height. */
const joints = Array.from({ length: 17 }, () => hidden).with(1, { x: 0.4, y: 0.2, sureness: 1 });
const arm = joints.with(3, { x: 0.4, y: 0.4, sureness: 1 }).with(9, { x: 0.4, y: 0.7, sureness: 0.5 });

function look(presence: number, all = arm): PoseLook {
  return { box: { x: 0, y: 0, width: 1, height: 1 }, values: new Float32Array(0), presence, joints: all };
}

describe('bonesOf', () => {
  it('joins the joints that can be seen, of a person who is there', () => {
    const [bone, ...others] = bonesOf(look(1), 1);
    expect(others).toEqual([]);
    expect(bone?.from).toMatchObject({ x: 0.4, y: 0.2 });
    expect(bone?.to).toMatchObject({ x: 0.4, y: 0.4 });
    // By the trunk's length, also where its lower end cannot be seen.
    expect(bone?.radius).toBeCloseTo(0.07 * 0.5, 6);
    expect(bonesOf(look(0.1), 1)).toEqual([]);
    expect(bonesOf(look(1, joints), 1)).toEqual([]);
  });
});

describe('eachOnBone', () => {
  it('visits what lies within the radius, and only in the area', () => {
    const area = { x: 2, y: 2, width: 6, height: 8 };
    const bone = { from: { x: 0.5, y: 0 }, to: { x: 0.5, y: 0.5 }, radius: 0.1 };
    const visited: string[] = [];
    eachOnBone({ width: 10, height: 10 }, area, bone, (i) => visited.push(`${(i % 6) + 2},${Math.floor(i / 6) + 2}`));
    expect(visited.sort()).toEqual(['4,2', '4,3', '4,4', '4,5', '5,2', '5,3', '5,4', '5,5']);
  });
});
