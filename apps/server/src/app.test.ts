import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FocalError } from '@focal/core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import { createFakeFocal, type FakeEdit } from './fixtures/fake-focal.ts';
import type { Limits } from './limits.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-app-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

function setUp(edit?: FakeEdit, limits: Partial<Limits> = {}) {
  const focal = createFakeFocal(edit, join(folder, 'model.onnx'));
  const defects: unknown[] = [];
  const app = createApp({ focal, limits, uploadsFolder: folder, onDefect: (error) => void defects.push(error) });
  const post = async (
    path: string,
    body: BodyInit = 'picture',
    headers: Record<string, string> = { 'content-type': 'image/jpeg' },
  ): Promise<Response> => app.request(path, { method: 'POST', body, headers });
  return { app, focal, defects, post };
}

async function problemOf(answer: Response): Promise<Record<string, unknown>> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await answer.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: 'about:blank', status: answer.status, title: expect.any(String) });
  return problem;
}

describe('an edit', () => {
  it('takes a raw body and answers with the picture and what is to be known of it', async () => {
    const { post, focal } = setUp();
    const answer = await post('/v1/bokeh?radius=0.03&format=webp&quality=70');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('picture');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'focal-size': '3x2',
      'focal-device': 'cpu',
      'focal-models': 'fake',
      'focal-notice': 'A sentence for the user.',
      'server-timing': 'analyse;dur=12.3',
      'cache-control': 'no-store',
    });
    expect(focal.edits[0]).toMatchObject({
      effect: 'bokeh',
      options: { params: { radius: 0.03 }, format: 'webp', quality: 70 },
    });
  });

  it('takes a form with options and further pictures', async () => {
    const { app, focal } = setUp();
    const body = new FormData();
    body.append('image', new Blob(['photo']));
    body.append('background', new Blob(['beach']));
    body.append('format', 'avif');
    const answer = await app.request('/v1/cutout?fit=contain', { method: 'POST', body });
    expect(answer.headers.get('content-type')).toBe('image/avif');
    expect(focal.edits[0]?.options).toMatchObject({
      params: { background: 'picture', fit: 'contain' },
      assets: { background: expect.stringMatching(/background$/) },
    });
  });

  it('takes options as fields of a form, and what goes with them', async () => {
    const { app, focal } = setUp();
    const body = new FormData();
    body.append('color', 'white');
    body.append('image', new Blob(['photo']));
    expect((await app.request('/v1/cutout', { method: 'POST', body })).status).toBe(200);
    body.append('background', 'color');
    expect((await app.request('/v1/cutout', { method: 'POST', body })).status).toBe(200);
    expect(focal.edits.map(({ options }) => options.params?.background)).toEqual(['color', 'color']);
  });

  it('with options that contradict each other or lack their picture is refused', async () => {
    const { post, app, focal } = setUp();
    const lacking = await problemOf(await post('/v1/cutout?background=picture'));
    expect(lacking).toMatchObject({ status: 400, detail: 'Expected a picture for background, got none.' });
    const contrary = await problemOf(await post('/v1/cutout?background=transparent&color=red'));
    expect(contrary).toMatchObject({ status: 400, detail: expect.stringContaining('color goes with background') });
    const body = new FormData();
    body.append('image', new Blob(['photo']));
    body.append('background', new Blob(['beach']));
    const both = await app.request('/v1/cutout?background=color', { method: 'POST', body });
    expect(await problemOf(both)).toMatchObject({
      detail: expect.stringContaining('A picture for background goes with'),
    });
    expect(focal.edits).toEqual([]);
  });

  it('leaves no file behind, whether it works or fails', async () => {
    const { post } = setUp(async (bytes) => {
      expect(await readdir(folder)).toHaveLength(1);
      if (bytes.length > 7) throw new FocalError('corrupt-input', 'Broken.');
      return {};
    });
    expect((await post('/v1/cutout')).status).toBe(200);
    expect((await post('/v1/cutout', 'long picture')).status).toBe(422);
    expect((await post('/v1/cutout', '')).status).toBe(400);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['/v1/cutout?wobble=1', 400, 'invalid-argument'],
    ['/v1/cutout?quality=x', 400, 'invalid-argument'],
    ['/v1/bokeh?radius=7', 400, 'invalid-argument'],
    ['/v1/levitate', 404, 'not-found'],
  ])('to %s is refused with %i', async (path, status, code) => {
    const { post, focal } = setUp();
    const problem = await problemOf(await post(path));
    expect(problem).toMatchObject({ status, code });
    expect(focal.edits).toHaveLength(0);
  });

  it('is refused for a type that Focal does not write, and by the wrong method', async () => {
    const { post, app } = setUp();
    const accepting = { 'content-type': 'image/png', accept: 'text/html' };
    expect(await problemOf(await post('/v1/cutout', 'a', accepting))).toMatchObject({ status: 406 });
    const got = await app.request('/v1/cutout');
    expect(got.headers.get('allow')).toBe('POST');
    expect(await problemOf(got)).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it('answers failures of the work by their code, with the hint', async () => {
    const { post } = setUp(async () => {
      throw new FocalError('model-missing', 'No model.', { hint: 'Install it.' });
    });
    const problem = await problemOf(await post('/v1/cutout'));
    expect(problem).toMatchObject({ status: 503, code: 'model-missing', detail: 'No model.', hint: 'Install it.' });
  });

  it('tells nothing of a defect or of paths', async () => {
    const { post, defects } = setUp(async () => {
      throw new Error('secret /home/user');
    });
    const answer = await post('/v1/cutout');
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toContain('secret');
    expect(defects).toEqual([expect.objectContaining({ message: 'secret /home/user' })]);

    const { post: other } = setUp(async () => {
      const [upload = ''] = await readdir(folder);
      throw new FocalError('corrupt-input', `Cannot read ${join(folder, upload, 'image')}: it is broken.`);
    });
    expect(await problemOf(await other('/v1/cutout'))).toMatchObject({ detail: 'Cannot read image: it is broken.' });
  });

  it('that takes too long ends with 504', async () => {
    const { post } = setUp(() => new Promise(() => undefined), { workTimeoutMs: 30 });
    const problem = await problemOf(await post('/v1/cutout'));
    expect(problem).toMatchObject({ status: 504, code: 'timeout', detail: 'The work took more than 0.03 s.' });
  });

  it('whose upload takes too long ends with 504', async () => {
    const { app } = setUp(undefined, { uploadTimeoutMs: 30 });
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(1)) });
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'image/png' } };
    const problem = await problemOf(await app.request('/v1/cutout', init as RequestInit));
    expect(problem).toMatchObject({ code: 'timeout', detail: 'The upload took more than 0.03 s.' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('past the queue is refused with 429 and a time to try again; those before it are done', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { post } = setUp(async () => gate.then(() => ({})), { concurrency: 1, queueLength: 2 });
    const early = [0, 1, 2].map(() => post('/v1/cutout'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const late = await post('/v1/cutout');
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemOf(late)).toMatchObject({ status: 429, code: 'busy' });
    finish();
    expect((await Promise.all(early)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await post('/v1/cutout')).status).toBe(200);
  });

  it('that fails does not block the ones behind it', async () => {
    let count = 0;
    const { post, app } = setUp(
      async () => {
        if (count++ % 2 === 0) throw new Error('broken');
        return {};
      },
      { concurrency: 1, queueLength: 20 },
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('/v1/cutout')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
    expect(answers.filter(({ status }) => status === 500)).toHaveLength(6);
    const health = await app.request('/health');
    expect(await health.json()).toMatchObject({ queue: { running: 0, waiting: 0 } });
  });
});

describe('the models', () => {
  it('are listed, each with the address of its file', async () => {
    const { app } = setUp();
    const { models } = (await (await app.request('/v1/models')).json()) as { models: { id: string; onnx: string }[] };
    expect(models).toEqual([expect.objectContaining({ id: 'fake', state: 'ready' })]);
    expect(models[0]?.onnx).toMatch(/^\/v1\/models\/fake\/onnx\?v=[\d.]+-abab/);
  });

  it('are streamed with an ETag, kept for good under an address with a version only', async () => {
    const { app } = setUp();
    await writeFile(join(folder, 'model.onnx'), 'weights');
    const answer = await app.request('/v1/models/fake/onnx');
    expect(await answer.text()).toBe('weights');
    expect(answer.headers.get('content-length')).toBe('7');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const etag = answer.headers.get('etag') ?? '';
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await app.request('/v1/models/fake/onnx', { headers: { 'if-none-match': tag } });
      expect(again.status).toBe(304);
    }
    const versioned = await app.request('/v1/models/fake/onnx?v=1', { headers: { 'if-none-match': '"other"' } });
    expect(versioned.status).toBe(200);
    expect(versioned.headers.get('cache-control')).toContain('immutable');
  });

  it('that are unknown give 404', async () => {
    const { app } = setUp();
    const problem = await problemOf(await app.request('/v1/models/..%2F..%2Fetc%2Fpasswd/onnx'));
    expect(problem).toMatchObject({ status: 404, hint: 'There are fake.' });
  });
});

describe('the description', () => {
  it('is valid OpenAPI 3.1 with a path and the parameters of every effect', async () => {
    const { app } = setUp();
    const api = (await (await app.request('/openapi.json')).json()) as Record<string, never>;
    const { valid, errors } = await new Validator().validate(structuredClone(api));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    const { effects } = (await (await app.request('/v1/effects')).json()) as {
      effects: { name: string; parameters: { name: string }[] }[];
    };
    expect(effects.map(({ name }) => name)).toEqual(expect.arrayContaining(['cutout', 'bokeh']));
    expect(api).toHaveProperty(['paths', '/v1/decode', 'post']);
    for (const effect of effects) {
      const { parameters } = (api as unknown as { paths: Record<string, { post: { parameters: { name: string }[] } }> })
        .paths[`/v1/${effect.name}`]?.post ?? { parameters: [] };
      const names = parameters.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining([...effect.parameters.map(({ name }) => name), 'format', 'quality']),
      );
    }
  });

  it('has a page whose files all come from here', async () => {
    const { app } = setUp();
    const page = await (await app.request('/docs')).text();
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) {
      expect(address).toMatch(/^\/[a-z]/);
      const answer = await app.request(address);
      expect([address, answer.status]).toEqual([address, 200]);
      await answer.arrayBuffer();
    }
    expect((await app.request('/docs/package.json')).status).toBe(404);
    expect((await app.request('/docs/..%2fpackage.json')).status).toBe(404);
  });
});

describe('every answer', () => {
  it('isolates the page, whatever it says', async () => {
    const { app, post } = setUp();
    for (const answer of [await app.request('/health'), await app.request('/nowhere'), await post('/v1/cutout')]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'self'"),
      });
    }
  });

  it('of text is compressed where the client can, of pictures never', async () => {
    const { app, post } = setUp();
    const api = await app.request('/openapi.json', { headers: { 'accept-encoding': 'gzip' } });
    expect(api.headers.get('content-encoding')).toBe('gzip');
    const picture = await post('/v1/cutout', 'x'.repeat(5000), {
      'content-type': 'image/png',
      'accept-encoding': 'gzip',
    });
    expect(picture.headers.get('content-encoding')).toBeNull();
  });
});
