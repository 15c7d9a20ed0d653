import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSelector, isPortable, parseSelector, type Selector, selectorNeeds } from './selector.ts';

const id = fc
  .tuple(fc.constantFrom('person', 'dog', 'thing'), fc.integer({ min: 1, max: 99 }))
  .map((parts) => parts.join('-'));
const ids = fc.uniqueArray(id, { minLength: 2, maxLength: 5 });
const plain = [
  'everything',
  'main',
  'background',
  'everyone',
  'largest',
  'most-smiling',
  'faces',
  'unknown-faces',
] as const;
const fraction = fc
  .double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true })
  .map((value) => Math.round(value * 1e4) / 1e4);

const selector: fc.Arbitrary<Selector> = fc.oneof(
  fc.constantFrom(...plain).map((role): Selector => ({ role })),
  fc.constantFrom<Selector>(
    { role: 'things' },
    { role: 'things', label: 'dog' },
    { role: 'things', label: 'wine glass' },
  ),
  id.map((value): Selector => ({ role: 'subject', id: value })),
  ids.map((value): Selector => ({ role: 'subjects', ids: value })),
  ids.map((value): Selector => ({ role: 'except', ids: value })),
  fc.record({ role: fc.constant('at' as const), x: fraction, y: fraction }),
);

describe('selectors', () => {
  it('come back from their short form as they were', () => {
    fc.assert(
      fc.property(selector, (each) => {
        expect(parseSelector(formatSelector(each))).toEqual(each);
      }),
    );
  });

  it('have short forms that are equal only where they are', () => {
    fc.assert(
      fc.property(selector, selector, (a, b) => {
        expect(formatSelector(a) === formatSelector(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('refuse what names nobody, with what there is', () => {
    for (const text of [
      '',
      'nobody',
      'main:1',
      'at:0.5',
      'at:0.5,2',
      'at:,0.5',
      'at:a,b',
      'except:',
      'things:',
      'at:0,0,0',
      'constructor',
    ]) {
      expect(() => parseSelector(text), text).toThrow('Expected whom the step acts on');
    }
  });

  it('need the facts that tell who is meant', () => {
    expect(selectorNeeds(parseSelector('everything'))).toEqual([]);
    expect(selectorNeeds(parseSelector('background'))).toEqual(['matte']);
    expect(selectorNeeds(parseSelector('everyone'))).toContain('subjects');
    expect(selectorNeeds(parseSelector('most-smiling'))).toContain('expressions');
    expect(selectorNeeds(parseSelector('unknown-faces'))).toContain('identities');
  });

  it('suit any picture unless they name somebody or a place of one', () => {
    const bound = ['person-1', 'person-1,person-2', 'except:person-1', 'at:0.5,0.5'];
    expect(bound.map((text) => isPortable(parseSelector(text)))).toEqual([false, false, false, false]);
    expect([...plain, 'things', 'things:dog'].every((text) => isPortable(parseSelector(text)))).toBe(true);
  });
});
