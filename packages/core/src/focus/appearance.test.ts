import { expect, test } from 'vitest';
import { describeAppearance, likeness } from './appearance.ts';
import { createAppearanceMemory } from './appearance-memory.ts';
import { type DrawnSubject, drawFrame } from './fixtures/drawn-clip.ts';

const ONE: DrawnSubject = { x: 100, y: 120, width: 60, height: 60, look: 5 };
const OTHER: DrawnSubject = { ...ONE, look: 17 };

function look(subject: DrawnSubject) {
  return describeAppearance(drawFrame([subject]), subject);
}

test('what looks the same elsewhere and in another size is alike, what looks different is not', () => {
  expect(likeness(look(ONE), look(ONE))).toBeCloseTo(1, 4);
  const elsewhere = { ...ONE, x: 220, y: 90, width: 84, height: 84 };
  expect(likeness(look(ONE), look(elsewhere))).toBeGreaterThan(0.8);
  expect(likeness(look(ONE), look(OTHER))).toBeLessThan(0.4);
});

test('a memory tells the subject from what it was told is not it', () => {
  const memory = createAppearanceMemory(look(ONE));
  memory.addOther(look(OTHER));
  expect(memory.compare(look(ONE)).margin).toBeGreaterThan(0.5);
  expect(memory.compare(look(OTHER)).margin).toBeLessThan(-0.5);
});

test('a memory never forgets the first look, however many come', () => {
  const memory = createAppearanceMemory(look(ONE));
  for (let i = 30; i < 70; i++) memory.add(look({ ...ONE, look: i }));
  expect(memory.compare(look(ONE)).own).toBeCloseTo(1, 4);
});

test('who looks the same is not remembered as another', () => {
  const memory = createAppearanceMemory(look(ONE));
  memory.addOther(look({ ...ONE, x: 200 }));
  expect(memory.compare(look(ONE)).margin).toBeGreaterThan(0.5);
});
