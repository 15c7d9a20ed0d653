import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { cropToAspect, toCropRegion } from './crops.ts';
import { type Box, boxCentre, isInBox } from './geometry.ts';
import type { Face, Scene } from './scene.ts';

const PROVENANCE = { models: [] };

function sceneOf({
  width = 1600,
  height = 900,
  box,
  faces = [],
}: {
  readonly width?: number;
  readonly height?: number;
  readonly box?: Box;
  readonly faces?: readonly Box[];
}): Scene {
  const saliency = box && {
    map: createMatte(1, 1),
    classes: [],
    vocabulary: 'coco' as const,
    box,
    focalPoint: boxCentre(box),
    confidence: 0.5,
    basis: 'matte' as const,
    provenance: PROVENANCE,
  };
  const found = faces.map((each) => ({ box: each, score: 1 }) as Face);
  return {
    version: 1,
    width,
    height,
    facts: ['faces'],
    faces: { faces: found, provenance: PROVENANCE },
    ...(saliency === undefined ? {} : { saliency }),
  };
}

const box = fc
  .record({
    x: fc.double({ min: 0, max: 0.9, noNaN: true }),
    y: fc.double({ min: 0, max: 0.9, noNaN: true }),
    right: fc.double({ min: 0.05, max: 1, noNaN: true }),
    bottom: fc.double({ min: 0.05, max: 1, noNaN: true }),
  })
  .map(({ x, y, right, bottom }) => ({ x, y, width: (1 - x) * right, height: (1 - y) * bottom }));
const aspect = fc.constantFrom(1, 16 / 9, 9 / 16, 4 / 5, 3 / 2, 5, 0.2);
const sizes = { width: fc.integer({ min: 1, max: 5000 }), height: fc.integer({ min: 1, max: 5000 }) };

function holds(outer: Box, inner: Box): boolean {
  const slack = 1e-6;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

describe('a crop to an aspect ratio', () => {
  it('lies in the picture and has that ratio', () => {
    fc.assert(
      fc.property(
        fc.record(sizes),
        fc.option(box, { nil: undefined }),
        fc.array(box, { maxLength: 3 }),
        aspect,
        (size, main, faces, ratio) => {
          const crop = cropToAspect(sceneOf({ ...size, faces, ...(main === undefined ? {} : { box: main }) }), ratio);
          expect(holds({ x: 0, y: 0, width: 1, height: 1 }, crop)).toBe(true);
          expect((crop.width * size.width) / (crop.height * size.height) / ratio).toBeCloseTo(1, 6);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  it('holds the whole main subject wherever that fits, whatever the faces', () => {
    fc.assert(
      fc.property(fc.record(sizes), box, fc.array(box, { maxLength: 3 }), aspect, (size, main, faces, ratio) => {
        const shape = ratio * (size.height / size.width);
        fc.pre(main.width <= Math.min(1, shape) && main.height <= Math.min(1, 1 / shape));
        expect(holds(cropToAspect(sceneOf({ ...size, box: main, faces }), ratio), main)).toBe(true);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('holds the focal point where the subject does not fit', () => {
    fc.assert(
      fc.property(fc.record(sizes), box, aspect, (size, main, ratio) => {
        const crop = cropToAspect(sceneOf({ ...size, box: main }), ratio);
        const { x, y } = boxCentre(main);
        expect(
          isInBox(
            { x, y },
            { x: crop.x - 1e-6, y: crop.y - 1e-6, width: crop.width + 2e-6, height: crop.height + 2e-6 },
          ),
        ).toBe(true);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('goes beside a face rather than through it', () => {
    const main = { x: 0.1, y: 0.2, width: 0.2, height: 0.7 };
    const face = { x: 0.56, y: 0.3, width: 0.08, height: 0.15 };
    const crop = cropToAspect(sceneOf({ box: main, faces: [face] }), 1);
    expect(holds(crop, main)).toBe(true);
    const isBeside = crop.x + crop.width <= face.x;
    expect(isBeside || holds(crop, face)).toBe(true);
  });

  it('leaves room above a head and moves with the subject', () => {
    const low = { x: 0.4, y: 0.3, width: 0.2, height: 0.5 };
    const crop = cropToAspect(sceneOf({ width: 900, height: 1600, box: low }), 16 / 9 / 2);
    expect(low.y - crop.y).toBeGreaterThan(0.05);
    const left = cropToAspect(sceneOf({ box: { x: 0, y: 0.2, width: 0.2, height: 0.6 } }), 1);
    const right = cropToAspect(sceneOf({ box: { x: 0.8, y: 0.2, width: 0.2, height: 0.6 } }), 1);
    expect(left.x + left.width).toBeLessThan(0.7);
    expect(right.x).toBeGreaterThan(0.3);
  });

  it('cuts legs rather than a head where nobody has looked for faces', () => {
    const standing = { x: 0.4, y: 0.1, width: 0.15, height: 0.85 };
    const crop = cropToAspect(sceneOf({ width: 900, height: 900, box: standing }), 16 / 9);
    expect(crop.y).toBeLessThanOrEqual(standing.y);
  });

  it('is the middle of a picture that nothing is known of', () => {
    expect(boxCentre(cropToAspect(sceneOf({}), 1))).toEqual({ x: 0.5, y: 0.5 });
  });

  it('is refused for what is no ratio', () => {
    for (const ratio of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => cropToAspect(sceneOf({}), ratio)).toThrow('Expected a positive number for the aspect ratio');
    }
  });
});

describe('a crop in whole pixels', () => {
  it('lies in the picture and has its ratio to within a pixel', () => {
    fc.assert(
      fc.property(fc.record(sizes), box, aspect, (size, main, ratio) => {
        const region = toCropRegion(cropToAspect(sceneOf({ ...size, box: main }), ratio), size, ratio);
        for (const value of Object.values(region)) expect(Number.isInteger(value)).toBe(true);
        expect(Math.min(region.x, region.y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(region.width, region.height)).toBeGreaterThanOrEqual(1);
        expect(region.x + region.width).toBeLessThanOrEqual(size.width);
        expect(region.y + region.height).toBeLessThanOrEqual(size.height);
        const isThin = Math.min(region.width, region.height) === 1;
        const error = ratio >= 1 ? region.width / ratio - region.height : region.height * ratio - region.width;
        expect(isThin || Math.abs(error) <= 1).toBe(true);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});
