import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import { drawOverlay } from './overlay.ts';
import type { Scene } from './scene.ts';

const provenance = { models: [] };

function createGrey(width: number, height: number): Picture {
  const picture = createPicture(width, height);
  picture.data.fill(100);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return picture;
}

function createScene({ width, height }: Picture): Scene {
  const box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
  const matte = createMatte(4, 4, { data: new Uint8Array(16).fill(255) });
  const point = { x: 0.9, y: 0.9 };
  return {
    version: 1,
    width,
    height,
    facts: ['subjects', 'faces'],
    subjects: {
      subjects: [
        {
          id: 'dog-1',
          kind: 'object',
          label: 'dog',
          score: 0.5,
          box,
          anchor: { x: 0.5, y: 0.5 },
          matte: { box, matte },
          faceIds: [],
        },
      ],
      provenance,
    },
    faces: {
      faces: [
        {
          id: 'face-1',
          box: { x: 0.8, y: 0.8, width: 0.4, height: 0.4 },
          score: 1,
          points: { rightEye: point, leftEye: point, nose: point, mouthRight: point, mouthLeft: point },
          rollDegrees: 0,
          quality: { overall: 1, size: 1, sharpness: 1, pose: 1 },
        },
      ],
      provenance,
    },
  };
}

function pixel({ width, data }: Picture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

describe('an overlay', () => {
  it('tints the subject, frames and names it, and leaves the rest as it was', () => {
    const picture = createGrey(400, 300);
    const drawn = drawOverlay(picture, createScene(picture));
    expect(pixel(drawn, 200, 150)).not.toEqual([100, 100, 100, 255]);
    expect(pixel(drawn, 100, 150)).toEqual([255, 159, 10, 255]);
    expect(pixel(drawn, 20, 200)).toEqual([100, 100, 100, 255]);
    // The label stands above the box: letters on the colour.
    const label = Array.from({ length: 50 }, (_, i) => pixel(drawn, 102 + i, 68).join());
    expect(new Set(label)).toEqual(new Set(['255,159,10,255', '0,0,0,255']));
    expect(pixel(picture, 200, 150)).toEqual([100, 100, 100, 255]);
  });

  it('is the picture itself where the scene holds nothing', () => {
    const picture = createGrey(7, 5);
    expect(drawOverlay(picture, { version: 1, width: 7, height: 5, facts: [] }).data).toEqual(picture.data);
  });

  it('fits any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (width, height) => {
        const picture = createGrey(width, height);
        const drawn = drawOverlay(picture, createScene(picture));
        expect([drawn.width, drawn.height]).toEqual([width, height]);
        expect(drawn.data).not.toEqual(picture.data);
      }),
      { numRuns: 50 },
    );
  });
});
