import { describe, expect, it } from 'vitest';
import { createThreadCache } from './thread-cache.ts';

describe('createThreadCache', () => {
  it('makes a thing once for each key', () => {
    const cache = createThreadCache();
    const first = cache.take('a', () => ({}));
    expect(cache.take('a', () => ({}))).toBe(first);
    expect(cache.take('b', () => ({}))).not.toBe(first);
  });

  it('keeps that there is nothing', () => {
    const cache = createThreadCache();
    cache.take('none', () => undefined);
    expect(cache.take<unknown>('none', () => 1)).toBeUndefined();
  });

  it('lets go of what was not taken for longest', () => {
    const cache = createThreadCache(2);
    const [a, b] = [cache.take('a', () => ({})), cache.take('b', () => ({}))];
    cache.take('a', () => ({}));
    cache.take('c', () => ({}));
    expect(cache.take('a', () => ({}))).toBe(a);
    expect(cache.take('b', () => ({}))).not.toBe(b);
  });

  it('keeps nothing for a key whose making failed', () => {
    const cache = createThreadCache();
    const fail = () => {
      throw new Error('no');
    };
    expect(() => cache.take('a', fail)).toThrow('no');
    expect(cache.take('a', () => 1)).toBe(1);
  });
});
