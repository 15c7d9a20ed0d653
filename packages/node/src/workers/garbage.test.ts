import { describe, expect, it } from 'vitest';
import { createGarbageCollector } from './garbage.ts';

const SIZE = 10_000_000;

describe('createGarbageCollector', () => {
  // Not all: the last few may still be in sight of the stack.
  it('frees shared memory that outlived earlier looks', async () => {
    const collect = createGarbageCollector();
    collect('major');
    const before = process.memoryUsage().arrayBuffers;
    makeOld(collect);
    // What the collector has found dead, it frees in the background.
    const kept = () => {
      collect('major');
      return process.memoryUsage().arrayBuffers - before;
    };
    await expect.poll(kept, { timeout: 5000 }).toBeLessThan(SIZE * 5);
  });
});

/** Makes shared memory, lets it grow old, and lets go of it. */
function makeOld(collect: ReturnType<typeof createGarbageCollector>): void {
  const kept = Array.from({ length: 10 }, () => new SharedArrayBuffer(SIZE));
  collect('minor');
  collect('minor');
  expect(process.memoryUsage().arrayBuffers).toBeGreaterThan(SIZE * kept.length);
}
