import { describeParameters, effects } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { createNumberFormat } from './number-format.ts';

const numbers = Object.values(effects)
  .flatMap((effect) => describeParameters(effect))
  .filter((parameter) => parameter.type === 'number' || parameter.type === 'integer');

describe('numbers on screen', () => {
  it.each(numbers.map((parameter) => [parameter.name, parameter] as const))(
    'shows and reads every step of %s without loss',
    (_name, parameter) => {
      const format = createNumberFormat(parameter);
      for (let i = 0; i <= 100; i++) {
        const steps = Math.round(((format.max - format.min) / format.step) * (i / 100));
        const value = Number((format.min + steps * format.step).toPrecision(12));
        expect(format.fromText(format.toText(value))).toBeCloseTo(value, 9);
      }
    },
  );

  const radius = {
    name: 'radius',
    title: 'Blur',
    description: '',
    type: 'number',
    default: 0.012,
    min: 0,
    max: 0.05,
    step: 0.001,
  } as const;

  it('shows a share as percent', () => {
    const format = createNumberFormat(radius);
    expect(`${format.toText(0.012)} ${format.unit}`).toBe('1.2 %');
  });

  it('takes a comma, keeps to the range, and refuses what is no number', () => {
    const format = createNumberFormat(radius);
    expect(format.fromText('2,5')).toBe(0.025);
    expect(format.fromText('99')).toBe(0.05);
    expect(format.fromText('-3')).toBe(0);
    expect(format.fromText('much')).toBeUndefined();
  });
});
