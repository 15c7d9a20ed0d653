import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeFaces, rollOf, toCandidate } from './candidates.ts';
import { mapFace, type NetFace } from './net.ts';

const UPRIGHT: NetFace = {
  x: 20,
  y: 20,
  width: 40,
  height: 40,
  score: 0.9,
  points: [
    { x: 30, y: 30 },
    { x: 50, y: 30 },
    { x: 40, y: 41 },
    { x: 40, y: 50 },
    { x: 22, y: 35 },
    { x: 58, y: 35 },
  ],
};

function turn(face: NetFace, degrees: number): NetFace {
  const [along, across] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return mapFace(face, 1, 1, ({ x, y }) => ({ x: x * along - y * across, y: x * across + y * along }));
}

describe('the turn of a face', () => {
  it('is that of its points, clockwise, all around', () => {
    fc.assert(
      fc.property(fc.integer({ min: -179, max: 179 }), (degrees) => {
        expect((rollOf(turn(UPRIGHT, degrees)) * 180) / Math.PI).toBeCloseTo(degrees, 6);
      }),
    );
  });

  it('is told in pixels, so that it is right in pictures that are no squares', () => {
    const face = toCandidate(turn(UPRIGHT, 30), 400, 100);
    expect(face.rollDegrees).toBeCloseTo(30, 6);
    expect(face.box.width * 400).toBeCloseTo(40);
    expect(face.box.height * 100).toBeCloseTo(40);
  });
});

describe('merging', () => {
  it('keeps the surest of boxes of one face, and faces side by side', () => {
    const box = { x: 0, y: 0, width: 10, height: 10 };
    const unsure = { ...box, x: 3, score: 0.6 };
    const sure = { ...box, score: 0.9 };
    const inside = { x: 6, y: 6, width: 3, height: 3, score: 0.8 };
    const beside = { ...box, x: 9, score: 0.7 };
    expect(mergeFaces([unsure, sure, inside, beside])).toEqual([sure, beside]);
  });

  it('changes nothing the second time', () => {
    const face = fc.record({
      x: fc.integer({ min: 0, max: 60 }),
      y: fc.integer({ min: 0, max: 60 }),
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(face, { maxLength: 30 }), (faces) => {
        const once = mergeFaces(faces);
        expect(mergeFaces(once)).toEqual(once);
        expect(once.length > 0).toBe(faces.length > 0);
      }),
    );
  });
});
