import { describe, expect, it } from 'vitest';
import type { Matte } from '../../picture/matte.ts';
import { boxOf, type DrawnSubject, drawFrame } from '../fixtures/drawn-clip.ts';
import { drawTruth, matteIou } from '../fixtures/drawn-truth.ts';
import { estimateFlow, FLOW_STEP } from './flow.ts';
import { createMaskBridge, MOST_BRIDGED } from './mask-bridge.ts';
import type { Grid } from './view.ts';

const WIDTH = 320;
const HEIGHT = 240;
const START: DrawnSubject = { x: 100, y: 120, width: 60, height: 90, look: 7 };
const at = (i: number): DrawnSubject => ({ ...START, x: START.x + 6 * i, y: START.y + 2 * i });

const truthOf = (subject: DrawnSubject): Matte => drawTruth(subject, { width: WIDTH, height: HEIGHT });

function keyOf(subject: DrawnSubject): Grid {
  const values = Float32Array.from(truthOf(subject).data, (value) => value / 255);
  return { area: { x: 0, y: 0, width: 1, height: 1 }, width: WIDTH, height: HEIGHT, values };
}

describe('createMaskBridge', () => {
  it('carries masks between key frames along with what moves, and gives each frame one', () => {
    const bridge = createMaskBridge();
    const mattes: Matte[] = [];
    for (let i = 0; i < 9; i++) {
      const subject = at(i);
      mattes.push(...bridge.next(drawFrame([subject]), boxOf(subject), i % 4 === 0 ? keyOf(subject) : undefined));
    }
    expect(mattes).toHaveLength(9);
    for (const [i, matte] of mattes.entries()) expect(matteIou(matte, truthOf(at(i)))).toBeGreaterThan(0.85);
  });

  it('does not mind that frames are drawn over once they were looked at', () => {
    const [kept, used] = [createMaskBridge(), createMaskBridge()];
    for (let i = 0; i < 5; i++) {
      const subject = at(i);
      const key = i % 4 === 0 ? keyOf(subject) : undefined;
      const frame = drawFrame([subject]);
      const expected = kept.next(drawFrame([subject]), boxOf(subject), key);
      expect(used.next(frame, boxOf(subject), key)).toEqual(expected);
      frame.data.fill(128);
    }
  });

  it('waits for no more than so many frames, and gives what is left at the end', () => {
    const bridge = createMaskBridge();
    const frame = drawFrame([START]);
    expect(bridge.next(frame, boxOf(START))).toHaveLength(0);
    expect(bridge.next(frame, boxOf(START), keyOf(START))).toHaveLength(1);
    const counts = Array.from({ length: MOST_BRIDGED + 3 }, () => bridge.next(frame, boxOf(START)).length);
    expect(counts.indexOf(MOST_BRIDGED)).toBe(MOST_BRIDGED - 1);
    const left = bridge.end();
    expect(left).toHaveLength(3);
    expect(matteIou(left[2] as Matte, truthOf(START))).toBeGreaterThan(0.9);
    expect(bridge.end()).toHaveLength(0);
  });
});

describe('estimateFlow', () => {
  it('tells how far the subject went, and that what is around it stayed', () => {
    const moved = { ...START, x: START.x + 7, y: START.y - 5 };
    const flow = estimateFlow(drawFrame([START]), drawFrame([moved]));
    const read = (x: number, y: number) => {
      const i = Math.floor(y / FLOW_STEP) * flow.across + Math.floor(x / FLOW_STEP);
      return [flow.x[i], flow.y[i]].map((each) => Math.round(each ?? Number.NaN));
    };
    expect(read(START.x, START.y)).toEqual([7, -5]);
    // Where all looks alike a pixel more or less makes no difference.
    for (const each of read(270, 60)) expect(Math.abs(each)).toBeLessThanOrEqual(1);
  });
});
