import { createPicture, type Picture, resizePicture } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureFaceQuality, type QualityPoints } from './quality.ts';

const BOX = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
const STRAIGHT: QualityPoints = {
  rightEye: { x: 0.4, y: 0.4 },
  leftEye: { x: 0.6, y: 0.4 },
  nose: { x: 0.5, y: 0.51 },
  mouth: { x: 0.5, y: 0.6 },
};

/** Rectangles of all sizes on each other, smaller ones above: edges at all scales everywhere, as photos have. */
function drawLeaves(side: number, seed: number): Picture {
  const picture = createPicture(side, side);
  let state = seed | 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let leaf = 0; leaf < 400; leaf++) {
    const size = Math.max(2, (side / 2) * (1 - leaf / 400) * random() ** 3);
    const left = Math.floor(random() * side);
    const top = Math.floor(random() * side);
    const grey = Math.floor(random() * 256);
    for (let y = top; y < Math.min(side, top + size); y++) {
      for (let x = left; x < Math.min(side, left + size * 1.3); x++)
        picture.data.fill(grey, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return picture;
}

function blur(picture: Picture, factor: number): Picture {
  const { width, height } = picture;
  const small = resizePicture(picture, Math.round(width / factor), Math.round(height / factor));
  return resizePicture(small, width, height, { filter: 'bicubic' });
}

describe('the quality of a face', () => {
  it('has parts from 0 to 1, and an overall between the worst of them and their mean', () => {
    const points = fc.record({
      x: fc.double({ min: -1, max: 2, noNaN: true }),
      y: fc.double({ min: -1, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.record({ rightEye: points, leftEye: points, nose: points, mouth: points }),
        fc.record({
          x: fc.double({ min: -1, max: 1.5, noNaN: true }),
          y: fc.double({ min: -1, max: 1.5, noNaN: true }),
          width: fc.double({ min: 0, max: 2, noNaN: true }),
          height: fc.double({ min: 0, max: 2, noNaN: true }),
        }),
        fc.integer({ min: 1, max: 40 }),
        (found, box, side) => {
          const { overall, size, sharpness, pose } = measureFaceQuality(drawLeaves(side, 5), { box, points: found });
          for (const part of [overall, size, sharpness, pose]) expect(part >= 0 && part <= 1).toBe(true);
          expect(overall).toBeGreaterThanOrEqual(Math.min(size, sharpness, pose) - 1e-9);
          expect(overall).toBeLessThanOrEqual((size + sharpness + pose) / 3 + 1e-9);
        },
      ),
    );
  });

  it('is less sharp the more it is blurred', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), fc.integer({ min: 60, max: 240 }), (seed, side) => {
        const picture = drawLeaves(side, seed);
        const [sharp, soft, blurred] = [picture, blur(picture, side / 40), blur(picture, side / 14)].map(
          (each) => measureFaceQuality(each, { box: BOX, points: STRAIGHT }).sharpness,
        );
        expect(sharp).toBeGreaterThan(0.5);
        // Drawn edges are sharper than those of photos: both may reach the top of the scale.
        expect(soft).toBeLessThanOrEqual(sharp ?? 0);
        expect(blurred).toBeLessThanOrEqual(soft ?? 0);
        expect(blurred).toBeLessThan((sharp ?? 0) - 0.3);
      }),
      { numRuns: 60 },
    );
  });

  it('is not taken for sharp because of noise', () => {
    const blurred = blur(drawLeaves(160, 9), 12);
    const noisy = createPicture(160, 160, { data: new Uint8Array(blurred.data) });
    let state = 1;
    for (let i = 0; i < noisy.data.length; i += 4) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const noise = ((state >>> 16) % 25) - 12;
      for (let c = 0; c < 3; c++) noisy.data[i + c] = Math.min(255, Math.max(0, (noisy.data[i + c] ?? 0) + noise));
    }
    const before = measureFaceQuality(blurred, { box: BOX, points: STRAIGHT }).sharpness;
    expect(measureFaceQuality(noisy, { box: BOX, points: STRAIGHT }).sharpness).toBeLessThan(before + 0.25);
  });

  it('is without sharpness where there is one colour or nothing of it in the picture', () => {
    const grey = createPicture(80, 80);
    grey.data.fill(128);
    expect(measureFaceQuality(grey, { box: BOX, points: STRAIGHT }).sharpness).toBe(0);
    const outside = { x: 2, y: 2, width: 0.5, height: 0.5 };
    expect(measureFaceQuality(drawLeaves(80, 3), { box: outside, points: STRAIGHT }).overall).toBe(0);
  });

  it('grows with the size in pixels, from 16 to 128', () => {
    const sizes = [24, 32, 48, 96, 180, 256, 512].map(
      (side) => measureFaceQuality(drawLeaves(side, 4), { box: BOX, points: STRAIGHT }).size,
    );
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect([sizes[0], sizes[1], sizes[5], sizes[6]]).toEqual([0, 0, 1, 1]);
    expect(sizes[3]).toBeGreaterThan(0.4);
  });

  it('has the best pose straight ahead, whatever its turn in the plane, and the worst in profile', () => {
    const picture = drawLeaves(60, 2);
    const poseOf = (points: QualityPoints): number => measureFaceQuality(picture, { box: BOX, points }).pose;
    expect(poseOf(STRAIGHT)).toBeGreaterThan(0.95);
    let last = 2;
    for (const aside of [0, 0.03, 0.06, 0.1, 0.15]) {
      const pose = poseOf({ ...STRAIGHT, nose: { x: 0.5 + aside, y: 0.51 } });
      expect(pose).toBeLessThan(last);
      expect(poseOf({ ...STRAIGHT, nose: { x: 0.5 - aside, y: 0.51 } })).toBeCloseTo(pose, 6);
      last = pose;
    }
    expect(last).toBeLessThan(0.05);
    expect(poseOf({ ...STRAIGHT, nose: { x: 0.5, y: 0.42 } })).toBeLessThan(0.2);
    fc.assert(
      fc.property(fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (angle) => {
        const turn = ({ x, y }: { x: number; y: number }) => ({
          x: 0.5 + (x - 0.5) * Math.cos(angle) - (y - 0.5) * Math.sin(angle),
          y: 0.5 + (x - 0.5) * Math.sin(angle) + (y - 0.5) * Math.cos(angle),
        });
        const { rightEye, leftEye, nose } = STRAIGHT;
        const turned = {
          rightEye: turn(rightEye),
          leftEye: turn(leftEye),
          nose: turn(nose),
          mouth: turn({ x: 0.5, y: 0.6 }),
        };
        expect(poseOf(turned)).toBeCloseTo(poseOf(STRAIGHT), 6);
      }),
    );
  });

  it('takes the corners of the mouth as well as its middle', () => {
    const picture = drawLeaves(60, 2);
    const { mouth: _, ...rest } = STRAIGHT;
    const corners = { ...rest, mouthRight: { x: 0.45, y: 0.59 }, mouthLeft: { x: 0.55, y: 0.61 } };
    expect(measureFaceQuality(picture, { box: BOX, points: corners }).pose).toBeCloseTo(
      measureFaceQuality(picture, { box: BOX, points: STRAIGHT }).pose,
      6,
    );
  });
});
