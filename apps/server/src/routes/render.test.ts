import { describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { createFakeFocal } from '../fixtures/fake-focal.ts';

const recipe = {
  format: 'focal-recipe',
  version: 1,
  look: { steps: [{ effect: 'cutout', params: { background: 'picture' }, assets: { background: 'beach' } }] },
};

function body(fields: Readonly<Record<string, string>>, files: readonly string[]): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  for (const name of files) data.set(name, new Blob([name]), name);
  return data;
}

async function post(data: FormData, query = '') {
  const focal = createFakeFocal();
  const answer = await createApp({ focal }).request(`/v1/render${query}`, { method: 'POST', body: data });
  return { focal, answer };
}

describe('POST /v1/render', () => {
  it('applies the recipe with its pictures, by the names of the form', async () => {
    const data = body({ recipe: JSON.stringify(recipe) }, ['image', 'beach']);
    const { focal, answer } = await post(data, '?lenient=true&format=webp');
    expect(answer.status).toBe(200);
    const [edit] = focal.edits;
    expect(edit?.effect).toMatchObject(recipe);
    expect(edit?.options).toMatchObject({ lenient: true, format: 'webp' });
    expect(Object.keys(edit?.options.assets ?? {})).toEqual(['beach']);
  });

  it('takes the recipe as a file too', async () => {
    const data = body({}, ['image']);
    data.set('recipe', new Blob([JSON.stringify({ ...recipe, look: { steps: [{ effect: 'bokeh' }] } })]), 'look.json');
    const { focal, answer } = await post(data);
    expect(answer.status).toBe(200);
    expect(focal.edits[0]?.effect).toMatchObject({ look: { steps: [{ effect: 'bokeh' }] } });
    expect(focal.edits[0]?.options.assets).toEqual({});
  });

  it.each([
    ['no recipe', {}, 'recipe'],
    ['text that is no JSON', { recipe: '{' }, 'JSON'],
    ['another version', { recipe: JSON.stringify({ ...recipe, version: 9 }) }, 'version 9'],
    ['an unknown effect', { recipe: JSON.stringify({ ...recipe, look: { steps: [{ effect: 'x' }] } }) }, 'Step 1'],
    ['a recipe of more than a megabyte', { recipe: ' '.repeat(1024 * 1024 + 10) }, 'bytes'],
  ])('refuses %s', async (_, fields, text) => {
    const { focal, answer } = await post(body(fields, ['image']));
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain(text);
    expect(focal.edits).toHaveLength(0);
  });

  it('refuses files whose names could lead elsewhere', async () => {
    const { answer } = await post(body({ recipe: JSON.stringify(recipe) }, ['image', '../beach']));
    expect(answer.status).toBe(400);
  });
});
