import { boxIou, createPicture, toTensor } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuseViews, suppress } from './objects/merge.ts';
import { CELLS, type ClassBox, findPeaks, INPUT_SIDE } from './objects/peaks.ts';

const CLASSES = 2;
const empty = () => new Float32Array(CELLS * CELLS * CLASSES);

const boxes = fc.array(
  fc.record({
    classIndex: fc.integer({ min: 0, max: 2 }),
    score: fc.double({ min: 0.01, max: 1, noNaN: true }),
    box: fc.record({
      x: fc.double({ min: 0, max: 0.5, noNaN: true }),
      y: fc.double({ min: 0, max: 0.5, noNaN: true }),
      width: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      height: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
    }),
  }),
  { maxLength: 20 },
);

describe('peaks of the maps', () => {
  it('go back to the picture through the letterbox, whatever its shape', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 20, max: 200 }), (width, height) => {
        const { content } = toTensor(createPicture(width, height), INPUT_SIDE, INPUT_SIDE, {
          fit: 'letterbox',
          layout: 'nhwc',
        });
        const scores = empty();
        const sides = new Float32Array(CELLS * CELLS * 4);
        const cell = 64 * CELLS + 64;
        scores[cell * CLASSES + 1] = 0.5;
        const reach = [256 - content.x, 256 - content.y, content.x + content.width - 256];
        sides.set([...reach, content.y + content.height - 256], cell * 4);
        const [found, ...others] = findPeaks(scores, sides, CLASSES, 0.1, content);
        expect(others).toEqual([]);
        expect(found).toMatchObject({ classIndex: 1, score: 0.5, box: { x: 0, y: 0, width: 1, height: 1 } });
      }),
      { numRuns: 20 },
    );
  });

  it('are only the largest of their neighbours, class by class', () => {
    const scores = empty();
    const sides = new Float32Array(CELLS * CELLS * 4).fill(8);
    scores[0] = 0.5;
    scores[CLASSES] = 0.4;
    scores[CLASSES + 1] = 0.3;
    const content = { x: 0, y: 0, width: INPUT_SIDE, height: INPUT_SIDE };
    expect(findPeaks(scores, sides, CLASSES, 0.1, content).map(({ classIndex }) => classIndex)).toEqual([0, 1]);
  });
});

describe('suppressing', () => {
  it('leaves no two boxes of a class that overlap too much, keeps the surest, and does nothing when repeated', () => {
    fc.assert(
      fc.property(boxes, (all) => {
        const kept = suppress(all);
        expect(suppress(kept)).toEqual(kept);
        for (const [i, a] of kept.entries()) {
          for (const b of kept.slice(i + 1)) {
            expect(a.score).toBeGreaterThanOrEqual(b.score);
            const shared = a.classIndex === b.classIndex ? boxIou(a.box, b.box) : 0;
            expect(shared).toBeLessThanOrEqual(0.55);
          }
        }
        expect(kept[0]?.score).toBe(all.length === 0 ? undefined : Math.max(...all.map(({ score }) => score)));
      }),
    );
  });
});

describe('fusing two views', () => {
  const box = { x: 0.1, y: 0.1, width: 0.4, height: 0.4 };
  const seen: ClassBox = { classIndex: 0, score: 0.8, box };

  it('means scores and weighs places by them', () => {
    const [fused] = fuseViews([[seen], [{ ...seen, score: 0.4, box: { ...box, x: 0.13 } }]]);
    expect(fused?.score).toBeCloseTo(0.6);
    expect(fused?.box.x).toBeCloseTo(0.11);
  });

  it('halves what one view alone saw', () => {
    expect(fuseViews([[seen], []])[0]?.score).toBeCloseTo(0.4);
  });
});
