import { describe, expect, it } from 'vitest';
import { createMatte, type Matte } from '../picture/matte.ts';
import { type Box, isInBox } from './geometry.ts';
import { findMainSubject } from './main-subject.ts';

/** A matte or map of 64 × 48 that is 255 in these boxes. */
function boxes(...filled: readonly Box[]): Matte {
  const [width, height] = [64, 48];
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const point = { x: ((i % width) + 0.5) / width, y: (Math.floor(i / width) + 0.5) / height };
    return filled.some((box) => isInBox(point, box)) ? 255 : 0;
  });
  return createMatte(width, height, { data });
}

const LEFT = { x: 0.125, y: 0.25, width: 0.25, height: 0.5 };
const RIGHT = { x: 0.625, y: 0.25, width: 0.25, height: 0.5 };
const NOTHING = boxes();
const EVERYTHING = boxes({ x: 0, y: 0, width: 1, height: 1 });

function expectBox(given: Box, expected: Box): void {
  for (const side of ['x', 'y', 'width', 'height'] as const) {
    expect(Math.abs(given[side] - expected[side])).toBeLessThan(0.03);
  }
}

describe('the main subject', () => {
  it('is the part of the matte that the map lights up', () => {
    const found = findMainSubject({ matte: boxes(LEFT, RIGHT), map: boxes(RIGHT), score: 0.8 });
    expect(found.basis).toBe('map-and-matte');
    expectBox(found.box, RIGHT);
    expect(isInBox(found.focalPoint, RIGHT)).toBe(true);
    expect(found.confidence).toBeGreaterThan(0.8);
  });

  it('is the whole matte where the map says nothing or points elsewhere, with less confidence', () => {
    const silent = findMainSubject({ matte: boxes(LEFT), map: NOTHING });
    const astray = findMainSubject({ matte: boxes(LEFT), map: boxes(RIGHT), score: 0.9 });
    for (const found of [silent, astray]) {
      expect(found.basis).toBe('matte');
      expectBox(found.box, LEFT);
      expect(found.confidence).toBeLessThanOrEqual(0.6);
    }
  });

  it('is where the map is, without a matte that tells anything', () => {
    for (const matte of [NOTHING, EVERYTHING]) {
      const found = findMainSubject({ matte, map: boxes(LEFT), score: 0.9 });
      expect(found.basis).toBe('map');
      expect(isInBox(found.focalPoint, LEFT)).toBe(true);
      expect(found.box.x + found.box.width).toBeLessThan(0.5);
    }
  });

  it('is all faces where there is nothing else', () => {
    const faces = [LEFT, RIGHT].map((box) => ({ box, score: 0.9 }));
    const found = findMainSubject({ matte: NOTHING, map: NOTHING, faces });
    expect(found.basis).toBe('faces');
    expectBox(found.box, { x: 0.125, y: 0.25, width: 0.75, height: 0.5 });
  });

  it('is the whole picture, by no confidence, where nothing is known', () => {
    for (const evidence of [{}, { matte: NOTHING, map: NOTHING, faces: [] }]) {
      expect(findMainSubject(evidence)).toEqual({
        box: { x: 0, y: 0, width: 1, height: 1 },
        focalPoint: { x: 0.5, y: 0.5 },
        confidence: 0,
        basis: 'centre',
      });
    }
  });

  it('is looked at in the face, and named where it is one of the subjects', () => {
    const face = { x: 0.2, y: 0.3, width: 0.08, height: 0.1 };
    const found = findMainSubject({
      matte: boxes(LEFT),
      faces: [
        { box: { ...face, x: 0.7, width: 0.2 }, score: 0.9 },
        { box: face, score: 0.5 },
      ],
      subjects: [
        { id: 'dog-1', box: RIGHT },
        { id: 'person-1', box: LEFT },
      ],
    });
    expect(found.focalPoint.x).toBeCloseTo(0.24);
    expect(found.focalPoint.y).toBeCloseTo(0.35);
    expect(found.subjectId).toBe('person-1');
  });
});
