import { createPicture } from '@focal/core';
import { expect, test } from 'vitest';
import type { Session, Tensor } from '../../ports.ts';
import { createNanotrack } from './nanotrack.ts';

const SIDE = 16;
const PLACES = SIDE * SIDE;
const FRAME = createPicture(600, 400);
/** 60 × 60 pixels in the middle: with what surrounds it 120, so that a pixel of the search part is .945 of the frame's. */
const BOX = { x: 0.45, y: 0.425, width: 0.1, height: 0.15 };
const PIXEL = 120 / 127;

/** A net that is sure of one place, and sees there a box of these sides around it, in pixels of the search part. */
function answering(column: number, row: number, [left, top, right, bottom]: readonly number[]) {
  const fed: Readonly<Record<string, Tensor>>[] = [];
  const scores = new Float32Array(2 * PLACES);
  scores.fill(8, 0, PLACES);
  const at = row * SIDE + column;
  scores[at] = -8;
  scores[PLACES + at] = 8;
  const boxes = new Float32Array(4 * PLACES).fill(30);
  for (const [k, side] of [left, top, right, bottom].entries()) boxes[k * PLACES + at] = side as number;
  const session: Session = {
    inputNames: ['template', 'search'],
    outputNames: ['scores', 'boxes'],
    device: 'cpu',
    async run(feeds) {
      fed.push(feeds);
      return {
        scores: { type: 'float32', data: scores, dims: [1, 2, SIDE, SIDE] },
        boxes: { type: 'float32', data: boxes, dims: [1, 4, SIDE, SIDE] },
      };
    },
    async close() {},
  };
  return { session, fed };
}

test('moves to the place that the net is sure of, by 16 pixels of the search part a place', async () => {
  const { session, fed } = answering(9, 7, [32, 32, 32, 32]);
  const tracker = createNanotrack(session);
  await tracker.start(FRAME, BOX);
  const { box, confidence } = await tracker.step(FRAME);
  expect(confidence).toBeCloseTo(1, 4);
  expect((box.x + box.width / 2) * 600).toBeCloseTo(300 + 16 * PIXEL, 1);
  expect((box.y + box.height / 2) * 400).toBeCloseTo(200 - 16 * PIXEL, 1);
  expect(fed[0]?.template?.dims).toEqual([1, 3, 127, 127]);
  expect(fed[0]?.search?.dims).toEqual([1, 3, 255, 255]);
});

test('a box that lies to one side of its place moves it too, and a larger one makes it grow, but not at once', async () => {
  const { session } = answering(8, 8, [30, 40, 50, 40]);
  const tracker = createNanotrack(session);
  await tracker.start(FRAME, BOX);
  const { box } = await tracker.step(FRAME);
  expect((box.x + box.width / 2) * 600).toBeCloseTo(300 + 10 * PIXEL, 1);
  expect(box.width * 600).toBeGreaterThan(60);
  expect(box.width * 600).toBeLessThan(80 * PIXEL);
});

test('is fed the subject as it was at the start, and the part around where it is now', async () => {
  const { session, fed } = answering(8, 8, [30, 30, 30, 30]);
  const marked = createPicture(600, 400);
  for (let y = 190; y < 210; y++)
    for (let x = 290; x < 310; x++) marked.data.set([10, 20, 200, 255], (y * 600 + x) * 4);
  const tracker = createNanotrack(session);
  await tracker.start(marked, BOX);
  await tracker.step(FRAME);
  tracker.moveTo({ ...BOX, x: 0.1 });
  await tracker.step(FRAME);
  const middle = 63 * 127 + 63;
  const [template] = fed.map(({ template }) => template?.data);
  // Blue, green, red.
  expect([template?.[middle], template?.[127 * 127 + middle], template?.[2 * 127 * 127 + middle]]).toEqual([
    200, 20, 10,
  ]);
  expect(fed[1]?.template).toBe(fed[0]?.template);
});

test('refuses steps before a start, and answers of another size', async () => {
  const { session } = answering(8, 8, [30, 30, 30, 30]);
  await expect(createNanotrack(session).step(FRAME)).rejects.toMatchObject({ code: 'invalid-argument' });
  const small = createNanotrack({ ...session, run: async () => ({}) });
  await small.start(FRAME, BOX);
  await expect(small.step(FRAME)).rejects.toMatchObject({ code: 'model-invalid' });
});
