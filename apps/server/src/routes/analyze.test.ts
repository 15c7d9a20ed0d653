import { fromSceneJson, sceneSchema } from '@focal/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { useRealApp } from '../fixtures/real-app.ts';

const real = useRealApp();
const post = (query: string, body?: Uint8Array<ArrayBuffer>) => real.post(`/v1/analyze${query}`, {}, body);

describe('POST /v1/analyze', () => {
  it('gives the facts that are asked for as JSON of its schema, without alpha', async () => {
    const answer = await post('?facts=matte');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    const json = await answer.json();
    const { facts, width, height, matte } = sceneSchema.parse(json);
    expect({ facts, width, height }).toEqual({ facts: ['matte'], width: 480, height: 320 });
    expect(matte?.matte).toEqual({ width: 256, height: 256 });
  });

  it('gives the alpha packed or as PNG, and both are the same', async () => {
    const packed = fromSceneJson(await (await post('?facts=matte&mattes=packbits')).json());
    const { matte } = sceneSchema.parse(await (await post('?facts=matte&mattes=png')).json());
    const { data, info } = await sharp(Buffer.from(matte?.matte.png ?? '', 'base64'))
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([256, 256, 1]);
    expect(Buffer.compare(data, Uint8Array.from(packed.matte?.matte.data ?? []))).toBe(0);
    expect(new Set(data).size).toBeGreaterThan(10);
  });

  it.each([
    ['?facts=mood', 'Expected facts such as objects,faces, got \\"mood\\".'],
    ['?facts=', 'Expected facts such as'],
    ['?mattes=gif', 'one of none, packbits, png for mattes'],
    ['?vectors=perhaps', 'Expected true or false for vectors'],
    ['?format=png', 'analyze has no option'],
  ])('refuses %s and says what was expected', async (query, text) => {
    const answer = await post(query);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(text)]);
  });

  it('refuses what is no picture, and other methods', async () => {
    expect((await post('', new Uint8Array(500))).status).toBe(415);
    expect((await post('', real.photo.slice(0, 2000))).status).toBe(422);
    expect((await real.app.request('/v1/analyze')).status).toBe(405);
  });

  it('is described', async () => {
    const document = (await (await real.app.request('/openapi.json')).json()) as {
      components: { schemas: Record<string, unknown> };
      paths: Record<string, unknown>;
    };
    expect(document.paths['/v1/analyze']).toBeDefined();
    expect(document.components.schemas.Scene).toMatchObject({ type: 'object', properties: { version: { const: 1 } } });
  });
});
