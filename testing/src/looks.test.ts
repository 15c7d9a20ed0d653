import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createApp } from '@focal/server';
import { createFocal, type Focal } from 'focal';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runFocal } from '../../apps/cli/src/fixtures/run-focal.ts';

// Recipes and smart looks on a real photo with the real models: the same from command line, API and library.

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const photo = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo/sample6.jpg',
);
const recipe = {
  format: 'focal-recipe',
  version: 1,
  look: {
    steps: [
      { effect: 'tone', params: { contrast: 0.2 } },
      { effect: 'mono', on: 'background' },
      { effect: 'bokeh', on: 'largest', params: { radius: 0.01 } },
      { effect: 'caption', params: { text: 'Σαββατοκύριακο' } },
    ],
  },
};

let folder: string;
let focal: Focal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-looks-'));
  await sharp(photo).resize(960).png().toFile(join(folder, 'photo.png'));
  await writeFile(join(folder, 'look.json'), JSON.stringify(recipe));
  // Without the large model: what is tested here does not depend on it.
  focal = await createFocal({ withoutModels: ['isnet-medium', 'isnet-small'] });
});

afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

async function pixelsOf(bytes: Uint8Array | string): Promise<Buffer> {
  return sharp(bytes).ensureAlpha().raw().toBuffer();
}

describe('a recipe', () => {
  it('gives the same file from command line and API, and changes the photo', async () => {
    const ended = await runFocal(['render', 'photo.png', '--recipe', 'look.json', '-o', 'out.png'], { folder });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    const byCommand = await readFile(join(folder, 'out.png'));
    // As the command has it: with every model that is installed.
    await using whole = await createFocal();
    const form = new FormData();
    form.set('image', new Blob([new Uint8Array(await readFile(join(folder, 'photo.png')))]), 'photo.png');
    form.set('recipe', JSON.stringify(recipe));
    const answer = await createApp({ focal: whole }).request('/v1/render?format=png', { method: 'POST', body: form });
    expect(answer.status).toBe(200);
    const byApi = Buffer.from(await answer.arrayBuffer());
    expect(byApi.equals(byCommand)).toBe(true);
    const [before, after] = await Promise.all([pixelsOf(join(folder, 'photo.png')), pixelsOf(byCommand)]);
    expect(after.length).toBe(before.length);
    let changed = 0;
    for (let i = 0; i < before.length; i++) if (Math.abs((before[i] ?? 0) - (after[i] ?? 0)) > 8) changed += 1;
    expect(changed / before.length).toBeGreaterThan(0.2);
  });

  it('names who is there where it names somebody who is not, or leaves the step out', async () => {
    const missing = { on: 'person-9', params: {} };
    await expect(focal.edit(photo, 'cutout', missing)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no person-9.*person-1/),
    });
    const { warnings, bytes } = await focal.edit(photo, 'cutout', { ...missing, lenient: true, format: 'png' });
    expect(warnings).toEqual([expect.stringContaining('person-9')]);
    expect(
      (await pixelsOf(bytes)).equals(await pixelsOf(await focal.encode((await focal.decode(photo)).picture))),
    ).toBe(true);
  });

  it('cuts out one person of several', async () => {
    const all = await focal.edit(photo, 'cutout', { on: 'everyone', format: 'png' });
    const one = await focal.edit(photo, 'cutout', { on: 'person-2', format: 'png' });
    const visible = async (bytes: Uint8Array) =>
      (await pixelsOf(bytes)).filter((_, i) => i % 4 === 3).filter((a) => a > 128).length;
    const [many, single] = await Promise.all([visible(all.bytes), visible(one.bytes)]);
    expect(single).toBeGreaterThan(many * 0.08);
    expect(single).toBeLessThan(many * 0.6);
  });

  it('says which character no font has', async () => {
    await expect(focal.edit(photo, 'caption', { params: { text: '漢' } })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('漢'),
    });
  });
});

describe('a smart look', () => {
  it('goes by the expression, says why, and its recipe gives the same picture again', async () => {
    const { choice, bytes } = await focal.smart(photo, { seed: 3, format: 'png' });
    expect(choice.rule).toBe('a group that smiles');
    expect(choice.because.length).toBeGreaterThanOrEqual(3);
    const again = await focal.edit(photo, choice.recipe, { format: 'png' });
    expect(Buffer.from(again.bytes).equals(Buffer.from(bytes))).toBe(true);
    const other = await focal.smart(photo, { seed: 4, mood: 'snow', caption: '' });
    expect(other.choice.mood).toBe('snow');
    expect(other.choice.recipe.look.steps.some(({ effect }) => effect === 'caption')).toBe(false);
  });

  it('answers over HTTP with the picture, or with the choice alone', async () => {
    const app = createApp({ focal });
    const body = async () => new Uint8Array(await readFile(photo));
    const headers = { 'content-type': 'image/jpeg' };
    const picture = await app.request('/v1/smart?seed=2&format=jpeg', { method: 'POST', body: await body(), headers });
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(picture.headers.get('focal-choice')).toContain('faces were found');
    const json = await app.request('/v1/smart?answer=json&seed=2', { method: 'POST', body: await body(), headers });
    expect(await json.json()).toMatchObject({ rule: 'a group that smiles', recipe: { format: 'focal-recipe' } });
    const wrong = await app.request('/v1/smart?mood=grumpy', { method: 'POST', body: await body(), headers });
    expect(wrong.status).toBe(400);
  });
});
