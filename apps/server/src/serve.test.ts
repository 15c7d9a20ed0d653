import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { type ClientRequest, createServer as createHttp, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FocalError } from '@focal/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeFocal, type FakeEdit, type FakeFocal } from './fixtures/fake-focal.ts';
import { type ServeOptions, type Serving, serve } from './serve.ts';

let folder = '';
const running: Serving[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-serve-test-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((serving) => serving.close(0)));
  await rm(folder, { recursive: true });
});

async function start(
  edit?: FakeEdit,
  options: Partial<ServeOptions> = {},
): Promise<Serving & { readonly focal: FakeFocal }> {
  const focal = createFakeFocal(edit);
  const serving = await serve({ focal, port: 0, uploadsFolder: folder, ...options });
  if (serving.state !== 'listening') throw new Error('Another server was taken for ours.');
  running.push(serving);
  return { ...serving, focal };
}

const TYPE = { 'content-type': 'image/png' };

function post(serving: Serving, body: BodyInit = 'picture', init: RequestInit = {}): Promise<Response> {
  return fetch(`${serving.url}/v1/cutout`, { method: 'POST', body, headers: TYPE, ...init });
}

/** A request whose body is sent by hand. */
function open(serving: Serving, headers: Record<string, string | number> = {}): ClientRequest {
  const { port } = serving;
  const sent = request({
    port,
    host: '127.0.0.1',
    path: '/v1/cutout',
    method: 'POST',
    headers: { ...TYPE, ...headers },
  });
  sent.on('error', () => undefined);
  return sent;
}

function answerOf(sent: ClientRequest): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
  });
}

/** Waits for what comes in its own time, on a busy machine too. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 15_000 });

const never: FakeEdit = () => new Promise(() => undefined);

describe('limits on a socket', () => {
  it('refuse an announced length at once, without waiting for the body', async () => {
    const serving = await start(undefined, { limits: { maxUploadBytes: 1000 } });
    const sent = open(serving, { 'content-length': 5_000_000_000 });
    sent.flushHeaders();
    const answer = await answerOf(sent);
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'too-large' });
    sent.destroy();
  });

  it('do not let a client send what is refused where it asks first', async () => {
    const serving = await start(undefined, { limits: { maxUploadBytes: 1000 } });
    const told: string[] = [];
    for (const length of [5000, 7]) {
      const sent = open(serving, { 'content-length': length, expect: '100-continue' });
      sent.on('continue', () => {
        told.push(`continue ${length}`);
        sent.end('picture');
      });
      sent.flushHeaders();
      const { status } = await answerOf(sent);
      told.push(`${status}`);
      sent.destroy();
    }
    expect(told).toEqual(['413', 'continue 7', '200']);
  });

  it('cut off an endless body', async () => {
    const serving = await start(undefined, { limits: { maxUploadBytes: 100_000 } });
    const sent = open(serving, { 'transfer-encoding': 'chunked' });
    const answer = answerOf(sent);
    const pump = setInterval(() => sent.write(Buffer.alloc(65_536)), 1);
    expect((await answer).status).toBe(413);
    clearInterval(pump);
    sent.destroy();
    await eventually(async () => expect(await readdir(folder)).toEqual([]));
  });

  it('give their answer to clients that send on, and spoil no connection for the next request', async () => {
    const serving = await start(undefined, { limits: { maxUploadBytes: 100_000 } });
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      statuses.push((await post(serving, Buffer.alloc(3_000_000))).status);
      const wrong = await fetch(`${serving.url}/v1/cutout?wobble=1`, {
        method: 'POST',
        body: Buffer.alloc(50_000),
        headers: TYPE,
      });
      statuses.push(wrong.status, (await post(serving)).status);
    }
    expect(statuses).toEqual(Array(10).fill([413, 400, 200]).flat());
  });

  it('send a client away whose turn does not come in time, and serve the others', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const serving = await start(async () => gate.then(() => ({})), { limits: { concurrency: 1, queueTimeoutMs: 200 } });
    const first = post(serving);
    await eventually(() => expect(serving.focal.edits).toHaveLength(1));
    const late = await post(serving);
    expect([late.status, late.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await late.json()).toMatchObject({ code: 'overloaded', detail: expect.stringContaining('within 0.2 s') });
    expect(await readdir(folder)).toHaveLength(1);
    finish();
    expect([(await first).status, (await post(serving)).status]).toEqual([200, 200]);
    expect(serving.focal.edits).toHaveLength(2);
  });

  it('end a client that sends too slowly, and others are served meanwhile', async () => {
    const serving = await start(undefined, { limits: { uploadTimeoutMs: 300, concurrency: 1 } });
    const slow = open(serving, { 'transfer-encoding': 'chunked' });
    const answer = answerOf(slow);
    slow.write('a');
    expect((await post(serving)).status).toBe(200);
    expect((await answer).status).toBe(504);
    slow.destroy();
    await eventually(async () => expect(await readdir(folder)).toEqual([]));
  });
});

describe('a client that leaves', () => {
  it('during the upload leaves no file and no place taken', async () => {
    const serving = await start(undefined, { limits: { concurrency: 1, queueLength: 0 } });
    const sent = open(serving, { 'content-length': 1000 });
    sent.write('half');
    await eventually(async () => expect(await readdir(folder)).toHaveLength(1));
    sent.destroy();
    await eventually(async () => expect(await readdir(folder)).toEqual([]));
    expect((await post(serving)).status).toBe(200);
  });

  it('during the work ends the work', async () => {
    const serving = await start(never, { limits: { concurrency: 1, queueLength: 0 } });
    const leaving = new AbortController();
    const answer = post(serving, 'picture', { signal: leaving.signal });
    await eventually(() => expect(serving.focal.edits).toHaveLength(1));
    leaving.abort();
    await expect(answer).rejects.toThrow('abort');
    await eventually(() => expect(serving.focal.edits[0]?.options.signal?.aborted).toBe(true));
    await eventually(async () => expect(await readdir(folder)).toEqual([]));
    const health = (await (await fetch(`${serving.url}/health`)).json()) as { queue: unknown };
    expect(health.queue).toEqual({ running: 0, waiting: 0 });
  });

  it('while waiting gives its place to the next', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const serving = await start(async () => gate.then(() => ({})), { limits: { concurrency: 1, queueLength: 1 } });
    const first = post(serving);
    await eventually(() => expect(serving.focal.edits).toHaveLength(1));
    const leaving = new AbortController();
    const second = post(serving, 'picture', { signal: leaving.signal }).catch(() => 'left');
    await eventually(async () => expect(await readdir(folder)).toHaveLength(2));
    leaving.abort();
    expect(await second).toBe('left');
    await eventually(async () => expect(await readdir(folder)).toHaveLength(1));
    const third = post(serving);
    await sleep(50);
    finish();
    expect([(await first).status, (await third).status]).toEqual([200, 200]);
    expect(serving.focal.edits).toHaveLength(2);
  });
});

describe('a hundred requests at once', () => {
  it('are all answered, with 200 or 429, and health between them', async () => {
    const bytes = Buffer.alloc(200_000, 7);
    const serving = await start(async () => {
      await sleep(5);
      return {};
    });
    const answers = await Promise.all([
      ...Array.from({ length: 100 }, () => post(serving, bytes)),
      ...Array.from({ length: 5 }, () => fetch(`${serving.url}/health`)),
    ]);
    const statuses = answers.map(({ status }) => status);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    expect(new Set(statuses.slice(0, 100))).toEqual(new Set([200, 429]));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(34 + 5);
    expect(statuses.slice(100)).toEqual([200, 200, 200, 200, 200]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('hostile requests', () => {
  it.each([
    ['another host', 'GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', '403'],
    ['no host', 'GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n', '400'],
    [
      'an absolute address',
      'GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      '403',
    ],
    ['garbage', '\0\0\0\r\n\r\n', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
    ['a foreign method', 'BREW /v1/cutout HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', '400'],
  ])('with %s are refused', async (_name, text, status) => {
    const serving = await start();
    const socket = connect(serving.port, '127.0.0.1');
    socket.end(text);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
    expect((await fetch(`${serving.url}/health`)).status).toBe(200);
  });

  it.each([
    ['garbage', '\0\0\0\r\n\r\n', 400, 'plain HTTP'],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'fewer cookies'],
  ])('of %s are told what is wrong though they never reach the app', async (_name, text, status, hint) => {
    const { port } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.write(text);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, hint: expect.stringContaining(hint) });
  });
});

describe('a further host name', () => {
  it('is answered where it was given, and no other', async () => {
    const serving = await start(undefined, { hosts: ['studio.example'] });
    const ask = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request({ port: serving.port, host: '127.0.0.1', path: '/v1/models', headers: { host } });
        asked.on('response', (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', reject);
        asked.end();
      });
    expect([await ask('studio.example'), await ask(`Studio.Example:${serving.port}`)]).toEqual([200, 200]);
    expect(await ask('other.example')).toBe(403);
  });
});

describe('a port that is taken', () => {
  it('by Focal is told, and the Focal that was given is closed', async () => {
    const first = await start();
    const focal = createFakeFocal();
    const second = await serve({ focal, port: first.port, fallback: true });
    expect(second).toEqual({
      state: 'already-running',
      url: first.url,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(focal.closed).toBe(true);
  });

  it('by another program is left for the next free one, and told', async () => {
    const other = createHttp((_request, response) => response.end('{"name":"other","version":"1.0.0"}'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const serving = await start(undefined, { port, fallback: true });
    expect(serving.port).toBeGreaterThan(port);
    expect(serving.takenPort).toBe(port);
    other.close();
  });

  it('by something that never answers does not hold the start up', async () => {
    const other = createHttp(() => undefined);
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect((await start(undefined, { port, fallback: true })).takenPort).toBe(port);
    other.closeAllConnections();
    other.close();
  });

  it('is an error where no other one is wanted', async () => {
    const first = await start();
    const focal = createFakeFocal();
    await expect(serve({ focal, port: first.port })).rejects.toMatchObject({ code: 'busy' });
    await expect(serve({ focal, port: 70_000 })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(serve({ focal, host: '203.0.113.1', port: 0 })).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(focal.closed).toBe(true);
  });
});

describe('an address that others reach', () => {
  it('asks for a token that it makes up and puts into the address to open', async () => {
    const serving = await start(undefined, { host: '0.0.0.0' });
    expect(serving.token).toMatch(/^[\w-]{32}$/);
    const bare = `http://127.0.0.1:${serving.port}`;
    expect((await fetch(`${bare}/v1/models`)).status).toBe(401);
    expect((await fetch(`${bare}/health`)).status).toBe(200);
    const first = await fetch(serving.url, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const authorization = `Bearer ${serving.token}`;
    expect((await fetch(`${bare}/v1/models`, { headers: { authorization } })).status).toBe(200);
  });

  it('is not the default', async () => {
    const serving = await start();
    expect(serving.token).toBeUndefined();
    expect(serving.otherUrls).toEqual([]);
    expect(new URL(serving.url).hostname).toBe('127.0.0.1');
  });
});

describe('the end', () => {
  it('lets running work finish, takes no more, and closes Focal last', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const serving = await start(async () => gate.then(() => ({})));
    const answer = post(serving);
    await eventually(() => expect(serving.focal.edits).toHaveLength(1));
    const closing = serving.close();
    await expect(fetch(`${serving.url}/health`)).rejects.toThrow('fetch failed');
    expect(serving.focal.closed).toBe(false);
    finish();
    expect((await answer).status).toBe(200);
    await closing;
    await serving.closed;
    expect(serving.focal.closed).toBe(true);
  });

  it('aborts what does not finish in time and says so', async () => {
    const serving = await start(never);
    const answer = post(serving);
    await eventually(() => expect(serving.focal.edits).toHaveLength(1));
    await serving.close(20);
    expect((await answer).status).toBe(503);
    expect(await readdir(folder)).toEqual([]);
    expect(serving.focal.closed).toBe(true);
  });

  it('sweeps at the next start what a killed one left', async () => {
    await mkdir(join(folder, 'focal-upload-99999999-abc'));
    await start();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a full disk', () => {
  it('is told as such', async () => {
    const serving = await start(async () => {
      throw new FocalError('no-space', 'The disk is full.');
    });
    expect((await post(serving)).status).toBe(507);
  });
});
