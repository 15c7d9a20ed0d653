import { describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { createFakeFocal } from '../fixtures/fake-focal.ts';

function form(fields: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') data.set(name, value);
    else data.set(name, new Blob([value]), name);
  }
  return data;
}

const photo = new Uint8Array([1, 2, 3]);

describe('POST /segment/', () => {
  it.each([
    ['remove_bg', 'cutout'],
    ['bokeh', 'bokeh'],
    ['anonymize', 'anonymize'],
  ])('does %s by the recipe of %s, and answers with a PNG', async (effect, name) => {
    const focal = createFakeFocal();
    const answer = await createApp({ focal }).request('/segment/', {
      method: 'POST',
      body: form({ effect, file: photo }),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const [edit] = focal.edits;
    expect(edit?.options.format).toBe('png');
    expect(edit?.effect).toMatchObject({ look: { steps: [{ effect: name }] } });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(photo);
  });

  it('takes a file part without a content type, as its client sends it', async () => {
    const body = [
      '--cut',
      'Content-Disposition: form-data; name="effect"',
      '',
      'bokeh',
      '--cut',
      'Content-Disposition: form-data; name="file"; filename="file"',
      '',
      'the bytes',
      '--cut--',
      '',
    ].join('\r\n');
    const headers = { 'content-type': 'multipart/form-data; boundary=cut' };
    const answer = await createApp({ focal: createFakeFocal() }).request('/segment/', {
      method: 'POST',
      body,
      headers,
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('the bytes');
  });

  it.each([
    ['an unknown effect', { effect: 'sharpen', file: photo }, 'remove_bg, bokeh, anonymize'],
    ['no effect', { file: photo }, 'remove_bg, bokeh, anonymize'],
    ['no file', { effect: 'bokeh' }, 'curl -F file=@'],
    ['an empty file', { effect: 'bokeh', file: new Uint8Array() }, 'curl -F file=@'],
    ['a photo by another name', { effect: 'bokeh', image: photo }, 'file'],
  ])('refuses %s and says what there is', async (_, fields, hint) => {
    const focal = createFakeFocal();
    const answer = await createApp({ focal }).request('/segment/', { method: 'POST', body: form(fields) });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(await answer.json())).toContain(hint);
    expect(focal.edits).toHaveLength(0);
  });
});

describe('GET /', () => {
  const app = createApp({ focal: createFakeFocal() });
  const get = (headers: Record<string, string>) => app.request('/', { headers });

  it('tells clients that it is there, in JSON', async () => {
    for (const accept of ['*/*', 'application/json']) {
      const answer = await get({ accept });
      expect(await answer.json()).toMatchObject({ message: expect.stringContaining('Focal') });
    }
  });

  it('leads browsers to a page, also where they keep it for later', async () => {
    expect((await get({ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })).status).toBe(302);
    expect((await get({ accept: '*/*', 'sec-fetch-mode': 'cors' })).status).toBe(302);
  });
});
