import { expect, test } from 'vitest';
import { boxOf, type DrawnSubject } from '../fixtures/drawn-clip.ts';
import { drawFeatures } from '../fixtures/drawn-features.ts';
import { gapOf } from '../moved-boxes.ts';
import { createWhitener, type FeatureMap } from './feature-map.ts';
import { createLookMemory, type LookMemory } from './look-memory.ts';

const ONE: DrawnSubject = { x: 80, y: 120, width: 60, height: 80, look: 5 };
const OTHER: DrawnSubject = { ...ONE, x: 240, look: 17 };
const NOWHERE = { x: -1, y: -1, width: 0.1, height: 0.1 };

function learned(): LookMemory {
  const memory = createLookMemory();
  memory.read(drawFeatures([ONE, OTHER])).learn(boxOf(ONE), [boxOf(OTHER)]);
  return memory;
}

test('what was learned is known where it was not seen before, and others are not taken for it', () => {
  const moved = { ...ONE, x: 160, y: 80 };
  const frame = learned().read(drawFeatures([moved, OTHER]));
  expect(frame.likeness(boxOf(moved))).toBeGreaterThan(0.8);
  expect(frame.likeness(boxOf(OTHER))).toBeLessThan(0.3);
});

test('it is found all over the frame, in about its size', () => {
  const moved = { ...ONE, x: 210, y: 150 };
  const { box, likeness } = learned()
    .read(drawFeatures([moved]))
    .search([], boxOf(ONE));
  expect(gapOf(boxOf(moved), box)).toBeLessThan(0.25);
  expect(likeness).toBeGreaterThan(0.5);
});

test('in a frame without it nothing looks like it, not even where it was', () => {
  const frame = learned().read(drawFeatures([OTHER]));
  expect(frame.search([boxOf(ONE)], boxOf(ONE)).likeness).toBeLessThan(0.5);
});

test('a search leaves out a place, and minds what places cost', () => {
  const frame = learned().read(drawFeatures([ONE, { ...ONE, x: 240 }]));
  expect(frame.search([], boxOf(ONE), { not: boxOf(ONE) }).box.x).toBeGreaterThan(0.5);
  expect(frame.search([], boxOf(ONE), { cost: (box) => (box.x > 0.4 ? 2 : 0) }).box.x).toBeLessThan(0.6);
});

test('it stays known while it changes little by little', () => {
  const memory = learned();
  for (let i = 0; i < 40; i++) {
    const now = { ...ONE, x: 80 + i, width: 60 + i / 2 };
    memory.read(drawFeatures([now, OTHER])).learn(boxOf(now), [boxOf(OTHER)]);
  }
  const frame = memory.read(drawFeatures([ONE, OTHER]));
  expect(frame.likeness(boxOf(ONE))).toBeGreaterThan(0.6);
  expect(frame.likeness(boxOf(OTHER))).toBeLessThan(0.3);
});

test('numbers that go together in a scene hardly do once it is whitened', () => {
  const first = drawFeatures([]);
  for (let i = 0; i < first.values.length; i += first.channels) {
    first.values[i + 1] = (first.values[i] as number) + 0.2 * (first.values[i + 1] as number);
  }
  expect(correlation(first, 0, 1)).toBeGreaterThan(0.95);
  expect(Math.abs(correlation(createWhitener(first)(first), 0, 1))).toBeLessThan(0.6);
});

test('a map that is not whole, or of another net, is refused', () => {
  const map = drawFeatures([ONE]);
  const broken = { ...map, values: map.values.subarray(1) };
  expect(() => createLookMemory().read(broken)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  const memory = createLookMemory();
  memory.read(map).learn(boxOf(ONE), []);
  const other = { ...map, channels: 6, width: 64 };
  expect(() => memory.read(other)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  expect(memory.read(map).likeness(NOWHERE)).toBeLessThan(0.5);
});

/** How far two numbers of a map go together, -1..1. */
function correlation({ values, channels }: FeatureMap, a: number, b: number): number {
  const column = (k: number) => values.filter((_, i) => i % channels === k);
  const [one, other] = [column(a), column(b)];
  const centred = (all: Float32Array) => {
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    return all.map((value) => value - mean);
  };
  const product = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, i) => sum + value * (q[i] as number), 0);
  const [p, q] = [centred(one), centred(other)];
  return product(p, q) / Math.sqrt(product(p, p) * product(q, q));
}
