import { describe, expect, it } from 'vitest';
import { decodeAnswer, useRealApp } from '../fixtures/real-app.ts';

interface Choice {
  readonly because: readonly string[];
  readonly recipe: {
    readonly look: { readonly steps: readonly { readonly effect: string; readonly params: object }[] };
  };
}

const RULES = {
  format: 'focal-rules',
  version: 1,
  rules: [{ name: 'three at a table', when: { people: { min: 1 } }, moods: ['snow'], captions: ['Brr'] }],
};

describe('POST /v1/smart', () => {
  const real = useRealApp();

  function post(fields: Readonly<Record<string, string>>): Promise<Response> {
    const form = new FormData();
    form.append('image', new Blob([real.photo], { type: 'image/jpeg' }), 'photo.jpg');
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return Promise.resolve(real.app.request('/v1/smart', { method: 'POST', body: form }));
  }
  const choose = async (fields: Readonly<Record<string, string>>): Promise<Choice> =>
    (await post({ answer: 'json', ...fields })).json() as Promise<Choice>;

  it('says what it chose and why, the same for the same seed', async () => {
    const [one, again, other] = await Promise.all([choose({}), choose({}), choose({ seed: '2' })]);
    expect(one.because.join(' ')).toMatch(/face/);
    expect(one.recipe.look.steps.map(({ effect }) => effect)).toContain('background');
    expect(again).toEqual(one);
    expect(other.recipe).not.toEqual(one.recipe);
  });

  it('gives the picture, with why it looks so', async () => {
    const answer = await post({ mood: 'rainbow', format: 'png' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(answer.headers.get('focal-choice')).toMatch(/rainbow/);
    expect((await decodeAnswer(answer)).size).toEqual([480, 320]);
  });

  it('goes by rules of the user first, however long', async () => {
    const long = {
      ...RULES,
      rules: [{ ...RULES.rules[0], captions: Array.from({ length: 40 }, () => 'Brr '.repeat(60)) }],
    };
    for (const rules of [RULES, long]) {
      const { because } = await choose({ rules: JSON.stringify(rules) });
      expect(because.join(' ')).toContain('three at a table');
    }
  });

  it.each([
    ['no: json', 'The rules are no JSON'],
    ['{"format":"focal-rules","version":1,"rules":[{"name":"x","moods":["nosuchmood"]}]}', 'nosuchmood'],
    ['[]', 'rules'],
  ])('refuses rules such as %s', async (rules, said) => {
    const answer = await post({ rules });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(said);
  });
});
