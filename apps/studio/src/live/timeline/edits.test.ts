import { parseTimeline } from '@focal/video';
import { describe, expect, it } from 'vitest';
import {
  addKeyframe,
  changeLook,
  EMPTY_EDITS,
  fromTimeline,
  lookAt,
  moveKeyframe,
  redo,
  removeKeyframe,
  toTimeline,
  undo,
} from './edits.ts';

const lock = (t: number, x = 0.5) => ({ t, lock: { x, y: 0.5 } });
const timesOf = ({ keyframes }: { keyframes: readonly { t: number }[] }) => keyframes.map(({ t }) => t);

describe('edits of a timeline', () => {
  it('adds in order, takes the place of what is at the same time, moves and removes', () => {
    let edits = addKeyframe(addKeyframe(EMPTY_EDITS, lock(3)), lock(1));
    expect(timesOf(edits)).toEqual([1, 3]);
    edits = addKeyframe(edits, lock(3.01, 0.2));
    expect(edits.keyframes[1]).toEqual(lock(3.01, 0.2));
    edits = addKeyframe(edits, { t: 3.01, look: { radius: 0.03 } });
    expect(edits.keyframes).toHaveLength(3);
    edits = moveKeyframe(edits, 0, 5);
    expect(timesOf(edits)).toEqual([3.01, 3.01, 5]);
    edits = removeKeyframe(edits, 2);
    expect(timesOf(edits)).toEqual([3.01, 3.01]);
    expect(removeKeyframe(edits, 9)).toBe(edits);
  });

  it('undoes and redoes every edit', () => {
    const steps = [addKeyframe(EMPTY_EDITS, lock(1))];
    steps.push(addKeyframe(steps[0] ?? EMPTY_EDITS, { t: 2, release: true }));
    steps.push(moveKeyframe(steps[1] ?? EMPTY_EDITS, 0, 1.5));
    let edits = steps[2] ?? EMPTY_EDITS;
    for (const before of [steps[1], steps[0], EMPTY_EDITS]) {
      edits = undo(edits);
      expect(edits.keyframes).toEqual(before?.keyframes);
    }
    expect(undo(edits)).toBe(edits);
    for (const after of steps) {
      edits = redo(edits);
      expect(edits.keyframes).toEqual(after.keyframes);
    }
    expect(addKeyframe(undo(edits), lock(4)).future).toEqual([]);
  });

  it('keeps a setting where it was made: at the beginning, or from a keyframe on', () => {
    let edits = changeLook(EMPTY_EDITS, 0, { radius: 0.01 });
    edits = addKeyframe(edits, { t: 2, look: { radius: 0.01 } });
    edits = changeLook(edits, 2.5, { radius: 0.04 });
    expect([lookAt(edits, 1), lookAt(edits, 2), lookAt(edits, 9)]).toEqual([
      { radius: 0.01 },
      { radius: 0.04 },
      { radius: 0.04 },
    ]);
    edits = changeLook(edits, 1, { radius: 0.02 });
    expect([lookAt(edits, 1).radius, lookAt(edits, 3).radius]).toEqual([0.02, 0.04]);
  });

  it('writes what the command line reads, and reads it again', () => {
    const edits = changeLook(addKeyframe(addKeyframe(EMPTY_EDITS, lock(1)), { t: 4, release: true }), 0, {
      falloff: 0.2,
    });
    const written = JSON.parse(JSON.stringify(toTimeline(edits)));
    expect(fromTimeline(parseTimeline(written))).toEqual({ ...edits, past: [], future: [] });
  });
});
