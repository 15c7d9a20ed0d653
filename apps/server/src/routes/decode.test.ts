import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { createFakeFocal } from '../fixtures/fake-focal.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-decode-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function post(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
  const app = createApp({ focal: createFakeFocal(), uploadsFolder: folder, limits: { maxUploadBytes: 1000 } });
  const type = body instanceof FormData ? {} : { 'content-type': 'image/heic' };
  return app.request(path, { method: 'POST', body, headers: { ...type, ...headers } });
}

async function answerTo(...args: Parameters<typeof post>): Promise<readonly [string | null, string]> {
  const answer = await post(...args);
  return [answer.headers.get('content-type'), await answer.text()];
}

describe('POST /v1/decode', () => {
  it('answers in the format asked for, by option or Accept', async () => {
    expect(await answerTo('/v1/decode?format=webp&quality=80', 'heic')).toEqual(['image/webp', 'webp 80']);
    expect(await answerTo('/v1/decode?format=jpg', 'heic')).toEqual(['image/jpeg', 'jpeg undefined']);
    expect((await answerTo('/v1/decode', 'heic', { accept: 'image/avif' }))[0]).toBe('image/avif');
  });

  it('takes PNG where the picture has alpha and JPEG where not, when nothing is asked for', async () => {
    expect((await answerTo('/v1/decode', 'heic'))[0]).toBe('image/jpeg');
    expect((await answerTo('/v1/decode', 'with alpha', { accept: '*/*' }))[0]).toBe('image/png');
  });

  it('takes a form, says size and time, and leaves no file behind', async () => {
    const form = new FormData();
    form.append('format', 'png');
    form.append('image', new Blob(['heic']));
    const answer = await post('/v1/decode', form);
    expect(await answer.text()).toBe('png undefined');
    expect(answer.headers.get('focal-size')).toBe('3x2');
    expect(answer.headers.get('server-timing')).toMatch(/^read;dur=[\d.]+, encode;dur=[\d.]+$/);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['/v1/decode?trim=0', 'heic', {}, 400, 'decode has no option \\"trim\\".'],
    ['/v1/decode?format=bmp', 'heic', {}, 400, 'one of png, webp, jpeg, avif'],
    ['/v1/decode?quality=101', 'heic', {}, 400, 'from 1 to 100 for quality'],
    ['/v1/decode', 'heic', { accept: 'text/html' }, 406, 'not-acceptable'],
    ['/v1/decode', 'heic', { 'content-type': 'text/plain' }, 415, 'text/plain'],
    ['/v1/decode', 'x'.repeat(1001), {}, 413, 'too-large'],
    ['/v1/decode', '', {}, 400, 'empty body'],
  ])('%s is refused with what was wrong', async (path, body, headers, status, text) => {
    const answer = await post(path, body, headers as unknown as Record<string, string>);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
  });

  it('is by POST alone', async () => {
    const answer = await createApp({ focal: createFakeFocal() }).request('/v1/decode');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
