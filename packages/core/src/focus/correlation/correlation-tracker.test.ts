import { describe, expect, it } from 'vitest';
import { boxIou } from '../../scene/geometry.ts';
import { boxOf, type DrawnSubject, drawFrame } from '../fixtures/drawn-clip.ts';
import { createCorrelationTracker } from './correlation-tracker.ts';

const FIRST: DrawnSubject = { x: 90, y: 120, width: 50, height: 70, look: 5 };

function moved(frame: number): DrawnSubject {
  const grown = 1 + frame * 0.008;
  return {
    ...FIRST,
    x: FIRST.x + frame * 4,
    y: FIRST.y + 20 * Math.sin(frame / 6),
    width: FIRST.width * grown,
    height: FIRST.height * grown,
  };
}

describe('the correlation tracker', () => {
  it('follows what moves and grows', async () => {
    const tracker = createCorrelationTracker();
    await tracker.start(drawFrame([FIRST]), boxOf(FIRST));
    for (let frame = 1; frame <= 30; frame++) {
      const { box } = await tracker.step(drawFrame([moved(frame)]));
      expect(boxIou(box, boxOf(moved(frame)))).toBeGreaterThan(0.6);
    }
  });

  it('is surer where its subject is than where it is not', async () => {
    const tracker = createCorrelationTracker();
    await tracker.start(drawFrame([FIRST]), boxOf(FIRST));
    const there = (await tracker.step(drawFrame([FIRST]))).confidence;
    const gone = (await tracker.step(drawFrame([]))).confidence;
    expect(there).toBeGreaterThan(0.7);
    expect(gone).toBeLessThan(there / 2);
  });

  it('looks where it is told to, with what it has learned', async () => {
    const tracker = createCorrelationTracker();
    await tracker.start(drawFrame([FIRST]), boxOf(FIRST));
    const far = { ...FIRST, x: 250 };
    tracker.moveTo(boxOf({ ...far, x: far.x - 12, y: far.y + 8 }));
    expect(boxIou((await tracker.step(drawFrame([far]))).box, boxOf(far))).toBeGreaterThan(0.7);
  });

  it('takes on another subject when started again, and gives the same steps for the same frames', async () => {
    const other = { ...FIRST, x: 200, look: 11 };
    const frames = Array.from({ length: 6 }, (_, i) => drawFrame([{ ...other, x: other.x - i * 3 }]));
    const follow = async (tracker: ReturnType<typeof createCorrelationTracker>) => {
      await tracker.start(drawFrame([other]), boxOf(other));
      const steps = [];
      for (const frame of frames) steps.push(await tracker.step(frame));
      return steps;
    };
    const used = createCorrelationTracker();
    await used.start(drawFrame([FIRST]), boxOf(FIRST));
    await used.step(drawFrame([moved(1)]));
    const steps = await follow(used);
    expect(steps).toEqual(await follow(createCorrelationTracker()));
    expect(boxIou(steps.at(-1)?.box ?? boxOf(other), boxOf({ ...other, x: other.x - 15 }))).toBeGreaterThan(0.7);
  });

  it('gives the same steps where lessons come after the answer, or not before the next step', async () => {
    const follow = async (tracker: ReturnType<typeof createCorrelationTracker>, after: () => void) => {
      await tracker.start(drawFrame([FIRST]), boxOf(FIRST));
      const steps = [];
      for (let frame = 1; frame <= 8; frame++) {
        steps.push(await tracker.step(drawFrame([moved(frame)])));
        if (frame === 4) tracker.moveTo(boxOf({ ...moved(frame), x: moved(frame).x + 6 }));
        after();
      }
      return steps;
    };
    const atOnce = await follow(createCorrelationTracker(), () => undefined);
    const owed: (() => void)[] = [];
    const defer = (lesson: () => void) => void owed.push(lesson);
    const between = await follow(createCorrelationTracker({ defer }), () => owed.pop()?.());
    expect(owed).toHaveLength(0);
    const never = await follow(createCorrelationTracker({ defer }), () => undefined);
    expect(owed).toHaveLength(8);
    expect(between).toEqual(atOnce);
    expect(never).toEqual(atOnce);
  });

  it('leaves its lesson to be done: the frame is read again by it, and only once', async () => {
    let reads = 0;
    const watch = (subject: DrawnSubject) => {
      const { data, ...rest } = drawFrame([subject]);
      return Object.defineProperty({ ...rest, data }, 'data', {
        get: () => {
          reads++;
          return data;
        },
      });
    };
    const owed: (() => void)[] = [];
    const tracker = createCorrelationTracker({ defer: (lesson) => void owed.push(lesson) });
    await tracker.start(drawFrame([FIRST]), boxOf(FIRST));
    await tracker.step(drawFrame([moved(1)]));
    await tracker.step(watch(moved(2)));
    const found = reads;
    owed[1]?.();
    const learned = reads;
    expect(learned).toBeGreaterThan(found);
    owed[1]?.();
    await tracker.step(drawFrame([FIRST]));
    expect(reads).toBe(learned);
  });

  it('keeps to the frame, whatever leaves it', async () => {
    const tracker = createCorrelationTracker();
    const small = { ...FIRST, x: 12, y: 12, width: 8, height: 8 };
    await tracker.start(drawFrame([small]), boxOf(small));
    for (let frame = 0; frame < 10; frame++) {
      const { box } = await tracker.step(drawFrame([{ ...small, x: 12 - frame * 4 }]));
      expect(box.x + box.width / 2).toBeGreaterThanOrEqual(0);
      expect(Object.values(box).every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses steps before a start, and boxes without an area', async () => {
    const tracker = createCorrelationTracker();
    await expect(tracker.step(drawFrame([FIRST]))).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(tracker.start(drawFrame([FIRST]), { x: 0, y: 0, width: 0, height: 1 })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});
