import { describe, expect, it } from 'vitest';
import { effects } from '../effects/index.ts';
import { FocalError } from '../errors.ts';
import { checkSteps, createRecipe, isPortableRecipe, parseRecipe, recipeNeeds } from './recipe.ts';

const recipe = (...steps: readonly unknown[]) => ({ format: 'focal-recipe', version: 1, look: { steps } });

/** The sentence of what parseRecipe throws. */
function refusal(json: unknown): string {
  try {
    parseRecipe(json);
  } catch (error) {
    if (error instanceof FocalError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('parseRecipe', () => {
  it('fills in what is left out, and gives the same again from its own JSON', () => {
    const parsed = parseRecipe(recipe({ effect: 'tone', params: { exposure: 1 } }));
    expect(parsed.look.steps).toEqual([
      { effect: 'tone', params: { exposure: 1 }, assets: {}, enabled: true, opacity: 1 },
    ]);
    expect(parseRecipe(JSON.stringify(parsed))).toEqual(parsed);
  });

  it('takes every effect there is as it comes', () => {
    for (const effect of Object.keys(effects)) expect(refusal(recipe({ effect }))).toBe('taken');
  });

  it('refuses what is no recipe, and versions it does not know', () => {
    for (const json of [null, 7, [], {}, 'null', { look: { steps: [] } }, { format: 'other', version: 1 }]) {
      expect(refusal(json)).toContain('Expected a recipe of Focal');
    }
    expect(refusal('{')).toContain('text that is no JSON');
    expect(refusal({ ...recipe(), version: 2 })).toBe(
      'invalid-argument: Expected a recipe of version 1, got version 2.',
    );
    expect(refusal({ ...recipe(), version: undefined })).toContain('Expected a recipe of version 1');
    for (const names of ['"params"', '"assets"']) {
      const text = `{"format":"focal-recipe","version":1,"look":{"steps":[{"effect":"tone",${names}:{"__proto__":{"exposure":1}}}]}}`;
      expect(refusal(text)).toContain('there is no __proto__');
    }
    let deep: unknown[] = [];
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(refusal({ ...recipe(), version: deep })).toContain('got version a list that cannot be written');
    expect(refusal({ ...recipe(), look: deep })).toContain('got a list that cannot be written');
  });

  it('names the step and what is wrong with it', () => {
    const second = (step: unknown) => refusal(recipe({ effect: 'mono' }, step));
    expect(second({ effect: 'glitter' })).toBe('invalid-argument: Step 2: There is no effect "glitter".');
    expect(second({ effect: 'constructor' })).toContain('There is no effect "constructor"');
    expect(second({ effect: 'tone', params: { exposure: 9 } })).toBe(
      'invalid-argument: Step 2: Expected a number from -3 to 3 for exposure, got 9.',
    );
    expect(second({ effect: 'tone', params: { exposure: Number.NaN } })).toContain(
      'Expected a number from -3 to 3 for exposure',
    );
    expect(second({ effect: 'tone', params: { exposure: Number.POSITIVE_INFINITY } })).toContain('for exposure');
    expect(second({ effect: 'tone', params: { exposure: '1' } })).toContain('for exposure, got "1"');
    expect(second({ effect: 'tone', params: { glare: 1 } })).toContain('Step 2: tone has no option glare');
    expect(second({ effect: 'glow', params: { color: 'url(x)' } })).toContain('Expected a colour such as #3366ff');
    expect(second({ effect: 'tone', assets: { background: 'a' } })).toContain(
      'tone takes no picture called background',
    );
  });

  it('refuses places, shares and keys that there are none of', () => {
    expect(refusal(recipe({ effect: 'tone', opacity: 2 }))).toContain('not valid at step 1, opacity');
    expect(refusal(recipe({ effect: 'tone', opacity: Number.NaN }))).toContain('not valid at step 1, opacity');
    expect(refusal(recipe({ effect: 'tone', on: { role: 'at', x: 2, y: 0 } }))).toContain('not valid at step 1, on, x');
    expect(refusal(recipe({ effect: 'tone', on: { role: 'boss' } }))).toContain('not valid at step 1, on');
    expect(refusal(recipe({ effect: 'tone', colour: 1 }))).toContain('not valid at step 1: there is no colour');
    expect(refusal(recipe({ effect: 'tone', params: { exposure: Number.POSITIVE_INFINITY } }))).toContain(
      'got Infinity',
    );
    expect(refusal({ ...recipe(), more: 1 })).toContain('not valid at its top');
    expect(refusal({ ...recipe(), pictures: { a: { base64: 'no base64!' } } })).toContain('not valid at pictures');
  });

  it('refuses more steps than anybody stacks', () => {
    const steps = (count: number) => Array.from({ length: count }, () => ({ effect: 'tone' }));
    expect(refusal(recipe(...steps(100)))).toBe('taken');
    expect(refusal(recipe(...steps(101)))).toContain('not valid at look.steps');
    expect(refusal(recipe(...steps(1000)))).toContain(
      'not valid at look.steps: expected at most 100 entries, got 1000',
    );
  });

  it('refuses a recipe that is too large to be read', () => {
    expect(refusal(' '.repeat(48 * 1024 * 1024 + 1))).toContain('too-large');
  });
});

describe('checkSteps', () => {
  it('runs what hides first and what crops last, the rest in its order, without what is switched off', () => {
    const checked = checkSteps(
      createRecipe([
        { effect: 'reframe' },
        { effect: 'tone' },
        { effect: 'glow', enabled: false },
        { effect: 'anonymise' in effects ? 'anonymise' : 'anonymize' },
        { effect: 'mono' },
      ]),
    );
    expect(checked.map(({ effect }) => effect.order ?? effect.name)).toEqual(['first', 'tone', 'mono', 'last']);
  });

  it('says what facts a recipe rests on', () => {
    expect(recipeNeeds(createRecipe([{ effect: 'tone' }]))).toEqual([]);
    expect(recipeNeeds(createRecipe([{ effect: 'mono' }]))).toEqual(['matte']);
    expect(recipeNeeds(createRecipe([{ effect: 'tone', on: { role: 'everyone' } }]))).toContain('subjects');
  });

  it('knows what suits any picture', () => {
    expect(isPortableRecipe(createRecipe([{ effect: 'tone', on: { role: 'everyone' } }]))).toBe(true);
    expect(isPortableRecipe(createRecipe([{ effect: 'tone', on: { role: 'subject', id: 'person-1' } }]))).toBe(false);
  });
});
