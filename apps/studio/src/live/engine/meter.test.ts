import { expect, it } from 'vitest';
import { createMeter } from './meter.ts';

it('shares the time of what runs now and then among all frames', () => {
  const meter = createMeter();
  const view = { state: 'locked', label: 'dog', confidence: 0.8 } as const;
  for (let i = 0; i < 10; i++) {
    const timings = i === 0 ? { detect: 100, track: 5, learn: 0 } : { track: 5, learn: 2 };
    meter.count({ view, detections: [], timings, ms: 8 }, { ms: 20, drawnBy: 'card' });
  }
  const { parts, drawnBy } = meter.read(performance.now());
  expect(parts.detect).toBeCloseTo(10);
  expect(parts.track).toBeCloseTo(5);
  expect(parts.learn).toBeCloseTo(1.8);
  expect(parts.blur).toBeCloseTo(20);
  expect(drawnBy).toBe('card');
  expect(meter.focus()).toEqual(view);
});

it('forgets the frames of another source', () => {
  const meter = createMeter();
  meter.count(undefined, { ms: 20 });
  meter.restart();
  expect(meter.read(performance.now())).toEqual({ fps: 0, parts: {} });
  expect(meter.focus().state).toBe('idle');
});
