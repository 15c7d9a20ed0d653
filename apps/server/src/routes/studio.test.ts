import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { createFakeFocal } from '../fixtures/fake-focal.ts';

let parent = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'focal-studio-test-'));
  await mkdir(join(parent, 'studio', 'assets'), { recursive: true });
  await writeFile(join(parent, 'secret.txt'), 'secret');
  for (const name of [
    'index.html',
    'sw.js',
    'assets/a-1b2c.js',
    'assets/ort.wasm',
    'app.webmanifest',
    'assets/x.mjs',
  ]) {
    await writeFile(join(parent, 'studio', name), `content of ${name} ${'.'.repeat(2000)}`);
  }
  await symlink(join(parent, 'secret.txt'), join(parent, 'studio', 'leak.txt'));
});
afterAll(() => rm(parent, { recursive: true }));

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const app = createApp({ focal: createFakeFocal(), studioDir: join(parent, 'studio'), access: { exposed: true } });
  return app.request(path, { headers, method });
}

describe('the studio', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/app.webmanifest', 'application/manifest+json', 'no-cache'],
    ['/assets/a-1b2c.js', 'text/javascript; charset=utf-8', 'immutable'],
    ['/assets/x.mjs', 'text/javascript; charset=utf-8', 'immutable'],
    ['/assets/ort.wasm', 'application/wasm', 'immutable'],
  ])('serves %s as %s', async (path, type, caching) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toContain(caching);
    expect(await answer.text()).toContain(path === '/' ? 'index.html' : path.slice(1));
  });

  it('gives its page for its own addresses and 404 for files that are missing', async () => {
    expect(await (await get('/edit/42')).text()).toContain('index.html');
    expect((await get('/assets/gone.js')).status).toBe(404);
    expect((await get('/v1/gone')).status).toBe(404);
  });

  it('answers HEAD without a body, and 304 to who has the file', async () => {
    const head = await get('/assets/a-1b2c.js', {}, 'HEAD');
    expect(await head.text()).toBe('');
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(2000);
    const etag = head.headers.get('etag') ?? '';
    expect((await get('/assets/a-1b2c.js', { 'if-none-match': etag })).status).toBe(304);
  });

  it('compresses scripts', async () => {
    const answer = await get('/assets/a-1b2c.js', { 'accept-encoding': 'gzip, br' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(500);
  });

  it('compresses WebAssembly for other machines only', async () => {
    const encodings: (string | null)[] = [];
    for (const host of ['localhost', '192.168.1.5']) {
      const answer = await get(`http://${host}/assets/ort.wasm`, { 'accept-encoding': 'gzip' });
      encodings.push(answer.headers.get('content-encoding'));
    }
    expect(encodings).toEqual([null, 'gzip']);
  });

  it.each(['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/leak.txt', '/..%5csecret.txt'])(
    'does not give %s, which lies outside',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('secret');
    },
  );

  it('takes badly encoded addresses for what they are', async () => {
    expect((await get('/%E0%A4%A')).status).toBeGreaterThanOrEqual(400);
  });

  it('that is not built leaves the docs', async () => {
    const answer = await createApp({ focal: createFakeFocal() }).request('/');
    expect(answer.headers.get('location')).toBe('/docs');
  });
});
