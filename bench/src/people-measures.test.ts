import { createMatte } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { measurePerson, touchesOthers } from './people-measures.ts';
import type { PeoplePhoto, TruePerson } from './people-sets.ts';

/** A photo of 4 × 3 pixels: one person left, one right of them. */
const left: TruePerson = {
  mask: Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0),
  box: { x: 0, y: 0, width: 0.5, height: 1 },
  area: 0.5,
};
const right: TruePerson = {
  mask: Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0),
  box: { x: 0.45, y: 0, width: 0.3, height: 1 },
  area: 0.25,
};
const photo: PeoplePhoto = {
  id: 'drawn',
  image: '',
  width: 4,
  height: 3,
  persons: [left, right],
  ignored: new Uint8Array(12),
  index: 0,
};

describe('measurePerson', () => {
  it('counts what is another person’s as leaked, and what is nobody’s not', () => {
    const matte = createMatte(4, 3, { data: Uint8Array.of(255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0) });
    const { iou, leak, complete, completeTop } = measurePerson(matte, left, photo);
    expect(leak).toBeCloseTo(1 / 6);
    expect(iou).toBeCloseTo(4 / 8);
    expect(complete).toBeCloseTo(4 / 6);
    expect(completeTop).toBe(1);
  });

  it('passes over what counts neither way', () => {
    const matte = createMatte(4, 3, { data: Uint8Array.of(255, 255, 255, 0, 255, 255, 0, 0, 255, 255, 0, 0) });
    const ignored = new Uint8Array(12);
    ignored[2] = 1;
    expect(measurePerson(matte, left, { ...photo, ignored })).toMatchObject({ iou: 1, leak: 0 });
  });
});

describe('touchesOthers', () => {
  it('is so where boxes overlap and the other one is of some size', () => {
    expect(touchesOthers(left, photo)).toBe(true);
    expect(touchesOthers(left, { ...photo, persons: [left, { ...right, area: 0.001 }] })).toBe(false);
    expect(touchesOthers(left, { ...photo, persons: [left] })).toBe(false);
  });
});
