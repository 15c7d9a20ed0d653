import { expect, test } from 'vitest';
import type { Box } from '../../scene/geometry.ts';
import { createRivals, type Freed } from './rivals.ts';

const at = (x: number): Box => ({ x, y: 0.4, width: 0.1, height: 0.2 });
const SUBJECT = (frame: number) => at(0.1 + 0.01 * frame);
const OTHER = (frame: number) => at(0.8 - 0.01 * frame);
const alike = () => 1;

/** Both on their ways, seen at every sixth frame while they do not hide one another; from frame 36 on who is followed may be the wrong one. */
function cross(options: {
  readonly isSwapped: boolean;
  readonly likeness?: (box: Box) => number;
  readonly pan?: (frame: number) => number;
}): Freed | undefined {
  const { isSwapped, likeness = alike, pan = () => 0 } = options;
  const rivals = createRivals();
  const shift = (box: Box, frame: number): Box => ({ ...box, x: box.x + pan(frame) });
  for (let frame = 0; frame <= 66; frame += 6) {
    const isHidden = frame > 24 && frame < 48;
    const [own, other] = [shift(SUBJECT(frame), frame), shift(OTHER(frame), frame)];
    const [followed, beside] = isSwapped && frame >= 36 ? [other, own] : [own, other];
    const freed = rivals.see(followed, isHidden ? [] : [beside], { frame, likeness });
    expect(rivals.isMeeting).toBe(isHidden && frame >= 36);
    if (freed !== undefined) return freed;
  }
  return undefined;
}

test('who comes out of a meeting as the other should is the other, and the subject is where it should be', () => {
  const freed = cross({ isSwapped: true });
  expect(freed?.box.x).toBeCloseTo(SUBJECT(48).x, 5);
  expect(freed?.velocity.x).toBeCloseTo(0.01, 5);
  expect(cross({ isSwapped: false })).toBeUndefined();
});

test('a camera that moves along with one of them does not matter', () => {
  const pan = (frame: number) => -0.01 * frame;
  expect(cross({ isSwapped: true, pan })?.box.x).toBeCloseTo(SUBJECT(48).x - 0.48, 5);
  expect(cross({ isSwapped: false, pan })).toBeUndefined();
});

test('by motion alone who does not look like the subject is not taken for it', () => {
  const own = SUBJECT(48).x;
  expect(cross({ isSwapped: true, likeness: ({ x }) => (Math.abs(x - own) < 0.05 ? 0.2 : 0.9) })).toBeUndefined();
});

test('without a meeting nobody is taken for another, and others go on as they went', () => {
  const rivals = createRivals();
  const resting = { ...at(0.1), y: 0 };
  for (let frame = 0; frame <= 24; frame += 6) {
    expect(rivals.see(resting, [OTHER(frame - 36)], { frame, likeness: alike })).toBeUndefined();
  }
  expect(rivals.isMeeting).toBe(false);
  expect(rivals.at(34)).toHaveLength(0);
  for (let frame = 30; frame <= 42; frame += 6) rivals.see(at(0.1), [OTHER(frame)], { frame, likeness: alike });
  expect(rivals.at(52)[0]?.x).toBeCloseTo(OTHER(52).x, 5);
  expect(rivals.isKnown(OTHER(52), 52)).toBe(true);
  expect(rivals.isKnown(at(0.1), 52)).toBe(false);
  rivals.forget();
  expect(rivals.at(52)).toHaveLength(0);
});
