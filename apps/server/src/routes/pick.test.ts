import { type PickJson, pickSchema } from '@focal/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, useRealApp } from '../fixtures/real-app.ts';

const real = useRealApp();
/** On the shirt of the woman to the right. */
const ON_HER = 'x=0.8&y=0.49';

const pickJson = async (query: string): Promise<PickJson> =>
  pickSchema.parse(await (await real.post(`/v1/pick?${query}`, { accept: 'application/json' })).json());

describe('POST /v1/pick', () => {
  it('cuts out the person at the point, and nobody else', async () => {
    const answer = await real.post(`/v1/pick?${ON_HER}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(answer.headers.get('focal-models')).toContain('pose-full');
    const { data, size, channels } = await decodeAnswer(answer);
    expect([size, channels]).toEqual([[480, 320], 4]);
    const alpha = (x: number, y: number) => data[4 * (Math.floor(y * 320) * 480 + Math.floor(x * 480)) + 3];
    expect(alpha(0.8, 0.49)).toBeGreaterThan(240);
    expect([alpha(0.25, 0.4), alpha(0.5, 0.55), alpha(0.1, 0.1)]).toEqual([0, 0, 0]);
  });

  it('tells who or what it is as JSON, by Accept or by format, with the alpha where that is asked for', async () => {
    const json = await pickJson(ON_HER);
    expect(json).toMatchObject({ width: 480, basis: 'subject', subject: { kind: 'person', label: 'person' } });
    expect(json.box.x).toBeGreaterThan(0.55);
    expect(json.matte.matte.packbits ?? json.matte.matte.png).toBeUndefined();
    const plain = await real.post(`/v1/pick?${ON_HER}&format=json`);
    expect(await plain.json()).toEqual(json);
    expect((await pickJson(`${ON_HER}&mattes=packbits`)).matte.matte.packbits?.length).toBeGreaterThan(100);
    const { matte } = (await pickJson(`${ON_HER}&mattes=png`)).matte;
    const { width, height } = await sharp(Buffer.from(matte.png ?? '', 'base64')).metadata();
    expect([width, height]).toEqual([matte.width, matte.height]);
  });

  it('gives the matte alone in grey, in the format that is accepted', async () => {
    const answer = await real.post(`/v1/pick?${ON_HER}&output=matte`, { accept: 'image/webp' });
    expect([answer.headers.get('content-type'), answer.headers.get('focal-size')]).toEqual(['image/webp', '480x320']);
    const { data, channels } = await decodeAnswer(answer);
    expect(data[channels * (157 * 480 + 384)]).toBeGreaterThan(240);
    expect(data[channels * (32 * 480 + 48)]).toBeLessThan(16);
  });

  it('takes the point from a form, too', async () => {
    const form = new FormData();
    form.set('x', '0.8');
    form.set('y', '0.49');
    form.set('format', 'json');
    form.set('image', new Blob([real.photo], { type: 'image/jpeg' }), 'photo.jpg');
    const answer = await real.app.request('/v1/pick', { method: 'POST', body: form });
    expect(pickSchema.parse(await answer.json()).subject?.label).toBe('person');
  });

  it('says 404 where nothing stands out', async () => {
    const grey = { width: 160, height: 120, channels: 3, background: '#b4b4b4' } as const;
    const wall = Uint8Array.from(await sharp({ create: grey }).png().toBuffer());
    const answer = await real.post('/v1/pick?x=0.5&y=0.5', { 'content-type': 'image/png' }, wall);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not-found', detail: expect.stringContaining('at 0.5, 0.5') });
  });

  it.each([
    ['', 'Expected a fraction from 0 to 1 for x, got none.'],
    ['?x=0.5', 'for y, got none.'],
    ['?x=1.5&y=0', 'for x, got \\"1.5\\".'],
    ['?x=&y=0', 'for x, got \\"\\".'],
    ['?x=0&y=0&output=model-matte', 'Expected one of picture, matte for output, got'],
    ['?x=0&y=0&mattes=gif', 'one of none, packbits, png for mattes'],
    ['?x=0&y=0&at=1', 'pick has no option'],
  ])('refuses %j and says what was expected', async (query, text) => {
    const answer = await real.post(`/v1/pick${query}`);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(text)]);
  });

  it('refuses what is no picture, types it does not write, and other methods; and is described', async () => {
    expect((await real.post(`/v1/pick?${ON_HER}`, {}, new Uint8Array(500))).status).toBe(415);
    expect((await real.post(`/v1/pick?${ON_HER}`, { accept: 'text/html' })).status).toBe(406);
    expect((await real.app.request('/v1/pick')).status).toBe(405);
    const document = (await (await real.app.request('/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string }[] } }>;
    };
    expect(document.paths['/v1/pick']?.post.parameters.map(({ name }) => name)).toEqual([
      'x',
      'y',
      'format',
      'quality',
      'metadata',
      'output',
      'mattes',
    ]);
  });
});
