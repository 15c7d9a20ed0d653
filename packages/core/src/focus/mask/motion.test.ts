import { describe, expect, it } from 'vitest';
import { type Picture } from '../../picture/picture.ts';
import { resizePicture } from '../../picture/resize.ts';
import type { Box } from '../../scene/geometry.ts';
import { boxOf, type DrawnSubject, drawFrame } from '../fixtures/drawn-clip.ts';
import { drawTruth, matteIou } from '../fixtures/drawn-truth.ts';
import { createMaskCarrier } from './mask-carrier.ts';
import { readMotion } from './motion.ts';
import { readGrid, toGrid, viewSubject, WHOLE_FRAME } from './view.ts';

const [WIDTH, HEIGHT] = [320, 240];
const START: DrawnSubject = { x: 130, y: 120, width: 60, height: 90, look: 7 };
/** Beside it, in the view of it. */
const OTHER: DrawnSubject = { x: 175, y: 130, width: 20, height: 50, look: 3 };
const move = (subject: DrawnSubject, by: number): DrawnSubject => ({ ...subject, x: subject.x + by });

/** How much, on average, motion says of a subject and of another one that a frame and the one before show. */
function motionOf(then: Picture, now: Picture, boxes: readonly [Box, Box], own: Box, other: Box) {
  const [before, view] = [viewSubject(then, boxes[0]), viewSubject(now, boxes[1])];
  const { width, height } = view.picture;
  const within =
    (box: Box) =>
    (_: unknown, i: number): boolean => {
      const x = view.area.x + (((i % width) + 0.5) / width) * view.area.width;
      const y = view.area.y + ((Math.floor(i / width) + 0.5) / height) * view.area.height;
      return x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
    };
  const mask = Float32Array.from({ length: width * height }, (_, i) => (within(own)(_, i) ? 1 : 0));
  const motion = readMotion(before, view, boxes[1], mask, 112);
  const mean = (box: Box): number => {
    const values = motion?.filter(within(box)) ?? new Float32Array(0);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return motion && { own: mean(own), other: mean(other) };
}

describe('readMotion', () => {
  it('tells a subject from what stands still beside it', () => {
    const after = move(START, 6);
    const told = motionOf(
      drawFrame([OTHER, START]),
      drawFrame([OTHER, after]),
      [boxOf(START), boxOf(after)],
      boxOf(after),
      boxOf({ ...OTHER, x: 180, width: 10 }),
    );
    expect(told?.own).toBeGreaterThan(0.6);
    expect(told?.other).toBeLessThan(-0.6);
  });

  it('does so too where the camera goes along and all else moves', () => {
    // What the camera shows: 240 × 240, six pixels further on.
    const see = (subject: DrawnSubject, from: number): Picture =>
      resizePicture(drawFrame([OTHER, subject]), 240, HEIGHT, {
        region: { x: from, y: 0, width: 240, height: HEIGHT },
      });
    const shownAt = ({ x, y, width, height }: Box, from: number): Box => ({
      x: (x * WIDTH - from) / 240,
      y,
      width: (width * WIDTH) / 240,
      height,
    });
    const after = move(START, 6);
    const box = shownAt(boxOf(START), 0);
    const told = motionOf(
      see(START, 0),
      see(after, 6),
      [box, shownAt(boxOf(after), 6)],
      box,
      shownAt(boxOf({ ...OTHER, x: 180, width: 10 }), 6),
    );
    expect(told?.own).toBeGreaterThan(0.6);
    expect(told?.other).toBeLessThan(-0.6);
  });

  it('says nothing where nothing moves, or all does alike', () => {
    const box = boxOf(START);
    const frame = drawFrame([OTHER, START]);
    expect(motionOf(frame, frame, [box, box], box, box)).toBeUndefined();
    const shifted = resizePicture(frame, 300, HEIGHT, { region: { x: 10, y: 0, width: 300, height: HEIGHT } });
    const whole = resizePicture(frame, 300, HEIGHT, { region: { x: 0, y: 0, width: 300, height: HEIGHT } });
    const at = (from: number): Box => ({ ...box, x: (box.x * WIDTH - from) / 300, width: (box.width * WIDTH) / 300 });
    expect(motionOf(whole, shifted, [at(0), at(10)], at(10), at(10))).toBeUndefined();
  });
});

it('keeps masks of what has the colours of its surroundings, where motion is looked at', () => {
  const overlaps = [112, undefined].map((motionSide) => {
    const carrier = createMaskCarrier();
    const alike: DrawnSubject = { ...START, look: 1 };
    const truthOf = (subject: DrawnSubject) => drawTruth(subject, { width: WIDTH, height: HEIGHT });
    const truth = toGrid(truthOf(alike));
    carrier.start(drawFrame([alike]), boxOf(alike), {
      first: { ...truth, values: readGrid(truth, truth, WHOLE_FRAME, WHOLE_FRAME) },
    });
    let matte = truthOf(alike);
    let now = alike;
    for (let i = 1; i <= 12; i++) {
      now = move(alike, 5 * i);
      // A tracker's box lags behind.
      const loose = boxOf({ ...now, x: now.x - 2 * i, width: now.width * 1.3, height: now.height * 1.3 });
      matte = carrier.step(drawFrame([now]), loose, undefined, motionSide);
    }
    return matteIou(matte, truthOf(now));
  });
  expect(overlaps[0]).toBeGreaterThan((overlaps[1] ?? 1) + 0.1);
});
