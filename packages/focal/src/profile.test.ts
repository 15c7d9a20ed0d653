import { describe, expect, it } from 'vitest';
import { chooseProfile, freeMemory } from './profile.ts';

describe('chooseProfile', () => {
  it('saves memory where under 8 GB are free, unless told', () => {
    expect(chooseProfile('auto', 7.9 * 2 ** 30)).toBe('low-memory');
    expect(chooseProfile('auto', 8 * 2 ** 30)).toBe('fast');
    expect(chooseProfile('fast', 2 ** 30)).toBe('fast');
    expect(chooseProfile('low-memory', 64 * 2 ** 30)).toBe('low-memory');
  });

  it('knows how much is free', () => {
    expect(freeMemory()).toBeGreaterThan(0);
  });
});
