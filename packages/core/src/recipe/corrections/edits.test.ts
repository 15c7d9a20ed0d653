import { describe, expect, it } from 'vitest';
import { FocalError } from '../../errors.ts';
import { isPortableRecipe, parseRecipe, type Recipe, recipeNeeds } from '../recipe.ts';
import { parseSelector } from '../selector.ts';
import { correctionsOf } from './edits.ts';

const STROKE = { kind: 'stroke', mode: 'add', radius: 0.02, points: [{ x: 0.5, y: 0.5 }] };

const recipe = (corrections: readonly unknown[], effect = 'cutout', more: object = {}) => ({
  format: 'focal-recipe',
  version: 1,
  look: { steps: [{ effect }] },
  edits: { corrections, ...more },
});

function refusal(json: unknown): string {
  try {
    parseRecipe(json);
  } catch (error) {
    if (error instanceof FocalError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('the edits of a recipe', () => {
  it('fill in what is left out, and give the same again from their own JSON', () => {
    const parsed = parseRecipe(
      recipe([
        STROKE,
        { kind: 'pick', mode: 'remove', on: 'person-1', x: 0.2, y: 1 },
        { kind: 'feather', on: 'background', radius: 0.01 },
        { kind: 'shift', amount: -0.5 },
      ]),
    );
    expect(parsed.edits?.corrections[0]).toEqual({ ...STROKE, on: { role: 'main' }, softness: 0.3 });
    expect(parsed.edits?.corrections[1]).toMatchObject({ on: { role: 'subject', id: 'person-1' } });
    expect(parseRecipe(JSON.stringify(parsed))).toEqual(parsed);
  });

  it('are refused by the place of what is wrong', () => {
    const first = (correction: unknown) => refusal(recipe([correction]));
    expect(first(STROKE)).toBe('taken');
    expect(first({ ...STROKE, mode: 'paint' })).toContain('not valid at edits.corrections.0.mode');
    expect(first({ ...STROKE, radius: Number.NaN })).toContain('not valid at edits.corrections.0.radius');
    expect(first({ ...STROKE, softness: 2 })).toContain('not valid at edits.corrections.0.softness');
    expect(first({ ...STROKE, points: [] })).toContain('not valid at edits.corrections.0.points');
    expect(first({ ...STROKE, points: [{ x: 9, y: 0 }] })).toContain('edits.corrections.0.points.0.x');
    expect(first({ ...STROKE, points: [{ x: 0, y: 0, pressure: -1 }] })).toContain('points.0.pressure');
    expect(first({ ...STROKE, bitmap: '' })).toContain('not valid at edits.corrections.0');
    expect(first({ ...STROKE, on: 'boss' })).toContain('whom the step acts on, got "boss"');
    expect(first({ ...STROKE, on: 'everything' })).toContain('everything has no edge');
    expect(first({ kind: 'shift', amount: 2 })).toContain('edits.corrections.0.amount');
    expect(refusal(recipe([], 'cutout', { picture: 'photo.jpg' }))).toContain('not valid at edits.picture');
    expect(refusal(recipe([], 'cutout', { picture: 'ab'.repeat(32) }))).toBe('taken');
    expect(refusal(recipe([], 'cutout', { more: 1 }))).toContain('not valid at edits');
  });

  it('are refused where they are more than anybody draws', () => {
    const many = (count: number, each: unknown) => Array.from({ length: count }, () => each);
    const long = (points: number) => ({ ...STROKE, points: many(points, { x: 0, y: 0 }) });
    expect(refusal(recipe(many(500, STROKE)))).toBe('taken');
    expect(refusal(recipe(many(501, STROKE)))).toContain('not valid at edits.corrections');
    expect(refusal(recipe([long(2500), long(2500)]))).toBe('taken');
    expect(refusal(recipe([long(2500), long(2501)]))).toContain('at most 5000 points');
    expect(refusal(recipe(many(21, { kind: 'pick', mode: 'add', x: 0, y: 0 })))).toContain('at most 20 picks');
  });

  it('bind a recipe to a picture, and ask for what picks go by only where a step uses them', () => {
    const pick = { kind: 'pick', mode: 'add', x: 0.5, y: 0.5 };
    expect(isPortableRecipe(parseRecipe(recipe([])))).toBe(true);
    expect(isPortableRecipe(parseRecipe(recipe([STROKE])))).toBe(false);
    expect(recipeNeeds(parseRecipe(recipe([STROKE])))).not.toContain('subjects');
    expect(recipeNeeds(parseRecipe(recipe([pick])))).toContain('subjects');
    expect(recipeNeeds(parseRecipe(recipe([pick], 'tone')))).toEqual([]);
  });
});

describe('correctionsOf', () => {
  const of = (corrections: readonly unknown[], on: string) =>
    correctionsOf((parseRecipe(recipe(corrections)) as Recipe).edits, parseSelector(on));

  it('gives those of the selection, in their order', () => {
    const corrections = [STROKE, { kind: 'shift', amount: 1, on: 'person-2' }, { kind: 'feather', radius: 0.01 }];
    expect(of(corrections, 'main').map(({ kind }) => kind)).toEqual(['stroke', 'feather']);
    expect(of(corrections, 'person-2').map(({ kind }) => kind)).toEqual(['shift']);
    expect(of(corrections, 'largest')).toEqual([]);
  });

  it('turns round what was done to the background', () => {
    const corrections = [
      { ...STROKE, on: 'background' },
      { kind: 'shift', amount: 0.5, on: 'background' },
    ];
    for (const on of ['main', 'background']) {
      expect(of(corrections, on)).toMatchObject([{ mode: 'remove' }, { amount: -0.5 }]);
    }
  });
});
