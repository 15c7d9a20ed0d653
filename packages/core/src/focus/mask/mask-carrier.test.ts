import { describe, expect, it } from 'vitest';
import type { Matte } from '../../picture/matte.ts';
import { resizeMatte } from '../../picture/resize.ts';
import { boxOf, type DrawnSubject, drawFrame } from '../fixtures/drawn-clip.ts';
import { drawTruth, matteIou } from '../fixtures/drawn-truth.ts';
import { createMaskCarrier, type MaskEvidence } from './mask-carrier.ts';

const WIDTH = 320;
const HEIGHT = 240;
const START: DrawnSubject = { x: 100, y: 120, width: 60, height: 90, look: 7 };

const truthOf = (subject: DrawnSubject): Matte => drawTruth(subject, { width: WIDTH, height: HEIGHT });

/** A box that says less than it might: a tracker's, a tenth too large on each side. */
function looseBox(subject: DrawnSubject) {
  return boxOf({ ...subject, width: subject.width * 1.2, height: subject.height * 1.2 });
}

describe('createMaskCarrier', () => {
  it('keeps to a subject that moves and grows, from a box alone', () => {
    const carrier = createMaskCarrier();
    const first = carrier.start(drawFrame([START]), looseBox(START));
    expect(matteIou(first, truthOf(START))).toBeGreaterThan(0.7);
    const overlaps = Array.from({ length: 20 }, (_, i) => {
      const now = { ...START, x: START.x + 5 * i, y: START.y + 2 * i, width: 60 + i, height: 90 + 1.5 * i };
      return matteIou(carrier.step(drawFrame([now]), looseBox(now)), truthOf(now));
    });
    expect(Math.min(...overlaps)).toBeGreaterThan(0.65);
    expect(overlaps.at(-1)).toBeGreaterThan(0.75);
  });

  it('leaves out another one in the box', () => {
    const carrier = createMaskCarrier();
    carrier.start(drawFrame([START]), boxOf(START));
    const other: DrawnSubject = { x: 130, y: 150, width: 24, height: 40, look: 3 };
    const behind = { ...other, x: 138 };
    const frame = drawFrame([behind, START]);
    const matte = resizeMatte(carrier.step(frame, looseBox(START)), WIDTH, HEIGHT);
    // Beside the subject, in its box.
    let inside = 0;
    for (let y = 140; y < 160; y++) for (let x = 133; x < 136; x++) inside += (matte.data[y * WIDTH + x] ?? 0) / 255;
    expect(inside / 60).toBeLessThan(0.3);
  });

  it('takes what models say for more than colours, and less of it where they are unsure', () => {
    const half = { ...START, height: 45, y: START.y - 22.5 };
    const shares = { area: { x: 0, y: 0, width: 1, height: 1 }, width: WIDTH, height: HEIGHT };
    const values = Float32Array.from(truthOf(half).data, (value) => value / 255);
    const areas = [0.25, 2].map((weight) => {
      const carrier = createMaskCarrier();
      carrier.start(drawFrame([START]), boxOf(START));
      const evidence: MaskEvidence = { shares: { ...shares, values }, weight };
      let matte = carrier.step(drawFrame([START]), boxOf(START), evidence);
      for (let i = 0; i < 5; i++) matte = carrier.step(drawFrame([START]), boxOf(START), evidence);
      return [matteIou(matte, truthOf(START)), matteIou(matte, truthOf(half))];
    });
    expect(areas[0]?.[0]).toBeGreaterThan(areas[1]?.[0] ?? 1);
    expect(areas[1]?.[1]).toBeGreaterThan(areas[0]?.[1] ?? 1);
  });

  it('is steady where nothing moves, and gives the same for the same frames', () => {
    const run = () => {
      const carrier = createMaskCarrier();
      carrier.start(drawFrame([START]), looseBox(START));
      return Array.from({ length: 4 }, () => carrier.step(drawFrame([START]), looseBox(START)));
    };
    const [, , before, after] = run();
    expect(matteIou(before as Matte, after as Matte)).toBeGreaterThan(0.97);
    expect(run()[3]?.data).toEqual(after?.data);
  });

  it('holds out at the border of the frame and in boxes of a pixel', () => {
    const carrier = createMaskCarrier();
    const frame = drawFrame([START]);
    for (const box of [
      { x: -0.2, y: -0.1, width: 0.4, height: 0.5 },
      { x: 0.95, y: 0.9, width: 0.2, height: 0.3 },
      { x: 0.5, y: 0.5, width: 1 / WIDTH, height: 1 / HEIGHT },
      { x: 0, y: 0, width: 1, height: 1 },
    ]) {
      carrier.start(frame, box);
      const { width, height, data } = carrier.step(frame, box);
      expect([width, height]).toEqual([320, 240]);
      expect(data.every((value) => value >= 0)).toBe(true);
    }
    expect(() => createMaskCarrier().step(frame, boxOf(START))).toThrow(/Expected a subject/u);
  });
});
