import { expect, test } from 'vitest';
import type { Box } from '../../scene/geometry.ts';
import { createTwin } from './twin.ts';

const at = (x: number): Box => ({ x, y: 0.4, width: 0.1, height: 0.2 });
const RIGHT = { x: 0.02, y: 0 };

/** Both come near, and are seen twice before they meet. */
function approaching() {
  const twin = createTwin();
  twin.see({ box: at(0.1), velocity: RIGHT }, at(0.8), 0);
  twin.see({ box: at(0.2), velocity: RIGHT }, at(0.7), 5);
  return twin;
}

test('another goes on as it went', () => {
  const twin = approaching();
  expect(createTwin().at(0)).toBeUndefined();
  expect(twin.at(10)?.x).toBeCloseTo(0.6, 5);
  expect(twin.at(90)).toBeUndefined();
});

test('who comes out of a meeting as the other should is the other', () => {
  const swapped = approaching().see({ box: at(0.3), velocity: { x: -0.02, y: 0 } }, at(0.6), 25);
  expect(swapped).toEqual(RIGHT);
  expect(approaching().see({ box: at(0.6), velocity: RIGHT }, at(0.3), 25)).toBeUndefined();
});

test('without a meeting nobody is taken for another, however they turn', () => {
  expect(approaching().see({ box: at(0.22), velocity: RIGHT }, at(0.66), 8)).toBeUndefined();
});
