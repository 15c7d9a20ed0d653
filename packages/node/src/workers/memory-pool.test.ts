import { describe, expect, it } from 'vitest';
import { createMemoryPool } from './memory-pool.ts';

const MB = 2 ** 20;

describe('createMemoryPool', () => {
  it('lends memory of the same size again once it is given back, and says that it is used', () => {
    const pool = createMemoryPool(8 * MB);
    const first = pool.lend();
    const { buffer, isClear } = first.take(MB);
    expect(isClear).toBe(true);
    expect(pool.lend().take(MB).buffer).not.toBe(buffer);
    first.end();
    expect(pool.lend().take(2 * MB).isClear).toBe(true);
    expect(pool.lend().take(MB)).toEqual({ buffer, isClear: false });
    expect(pool.lend().take(MB).isClear).toBe(true);
  });

  it('never lends what was not given back', () => {
    const pool = createMemoryPool(8 * MB);
    const { buffer } = pool.lend().take(MB);
    pool.lend().end();
    expect(pool.lend().take(MB).buffer).not.toBe(buffer);
  });

  it('keeps spares by kind', () => {
    const pool = createMemoryPool(8 * MB);
    const lease = pool.lend();
    const buffer = new SharedArrayBuffer(MB);
    lease.add('picture', buffer);
    lease.end();
    const next = pool.lend();
    expect(next.takeSpare('matte')).toBeUndefined();
    expect(next.takeSpare('picture')).toBe(buffer);
    expect(next.takeSpare('picture')).toBeUndefined();
  });

  it('keeps no more than its limit, the last used longest, and nothing once cleared', () => {
    const pool = createMemoryPool(2 * MB);
    const lease = pool.lend();
    const buffers = [1, 2, 3].map(() => lease.take(MB).buffer);
    lease.end();
    const again = pool.lend();
    expect(new Set([again.take(MB).buffer, again.take(MB).buffer])).toEqual(new Set(buffers.slice(1)));
    expect(again.take(MB).isClear).toBe(true);
    again.end();
    expect(pool.idleBytes).toBe(2 * MB);
    pool.clear();
    expect(pool.idleBytes).toBe(0);
    expect(pool.lend().take(MB).isClear).toBe(true);
  });
});
