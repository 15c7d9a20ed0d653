import { describe, expect, test } from 'vitest';
import { readFlags, toFlag, toOptions } from './effect-flags.ts';
import type { EffectInfo } from './effect-list.ts';

const effect: EffectInfo = {
  name: 'frame',
  title: 'Frame',
  description: 'Frames it.',
  writes: false,
  hides: false,
  assets: [{ name: 'background', title: 'Background', description: 'The picture behind.' }],
  parameters: [
    {
      name: 'background',
      title: 'Background',
      description: 'What stands behind.',
      type: 'enum',
      default: 'transparent',
      values: ['transparent', 'color', 'picture'],
    },
    {
      name: 'color',
      title: 'Colour',
      description: 'The colour.',
      type: 'string',
      control: 'color',
      default: 'white',
      when: { parameter: 'background', is: ['color'] },
    },
    {
      name: 'angleDeg',
      title: 'Angle',
      description: 'How far.',
      type: 'number',
      default: 0,
      min: -5,
      max: 5,
      unit: '°',
    },
    { name: 'blades', title: 'Blades', description: 'How many.', type: 'integer', default: 6, min: 3, max: 9 },
    { name: 'soft', title: 'Soft', description: 'Soft edge.', type: 'boolean', default: true },
  ],
};

const option = (flag: string) => toOptions(effect).find((each) => each.long === flag);

describe('options of an effect', () => {
  test('have the names of its parameters, with dashes', () => {
    expect(toFlag('gradientAngleDeg')).toBe('gradient-angle-deg');
    expect(toOptions(effect).map((each) => each.long)).toEqual([
      '--background',
      '--color',
      '--angle-deg',
      '--blades',
      '--soft',
      '--no-soft',
      '--background-picture',
    ]);
  });

  test('say range, unit, default and what they go with', () => {
    expect(option('--angle-deg')?.description).toBe('How far (-5 to 5; °; default 0)');
    expect(option('--color')?.description).toBe('The colour (default white; with --background color)');
  });

  test.each(['6', '-5.1', 'wide', '', 'NaN'])('refuse the angle %j', (value) => {
    expect(() => option('--angle-deg')?.parseArg?.(value, undefined)).toThrow('Expected a number from -5 to 5.');
  });

  test('refuse a broken number of blades', () => {
    expect(option('--blades')?.parseArg?.('7', undefined)).toBe(7);
    expect(() => option('--blades')?.parseArg?.('6.5', undefined)).toThrow('Expected a whole number from 3 to 9.');
  });

  test('are told apart from those of the command', () => {
    expect(readFlags(effect, { color: 'red', angleDeg: 0, backgroundPicture: 'b.jpg', output: 'x.png' })).toEqual({
      params: { color: 'red', angleDeg: 0 },
      assets: { background: 'b.jpg' },
    });
  });
});
