import { describe, expect, it } from 'vitest';
import { implyParameters } from './imply.ts';
import { getEffect } from './index.ts';

const cutout = getEffect('cutout');

describe('implyParameters', () => {
  it('adds what a parameter only makes sense with', () => {
    expect(implyParameters(cutout, { color: 'red' }, [])).toEqual({ color: 'red', background: 'color' });
    expect(implyParameters(cutout, { gradientTo: 'red' }, [])).toEqual({ gradientTo: 'red', background: 'gradient' });
    expect(implyParameters(cutout, {}, ['background'])).toEqual({ background: 'picture' });
  });

  it('leaves what already fits, and the object that was given', () => {
    const given = Object.freeze({ color: 'red', fit: 'contain' });
    expect(implyParameters(cutout, { color: 'red', background: 'picture' }, ['background'])).toEqual({
      color: 'red',
      background: 'picture',
    });
    expect(implyParameters(cutout, given, ['background'])).toEqual({ ...given, background: 'picture' });
    expect(implyParameters(cutout, {}, [])).toEqual({});
  });

  it('refuses what would have no effect', () => {
    expect(() => implyParameters(cutout, { color: 'red', background: 'transparent' }, [])).toThrow(
      'color goes with background color or picture, not with "transparent".',
    );
    expect(() => implyParameters(cutout, { background: 'color' }, ['background'])).toThrow(
      'A picture for background goes with background picture, not with "color".',
    );
  });
});
