import { describe, expect, it } from 'vitest';
import type { Pass } from '../async/plan.ts';
import { createRecycler } from './recycle.ts';

function create() {
  const passes: Pass[] = [];
  const sizes: number[] = [];
  const recycler = createRecycler((bytes) => {
    sizes.push(bytes);
    return new ArrayBuffer(bytes);
  }, passes);
  const run = () => passes.splice(0).forEach((pass) => pass.run(0, pass.rows));
  return { recycler, passes, sizes, run };
}

describe('the memory of a recipe', () => {
  it('is used again by what asks for as much, cleared in a pass', () => {
    const { recycler, sizes, run } = create();
    const mark = recycler.mark();
    const first = recycler.allocate(3_000_000);
    new Uint8Array(first).fill(7);
    recycler.settle(mark, []);
    expect(recycler.allocate(3_000_001)).not.toBe(first);
    expect(recycler.allocate(1_499_999)).not.toBe(first);
    expect(recycler.allocate(2_900_000)).toBe(first);
    expect(sizes).toEqual([3_000_000, 3_000_001, 1_499_999]);
    run();
    expect(new Uint8Array(first, 0, 2_900_000).every((value) => value === 0)).toBe(true);
  });

  it('is not cleared for what is written all over', () => {
    const { recycler, passes } = create();
    const mark = recycler.mark();
    const first = recycler.allocate(100);
    recycler.settle(mark, []);
    expect(recycler.allocate(100, 'anything')).toBe(first);
    expect(passes).toEqual([]);
  });

  it('is the smallest that is large enough', () => {
    const { recycler } = create();
    const mark = recycler.mark();
    const [, middle] = [90, 60, 80].map((bytes) => recycler.allocate(bytes));
    recycler.settle(mark, []);
    expect(recycler.allocate(55)).toBe(middle);
  });

  it('stays while it is kept, and is free once released', () => {
    const { recycler } = create();
    const outer = recycler.mark();
    const scratch = recycler.allocate(8);
    const inner = recycler.mark();
    const kept = recycler.allocate(16);
    recycler.settle(inner, [kept]);
    recycler.settle(outer, []);
    expect(recycler.allocate(16)).not.toBe(kept);
    expect(recycler.allocate(8)).toBe(scratch);
    recycler.release(kept);
    expect(recycler.allocate(16)).toBe(kept);
  });

  it('that came from elsewhere is never given to anybody', () => {
    const { recycler } = create();
    const foreign = new ArrayBuffer(32);
    recycler.release(foreign);
    expect(recycler.allocate(32)).not.toBe(foreign);
  });
});
