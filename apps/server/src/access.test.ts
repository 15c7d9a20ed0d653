import { describe, expect, it } from 'vitest';
import type { Access } from './access.ts';
import { isLoopback } from './access.ts';
import { createApp } from './app.ts';
import { createFakeFocal } from './fixtures/fake-focal.ts';

function ask(access: Access, url: string, headers: Record<string, string> = {}, method = 'GET') {
  return createApp({ focal: createFakeFocal(), access }).request(url, { headers, method });
}

async function statusOf(...args: Parameters<typeof ask>): Promise<number> {
  return (await ask(...args)).status;
}

describe('the host name', () => {
  it('has to be a loopback one where only this machine reaches the server', async () => {
    for (const host of ['localhost:4600', '127.0.0.1:4600', '[::1]:4600', 'focal.localhost']) {
      expect([host, await statusOf({}, `http://${host}/v1/models`)]).toEqual([host, 200]);
    }
    for (const host of ['evil.example', 'localhost.evil.example', '192.168.1.5:4600', '127.0.0.1.evil.example']) {
      const answer = await ask({}, `http://${host}/v1/models`);
      expect([host, answer.status]).toEqual([host, 403]);
      expect(await answer.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('host name') });
    }
  });

  it('may be an address or a name given where others reach the server, and no other name', async () => {
    const access = { exposed: true, hosts: ['studio.example'] };
    expect(await statusOf(access, 'http://192.168.1.5:4600/v1/models')).toBe(200);
    expect(await statusOf(access, 'http://Studio.Example/v1/models')).toBe(200);
    expect(await statusOf(access, 'http://evil.example/v1/models')).toBe(403);
  });

  it('is looked at for /health too', async () => {
    expect(await statusOf({}, 'http://evil.example/health')).toBe(403);
  });
});

describe('the origin', () => {
  const url = 'http://localhost:4600/v1/models';

  it('may be a name that was given, where a proxy asks under another one; not with a port of its own', async () => {
    const access = { hosts: ['studio.example'] };
    expect(await statusOf(access, url, { origin: 'https://studio.example' })).toBe(200);
    for (const origin of ['https://studio.example:8080', 'https://evil.studio.example', 'https://evil.example']) {
      expect([origin, await statusOf(access, url, { origin })]).toEqual([origin, 403]);
    }
  });

  it('of our own pages passes', async () => {
    expect(await statusOf({}, url, { origin: 'http://localhost:4600' })).toBe(200);
    expect(await statusOf({}, url, { 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it.each(['https://evil.example', 'http://localhost:3000', 'null'])('%s is refused', async (origin) => {
    const answer = await ask({}, url, { origin });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('foreign is refused for edits before anything is read', async () => {
    const edit = 'http://localhost:4600/v1/cutout';
    expect(await statusOf({}, edit, { origin: 'https://evil.example' }, 'POST')).toBe(403);
    expect(await statusOf({}, edit, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 'POST')).toBe(
      403,
    );
  });

  it('foreign may lead here by a link, and not embed or fetch', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(await statusOf({}, url, link)).toBe(200);
    expect(await statusOf({}, url, { ...link, 'sec-fetch-mode': 'no-cors' })).toBe(403);
  });

  it('gets no permission by a preflight', async () => {
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await ask({}, 'http://localhost:4600/v1/cutout', preflight, 'OPTIONS');
    expect(answer.status).toBe(403);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('the token', () => {
  const access = { token: 'secret token', exposed: true };
  const url = 'http://192.168.1.5:4600/v1/models';

  it('is asked of everything but /health', async () => {
    for (const path of ['/', '/v1/models', '/docs', '/openapi.json', '/v1/effects', '/health/', '//health']) {
      const answer = await ask(access, `http://192.168.1.5:4600${path}`);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await statusOf(access, 'http://192.168.1.5:4600/health')).toBe(200);
  });

  it('opens as a bearer token, and only when it is right', async () => {
    expect(await statusOf(access, url, { authorization: 'Bearer secret token' })).toBe(200);
    expect(await statusOf(access, url, { authorization: 'Bearer secret' })).toBe(401);
    expect(await statusOf(access, url, { authorization: 'Bearer ' })).toBe(401);
  });

  it('in the address becomes a cookie that opens, and leaves the address', async () => {
    const first = await ask(access, `${url}?a=1&token=secret%20token`);
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/v1/models?a=1');
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(await statusOf(access, url, { cookie: cookie.split(';')[0] ?? '' })).toBe(200);
    expect(await statusOf(access, `${url}?token=wrong`)).toBe(401);
    expect(await statusOf(access, url, { cookie: 'focal-token=wrong' })).toBe(401);
  });

  it('cannot send the browser to another site', async () => {
    const answer = await ask(access, 'http://192.168.1.5:4600//evil.example/x?token=secret%20token');
    expect(new URL(answer.headers.get('location') ?? '', 'http://192.168.1.5:4600').host).toBe('192.168.1.5:4600');
  });
});

describe('isLoopback', () => {
  it('knows the names of this machine', () => {
    const ours = ['localhost', '127.0.0.1', '127.8.9.1', '::1', '[::1]', 'a.localhost'];
    const others = ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '128.0.0.1'];
    expect([...ours, ...others].filter(isLoopback)).toEqual(ours);
  });
});
