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
      mattes.push(...bridge.next(drawFrame([subject]), boxOf(subject), i % 4 === 0 ? { key: keyOf(subject) } : {}));
    }
    expect(mattes).toHaveLength(9);
    for (const [i, matte] of mattes.entries()) expect(matteIou(matte, truthOf(at(i)))).toBeGreaterThan(0.85);
  });

  it('does not mind that frames are drawn over once they were looked at', () => {
    const [kept, used] = [createMaskBridge(), createMaskBridge()];
    for (let i = 0; i < 5; i++) {
      const subject = at(i);
      const looks = i % 4 === 0 ? { key: keyOf(subject) } : {};
      const frame = drawFrame([subject]);
      const expected = kept.next(drawFrame([subject]), boxOf(subject), looks);
      expect(used.next(frame, boxOf(subject), looks)).toEqual(expected);
      frame.data.fill(128);
    }
  });

  it('lets a mask of the frame itself count half, away from key frames', () => {
    const [plain, helped] = [createMaskBridge(), createMaskBridge()];
    const half = { ...START, height: START.height / 2, y: START.y - START.height / 4 };
    const frame = drawFrame([START]);
    const read = (bridge: ReturnType<typeof createMaskBridge>, own?: Matte) => {
      const mattes: Matte[] = [];
      for (let i = 0; i < 9; i++) {
        const isKey = i % 8 === 0;
        const looks = { ...(isKey && { key: keyOf(START) }), ...(own !== undefined && { own }) };
        mattes.push(...bridge.next(frame, boxOf(START), looks));
      }
      return mattes.map(({ data, width, height }) => {
        const at = (x: number, y: number) =>
          (data[Math.floor((y / HEIGHT) * height) * width + Math.floor((x / WIDTH) * width)] ?? 0) / 255;
        return { above: at(START.x, START.y - 20), below: at(START.x, START.y + 20) };
      });
    };
    const [without, withOwn] = [read(plain), read(helped, truthOf(half))];
    for (const { above, below } of without) expect(Math.min(above, below)).toBeGreaterThan(0.9);
    for (const i of [0, 8]) expect(withOwn[i]?.below).toBeGreaterThan(0.9);
    expect(withOwn[4]?.below).toBeCloseTo(0.5, 1);
    expect(withOwn[4]?.above).toBeGreaterThan(0.9);
  });

  it('waits for no more than so many frames, and gives what is left at the end', () => {
    const bridge = createMaskBridge();
    const frame = drawFrame([START]);
    expect(bridge.next(frame, boxOf(START))).toHaveLength(0);
    expect(bridge.next(frame, boxOf(START), { key: keyOf(START) })).toHaveLength(1);
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
