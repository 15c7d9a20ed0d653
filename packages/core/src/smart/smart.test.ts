import { describe, expect, it } from 'vitest';
import { recipeNeeds } from '../recipe/recipe.ts';
import type { ExpressionName, Face, Scene, Subject } from '../scene/scene.ts';
import { chooseLook, SMART_FACTS } from './choose.ts';
import { createDefaultRules } from './default-rules.ts';
import { parseRules } from './rules.ts';

const provenance = { models: [] };

function face(id: number, smile: number, name: ExpressionName): Face {
  const at = { x: 0.5, y: 0.5 };
  const distribution = { angry: 0, disgusted: 0, fearful: 0, happy: 0, neutral: 0, sad: 0, surprised: 0, [name]: 1 };
  return {
    id: `face-${id}`,
    box: { x: 0.4, y: 0.2, width: 0.2, height: 0.2 },
    score: 1,
    points: { rightEye: at, leftEye: at, nose: at, mouthRight: at, mouthLeft: at },
    rollDegrees: 0,
    quality: { overall: 1, size: 1, sharpness: 1, pose: 1 },
    expression: { smile, distribution },
  };
}

function sceneOf(faces: readonly Face[], things: readonly string[] = []): Scene {
  const matte = { width: 1, height: 1, data: new Uint8Array([255]) };
  const box = { x: 0, y: 0, width: 1, height: 1 };
  const thing = (label: string, i: number): Subject => ({
    id: `${label}-${i}`,
    kind: 'object',
    label,
    score: 1,
    box,
    anchor: { x: 0.5, y: 0.5 },
    matte: { box, matte },
    faceIds: [],
  });
  return {
    version: 1,
    width: 300,
    height: 200,
    facts: SMART_FACTS,
    matte: { matte, provenance },
    objects: { objects: [], provenance },
    faces: { faces, provenance },
    subjects: { subjects: things.map(thing), provenance },
  };
}

const smiling = sceneOf([face(1, 0.95, 'happy')]);
const serious = sceneOf([face(1, 0.05, 'sad')]);

describe('chooseLook', () => {
  it('chooses by the expression, and says why', () => {
    const glad = chooseLook(smiling);
    expect(glad.rule).toBe('a bright smile');
    expect(glad.because[0]).toBe('One face was found; it: smile 95 %, with a happy expression.');
    expect(glad.recipe.look.steps.map(({ effect }) => effect)).toEqual(
      expect.arrayContaining(['background', 'caption']),
    );
    const grave = chooseLook(serious);
    expect(grave.rule).toBe('a serious expression');
    expect(grave.recipe.look.steps.some(({ effect }) => effect === 'caption')).toBe(false);
    expect(JSON.stringify([glad.because, grave.because])).not.toMatch(/feel|emotion|mood of/i);
  });

  it('goes by no expression that is not likelier than all others together', () => {
    const resting = face(1, 0.08, 'disgusted');
    const distribution = { ...resting.expression?.distribution, disgusted: 0.33, happy: 0.2, surprised: 0.12 };
    const unsure = sceneOf([{ ...resting, expression: { smile: 0.08, distribution } } as Face]);
    expect(chooseLook(unsure).because[0]).toBe('One face was found; it: smile 8 %.');
    expect(chooseLook(unsure).rule).toBe('a calm face');
  });

  it('gives the same for a seed, and other looks for others', () => {
    expect(chooseLook(smiling, { seed: 7 })).toEqual(chooseLook(smiling, { seed: 7 }));
    const looks = new Set(
      Array.from({ length: 30 }, (_, seed) => JSON.stringify(chooseLook(smiling, { seed }).recipe)),
    );
    expect(looks.size).toBeGreaterThan(10);
  });

  it('lets the face that smiles most decide for a group, or all together', () => {
    const group = sceneOf([face(1, 0.9, 'happy'), face(2, 0.05, 'neutral'), face(3, 0.05, 'neutral')]);
    expect(chooseLook(group).rule).toBe('a group that smiles');
    expect(chooseLook(group, { group: 'all' }).rule).toBe('a calm face');
  });

  it('finds something for animals, people without a face and nothing at all', () => {
    expect(chooseLook(sceneOf([], ['dog'])).rule).toBe('an animal');
    expect(chooseLook(sceneOf([])).rule).toBe('anything else');
  });

  it('takes a mood by its words, and says which there are', () => {
    expect(chooseLook(serious, { mood: 'Birthday' }).mood).toBe('party');
    expect(() => chooseLook(serious, { mood: 'grumpy' })).toThrow(/Expected a mood/);
  });

  it("takes the user's background whose tags fit, and no other", () => {
    const backgrounds = [
      { name: 'office.jpg', tags: ['office'] },
      { name: 'beach.jpg', tags: ['beach', 'sea'] },
    ];
    const choice = chooseLook(smiling, { mood: 'warm', backgrounds });
    expect(choice.background).toBe('beach.jpg');
    expect(choice.recipe.look.steps[0]).toMatchObject({
      effect: 'background',
      params: { kind: 'picture' },
      assets: { background: 'beach.jpg' },
    });
    expect(chooseLook(smiling, { mood: 'snow', backgrounds }).background).toBeUndefined();
  });

  it("asks the user's rules first, and has its own for the rest", () => {
    const rules = parseRules(
      {
        format: 'focal-rules',
        version: 1,
        moods: { office: { looks: [[{ effect: 'background', params: { kind: 'color', color: '#224466' } }]] } },
        rules: [{ name: 'serious is for the office', when: { smile: { max: 0.2 } }, moods: ['office'] }],
      },
      createDefaultRules(),
    );
    expect(chooseLook(serious, { rules }).recipe.look.steps).toHaveLength(1);
    expect(chooseLook(smiling, { rules }).rule).toBe('a bright smile');
  });

  it('needs no more facts for any of its looks than it looked at', () => {
    for (let seed = 0; seed < 200; seed++) {
      for (const scene of [smiling, serious, sceneOf([], ['dog'])]) {
        const needs = recipeNeeds(chooseLook(scene, { seed }).recipe);
        expect(needs.every((fact) => SMART_FACTS.includes(fact))).toBe(true);
      }
    }
  });

  it('refuses a scene that was not looked at', () => {
    expect(() => chooseLook({ ...smiling, facts: ['matte'] })).toThrow(/objects/);
  });
});

describe('parseRules', () => {
  const base = { format: 'focal-rules', version: 1 };

  it.each([
    ['something else', 7, /not valid/],
    ['another version', { ...base, version: 2, rules: [] }, /version/],
    ['an unknown key', { ...base, rules: [{ name: 'a', moods: ['x'], wen: {} }] }, /wen/],
    ['a mood that is not there', { ...base, rules: [{ name: 'a', moods: ['gloom'] }] }, /gloom/],
    ['an unknown effect', { ...base, moods: { m: { looks: [[{ effect: 'sparkle' }]] } }, rules: [] }, /sparkle/],
    [
      'a parameter out of range',
      { ...base, moods: { m: { looks: [[{ effect: 'tone', params: { exposure: 99 } }]] } }, rules: [] },
      /exposure/,
    ],
    [
      'a range that is none',
      { ...base, rules: [{ name: 'a', moods: ['party'], when: { smile: { min: 3 } } }] },
      /smile/,
    ],
  ])('refuses %s and says where', (_, raw, message) => {
    expect(() => parseRules(raw)).toThrow(message);
  });
});
