import { describeParameters, effects, getEffect } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { createEditReader } from './edit-options.ts';

function parse(effect: string, query: string, accept?: string) {
  const reader = createEditReader(getEffect(effect), accept);
  for (const [name, value] of new URLSearchParams(query)) reader.set(name, value);
  return reader.parse();
}

describe('createEditReader', () => {
  it('gives the defaults of the schema for nothing', () => {
    const parsed = parse('cutout', '');
    const defaults = describeParameters(getEffect('cutout')).map((info) => [info.name, info.default]);
    expect(parsed).toEqual({ params: Object.fromEntries(defaults) });
  });

  it('turns text into the types that the schema asks for', () => {
    expect(parse('bokeh', 'radius=0.02&quality=80&format=webp').params).toMatchObject({ radius: 0.02 });
    expect(parse('bokeh', 'quality=80&format=jpg&output=matte')).toMatchObject({
      quality: 80,
      format: 'jpeg',
      output: 'matte',
    });
    expect(parse('cutout', 'trim=')).toMatchObject({ trim: 0.02 });
    expect(parse('cutout', 'trim=0.1')).toMatchObject({ trim: 0.1 });
  });

  it('takes the format of the query before that of the Accept header', () => {
    expect(parse('cutout', 'format=avif', 'image/webp').format).toBe('avif');
    expect(parse('cutout', 'format=avif', 'text/html').format).toBe('avif');
    expect(parse('cutout', '', 'image/webp').format).toBe('webp');
  });

  it.each([
    ['wobble=1', 'cutout has no option "wobble".'],
    ['format=bmp', 'Expected one of png, webp, jpeg, avif for format, got "bmp".'],
    ['quality=101', 'Expected a whole number from 1 to 100 for quality, got "101".'],
    ['quality=', 'Expected a whole number from 1 to 100 for quality, got "".'],
    ['quality=high', 'Expected a whole number from 1 to 100 for quality, got "high".'],
    ['quality=Infinity', 'Expected a whole number from 1 to 100 for quality, got "Infinity".'],
    ['quality=80.5', 'Expected a whole number from 1 to 100 for quality, got "80.5".'],
    ['trim=-1', 'Expected a number from 0 to 1 for trim, got "-1".'],
    ['output=all', 'Expected one of picture, matte, model-matte for output, got "all".'],
    ['format=png&format=webp', 'The option format came twice.'],
    ['__proto__=1', 'cutout has no option "__proto__".'],
  ])('refuses %s, saying what is wrong', (query, message) => {
    expect(() => parse('cutout', query)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }));
  });

  it('refuses text for every number that any effect has, and numbers outside its range', () => {
    const numbers = Object.values(effects).flatMap((effect) =>
      describeParameters(effect).flatMap((info) =>
        info.type === 'number' || info.type === 'integer' ? [[effect.name, info.name, info.max] as const] : [],
      ),
    );
    expect(numbers.length).toBeGreaterThan(3);
    for (const [effect, name, max] of numbers) {
      for (const wrong of ['abc', '', 'NaN', '1e999', String(max * 2 + 1)]) {
        expect(() => parse(effect, `${name}=${wrong}`)).toThrow(name);
      }
    }
  });
});
