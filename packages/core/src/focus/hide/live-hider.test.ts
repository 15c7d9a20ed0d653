import { describe, expect, it } from 'vitest';
import type { Hidden } from '../../anonymise/paint.ts';
import { createMatte } from '../../picture/matte.ts';
import type { Point } from '../../scene/geometry.ts';
import { createLiveHider } from './live-hider.ts';

const ASPECT = 4 / 3;
const FRAME_MS = 33;

/** A face whose box has its middle there. */
const faceAt = (x: number, y: number, side = 0.1) => ({
  box: { x: x - side / 2, y: y - (side * ASPECT) / 2, width: side, height: side * ASPECT },
  rollDegrees: 0,
});

function isHidden(hidden: readonly Hidden[], { x, y }: Point): boolean {
  return hidden.some(({ outline }) => {
    if (outline.kind !== 'convex') return false;
    const { points } = outline;
    const signs = points.map((a, i) => {
      const b = points[(i + 1) % points.length] ?? a;
      return Math.sign((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x));
    });
    return !(signs.includes(1) && signs.includes(-1));
  });
}

/** All places of a face's box, corners included. */
const cornersOf = ({ box }: ReturnType<typeof faceAt>): Point[] =>
  [0, 0.5, 1].flatMap((u) => [0, 0.5, 1].map((v) => ({ x: box.x + u * box.width, y: box.y + v * box.height })));

describe('createLiveHider', () => {
  it('hides a face that moves and is missed every other frame, wherever it is by then', () => {
    const hider = createLiveHider();
    for (let frame = 0; frame < 40; frame++) {
      // Three of its sides a second.
      const face = faceAt(0.1 + frame * 0.3 * (FRAME_MS / 1000), 0.5);
      const isSeen = frame < 3 || frame % 2 === 0;
      const hidden = hider.step({ timeMs: frame * FRAME_MS, aspect: ASPECT, faces: isSeen ? [face] : [] });
      for (const point of cornersOf(face)) expect(isHidden(hidden, point)).toBe(true);
      expect(isHidden(hidden, { x: face.box.x + 0.5, y: 0.5 })).toBe(false);
    }
  });

  it('keeps a place hidden for a second, the wider the longer ago, then lets go of it', () => {
    const hider = createLiveHider();
    hider.step({ timeMs: 0, aspect: ASPECT, faces: [faceAt(0.5, 0.5)] });
    const beside = { x: 0.62, y: 0.5 };
    expect(isHidden(hider.step({ timeMs: 0, aspect: ASPECT, faces: [] }), beside)).toBe(false);
    expect(isHidden(hider.step({ timeMs: 1000, aspect: ASPECT, faces: [] }), beside)).toBe(true);
    for (const timeMs of [1100, 1200]) hider.step({ timeMs, aspect: ASPECT, faces: [] });
    expect(hider.step({ timeMs: 1600, aspect: ASPECT, faces: [] })).toEqual([]);
  });

  it('keeps it for three frames, however seldom they come', () => {
    const hider = createLiveHider();
    hider.step({ timeMs: 0, aspect: ASPECT, faces: [faceAt(0.5, 0.5)] });
    const counts = [2000, 4000, 6000, 8000].map((timeMs) => hider.step({ timeMs, aspect: ASPECT, faces: [] }).length);
    expect(counts).toEqual([1, 1, 1, 0]);
  });

  it('hides what a slower look found in an earlier frame', () => {
    const hider = createLiveHider();
    hider.step({ timeMs: 0, aspect: ASPECT, faces: [] });
    hider.seeLate({ faces: [faceAt(0.5, 0.5)] }, 0);
    const hidden = hider.step({ timeMs: 400, aspect: ASPECT, faces: [] });
    for (const point of cornersOf(faceAt(0.53, 0.5))) expect(isHidden(hidden, point)).toBe(true);
  });

  it('shows only the one face that may be that of whoever is spared', () => {
    const hider = createLiveHider();
    const [own, other] = [faceAt(0.3, 0.3), faceAt(0.7, 0.3)];
    const spared = { x: 0.2, y: 0.2, width: 0.2, height: 0.7 };
    const step = (timeMs: number, faces: (typeof own)[]) => hider.step({ timeMs, aspect: ASPECT, faces, spared });
    const apart = step(0, [own, other]);
    expect(isHidden(apart, { x: 0.3, y: 0.3 })).toBe(false);
    expect(isHidden(apart, { x: 0.7, y: 0.3 })).toBe(true);
    const second = faceAt(0.36, 0.45);
    expect(isHidden(step(33, [own, second, other]), { x: 0.3, y: 0.3 })).toBe(true);
    // A face that was not seen in this very frame may be anybody's by now.
    hider.forget();
    step(1000, [own]);
    expect(isHidden(step(1033, []), { x: 0.3, y: 0.3 })).toBe(true);
  });

  it('hides whole people, found by the matte or by a detector, but for whoever is spared', () => {
    const hider = createLiveHider();
    const people = createMatte(64, 48);
    for (const left of [8, 40]) {
      for (let y = 12; y < 44; y++) people.data.fill(255, y * 64 + left, y * 64 + left + 12);
    }
    const all = hider.step({ timeMs: 0, aspect: ASPECT, faces: [], people });
    expect([isHidden(all, { x: 0.2, y: 0.6 }), isHidden(all, { x: 0.7, y: 0.6 })]).toEqual([true, true]);
    expect(isHidden(all, { x: 0.45, y: 0.6 })).toBe(false);
    const spared = { x: 0.1, y: 0.2, width: 0.25, height: 0.75 };
    const others = hider.step({ timeMs: 33, aspect: ASPECT, faces: [], people, spared });
    expect([isHidden(others, { x: 0.2, y: 0.6 }), isHidden(others, { x: 0.7, y: 0.6 })]).toEqual([false, true]);
    hider.seeLate({ people: [{ x: 0.42, y: 0.3, width: 0.1, height: 0.5 }] }, 33);
    expect(isHidden(hider.step({ timeMs: 66, aspect: ASPECT, faces: [], people, spared }), { x: 0.45, y: 0.6 })).toBe(
      true,
    );
  });
});
