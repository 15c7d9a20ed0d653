import { describe, expect, it } from 'vitest';
import { DEFAULTS, readLiveSettings } from './live-settings.ts';

const storageWith = (value: string | null) => ({ getItem: () => value });

describe('readLiveSettings', () => {
  it('gives the defaults where nothing is kept, or nothing that can be read', () => {
    for (const kept of [null, '', '{', '[]', 'null', '7'])
      expect(readLiveSettings(storageWith(kept))).toEqual(DEFAULTS);
  });

  it('takes what it understands and leaves the rest', () => {
    const kept = JSON.stringify({ preset: 'fast', delay: 9, look: { radius: 0.03 }, detectEvery: '5', other: true });
    expect(readLiveSettings(storageWith(kept))).toEqual({ ...DEFAULTS, preset: 'fast', look: { radius: 0.03 } });
  });
});
