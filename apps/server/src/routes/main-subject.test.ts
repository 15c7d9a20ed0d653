import { sceneSchema } from '@focal/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, useRealApp } from '../fixtures/real-app.ts';

const saliencySchema = sceneSchema.shape.saliency.unwrap();
const real = useRealApp();
const post: typeof real.post = (...args) => real.post(...args);

describe('POST /v1/saliency', () => {
  it('gives what the photo is about as JSON of its schema', async () => {
    const answer = await post('/v1/saliency', { accept: '*/*' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    const { classes, map, focalPoint, box, confidence } = saliencySchema.parse(await answer.json());
    expect(classes[0]?.label).toBe('person');
    expect(Object.keys(map)).toEqual(['width', 'height']);
    expect(confidence).toBeGreaterThan(0);
    expect(focalPoint.x).toBeGreaterThan(box.x);
    expect(focalPoint.x).toBeLessThan(box.x + box.width);
  });

  it('gives the evidence with it where that is asked for, packed or as PNG', async () => {
    const packed = saliencySchema.parse(await (await post('/v1/saliency?map=packbits')).json());
    expect(packed.map.packbits?.length).toBeGreaterThan(100);
    const { map } = saliencySchema.parse(await (await post('/v1/saliency?map=png')).json());
    const { width, height } = await sharp(Buffer.from(map.png ?? '', 'base64')).metadata();
    expect([width, height]).toEqual([packed.map.width, packed.map.height]);
  });

  it('gives the evidence as a picture in the size of the photo, by format or by Accept', async () => {
    const answer = await post('/v1/saliency?format=png');
    expect([answer.status, answer.headers.get('focal-size')]).toEqual([200, '480x320']);
    const { format, data, size } = await decodeAnswer(answer);
    expect([format, size]).toEqual(['png', [480, 320]]);
    expect(data.some((value) => value > 200)).toBe(true);
    expect(data.filter((value) => value < 30).length / data.length).toBeGreaterThan(0.2);
    for (const [accept, type] of [
      ['image/*', 'image/png'],
      ['image/webp', 'image/webp'],
      ['application/json;q=0.5, image/jpeg', 'image/jpeg'],
      ['application/json, image/*', 'application/json'],
    ] as const) {
      expect((await post('/v1/saliency', { accept })).headers.get('content-type')).toBe(type);
    }
  });

  it('lays the evidence over the photo as heat', async () => {
    const { format, size, channels, data } = await decodeAnswer(await post('/v1/saliency?heat=true'));
    expect([format, size, channels]).toEqual(['jpeg', [480, 320], 3]);
    const plain = await sharp(real.photo).raw().toBuffer();
    const change = data.reduce((sum, value, i) => sum + Math.abs(value - (plain[i] ?? 0)), 0);
    expect(change / plain.length).toBeGreaterThan(10);
  });

  it.each([
    ['?format=gif', 'one of png, webp, jpeg, avif'],
    ['?map=tiff', 'one of none, packbits, png for map'],
    ['?heat=hot', 'Expected true or false for heat'],
    ['?heat=true&format=json', 'Heat is a picture'],
    ['?aspect=1:1', 'saliency has no option'],
  ])('refuses %s and says what was expected', async (query, text) => {
    const answer = await post(`/v1/saliency${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await answer.text()).toContain(text);
  });
});

describe('POST /v1/crop', () => {
  it.each([
    ['1:1', 1],
    ['9:16', 9 / 16],
    ['1.91', 1.91],
  ])('gives the part of the photo in the shape %s, and says which part', async (aspect, ratio) => {
    const answer = await post(`/v1/crop?aspect=${aspect}&format=png`);
    expect(answer.status).toBe(200);
    const [x = 0, y = 0, width = 0, height = 0] = (answer.headers.get('focal-crop') ?? '').split(',').map(Number);
    const { format, data, size } = await decodeAnswer(answer);
    expect([format, size]).toEqual(['png', [width, height]]);
    expect(answer.headers.get('focal-size')).toBe(`${width}x${height}`);
    expect(Math.abs(width - height * ratio)).toBeLessThanOrEqual(Math.max(1, ratio));
    const expected = await sharp(real.photo).extract({ left: x, top: y, width, height }).raw().toBuffer();
    const change = data.reduce((sum, value, i) => sum + Math.abs(value - (expected[i] ?? 0)), 0);
    expect(change / expected.length).toBeLessThan(1);
  });

  it.each(['/v1/crop?aspect=1:1', '/v1/pick?x=0.5&y=0.5'])('%s keeps the metadata it is told to', async (path) => {
    const told = await sharp(real.photo)
      .withExif({ IFD0: { Make: 'Canon' } })
      .jpeg()
      .toBuffer();
    const hasMake = async (query: string): Promise<boolean> => {
      const answer = await real.post(path + query, {}, Uint8Array.from(told));
      expect(answer.status).toBe(200);
      return Buffer.from(await answer.arrayBuffer()).includes('Canon');
    };
    expect(await hasMake('')).toBe(false);
    expect(await hasMake('&metadata=no-location')).toBe(true);
  });

  it('takes the aspect from a form, and keeps format and transparency of the photo', async () => {
    const clear = await sharp(real.photo).ensureAlpha(0.5).png().toBuffer();
    const form = new FormData();
    form.set('aspect', '4:5');
    form.set('image', new Blob([Uint8Array.from(clear)], { type: 'image/png' }), 'real.photo.png');
    const answer = await real.app.request('/v1/crop', { method: 'POST', body: form });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await decodeAnswer(answer)).channels).toBe(4);
    expect((await post('/v1/crop?aspect=4:5')).headers.get('content-type')).toBe('image/jpeg');
  });

  it.each([
    ['', 'Expected an aspect ratio such as 16:9 for aspect, got none.'],
    ['?aspect=', 'Expected an aspect ratio such as 16:9 or 1.91'],
    ['?aspect=0:1', 'Expected an aspect ratio such as 16:9 or 1.91'],
    ['?aspect=1:1,16:9', 'Expected an aspect ratio such as 16:9 or 1.91'],
    ['?aspect=1:1&quality=0', 'Expected a whole number from 1 to 100 for quality'],
  ])('refuses %j and says what was expected', async (query, text) => {
    const answer = await post(`/v1/crop${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await answer.text()).toContain(text);
  });
});

describe.each(['/v1/saliency', '/v1/crop?aspect=1:1'])('POST %s', (path) => {
  it('refuses what is no picture, what it cannot write, and other methods', async () => {
    expect((await post(path, {}, new Uint8Array(500))).status).toBe(415);
    expect((await post(path, {}, real.photo.slice(0, 2000))).status).toBe(422);
    expect((await post(path, { accept: 'text/html' })).status).toBe(406);
    expect((await real.app.request(path)).status).toBe(405);
  });

  it('is described', async () => {
    const document = (await (await real.app.request('/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string }[] } }>;
    };
    const { parameters } = document.paths[path.replace(/\?.*/, '')]?.post ?? { parameters: [] };
    expect(parameters.map(({ name }) => name)).toEqual(
      path.startsWith('/v1/crop') ? ['aspect', 'format', 'quality', 'metadata'] : ['format', 'quality', 'map', 'heat'],
    );
  });
});
