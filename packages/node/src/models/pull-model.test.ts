import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getModel, type ModelEntry } from '@focal/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeModelStore } from './model-store.ts';
import { type PullModelOptions, type PullProgress, pullModel, removePulledModel } from './pull-model.ts';

const NAME = 'tiny.tflite';
const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251);
const sha256 = createHash('sha256').update(bytes).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder = '';
let server: Server;
let origin = '';
let answers: Answer[] = [];
let ranges: (string | undefined)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-pull-'));
  answers = [];
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    (answers.shift() ?? withRange(bytes))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const entry = (): ModelEntry => ({
  ...getModel('mobilenet-v2'),
  bytes: bytes.length,
  sha256,
  source: { kind: 'download', files: [{ name: NAME, url: `${origin}/${NAME}`, bytes: bytes.length, sha256 }] },
});
const modelsFolder = (): string => join(folder, 'data', 'models');
const path = (): string => join(modelsFolder(), NAME);
const part = (): string => `${path()}.part`;

const pull = (options: Partial<PullModelOptions> = {}) =>
  pullModel(entry(), { modelsFolder: modelsFolder(), wait: async () => {}, ...options });

/** A server that knows ranges, as most do. */
function withRange(content: Uint8Array): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start === 0) return send(response, content);
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    send(response.writeHead(206, { ...range, 'content-length': content.length - start }), content.subarray(start));
  };
}

function send(response: ServerResponse, content: Uint8Array): void {
  if (!response.headersSent) response.writeHead(200, { 'content-length': content.length });
  response.end(content);
}

/** Sends so much of an answer of 200 and then hangs up. */
function cutAfter(count: number): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, count), () => setTimeout(() => response.destroy(), 30));
  };
}

async function leavePart(content: Uint8Array): Promise<void> {
  await mkdir(modelsFolder(), { recursive: true });
  await writeFile(part(), content);
}

describe('pullModel', () => {
  it('brings the file whole, tells how far it is, and a model store finds it', async () => {
    const seen: PullProgress[] = [];
    expect(await pull({ onProgress: (progress) => seen.push(progress) })).toEqual({
      id: 'mobilenet-v2',
      outcome: 'pulled',
      bytes: bytes.length,
      resumedBytes: 0,
    });
    expect(Buffer.compare(await readFile(path()), bytes)).toBe(0);
    expect(await readdir(modelsFolder())).toEqual([NAME]);
    const counts = seen.map((progress) => progress.receivedBytes);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ receivedBytes: bytes.length, totalBytes: bytes.length });
  });

  it('fetches nothing where the model is here already', async () => {
    await pull();
    expect(await pull()).toMatchObject({ outcome: 'present', resumedBytes: 0 });
    expect(ranges).toHaveLength(1);
  });

  it('replaces a file that was changed since', async () => {
    await pull();
    await writeFile(path(), 'something else');
    expect(await pull()).toMatchObject({ outcome: 'pulled' });
    expect(Buffer.compare(await readFile(path()), bytes)).toBe(0);
  });

  it('asks for the rest only where an earlier try left a part', async () => {
    await leavePart(bytes.subarray(0, 123_456));
    expect(await pull()).toMatchObject({ outcome: 'pulled', resumedBytes: 123_456 });
    expect(ranges).toEqual(['bytes=123456-']);
    expect(Buffer.compare(await readFile(path()), bytes)).toBe(0);
  });

  it('takes up a connection that was cut, without being asked', async () => {
    answers = [cutAfter(100_000)];
    expect(await pull()).toMatchObject({ outcome: 'pulled', resumedBytes: 0 });
    expect(ranges).toEqual([undefined, 'bytes=100000-']);
    expect(Buffer.compare(await readFile(path()), bytes)).toBe(0);
  });

  it('starts again where the server knows no ranges', async () => {
    answers = [cutAfter(100_000), (_, response) => send(response, bytes)];
    await pull();
    expect(ranges).toEqual([undefined, 'bytes=100000-']);
    expect(Buffer.compare(await readFile(path()), bytes)).toBe(0);
  });

  it('starts again where the part was of another file, or longer than the file', async () => {
    for (const stale of [new Uint8Array(5000).fill(9), new Uint8Array(bytes.length), new Uint8Array(400_000)]) {
      await rm(path(), { force: true });
      await leavePart(stale);
      expect(await pull()).toMatchObject({ outcome: 'pulled' });
      expect(Buffer.compare(await readFile(path()), bytes)).toBe(0);
    }
  });

  it('gives up when nothing more comes, keeps the part, and says so', async () => {
    const refuse: Answer = (_, response) => response.destroy();
    answers = [cutAfter(100_000), refuse, refuse, refuse, refuse, refuse, refuse];
    await expect(pull()).rejects.toMatchObject({ code: 'network', hint: expect.stringContaining('100000 bytes') });
    expect(await readFile(part())).toHaveLength(100_000);
    expect(existsSync(path())).toBe(false);
    answers = [];
    expect(await pull()).toMatchObject({ resumedBytes: 100_000 });
  });

  it('takes a connection over which nothing comes for a lost one', async () => {
    const stall: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 50_000));
    };
    answers = [stall];
    expect(await pull({ stallMs: 300 })).toMatchObject({ outcome: 'pulled' });
    expect(ranges).toEqual([undefined, 'bytes=50000-']);
  });

  it('tries again after an error of the server, and follows a redirect', async () => {
    answers = [
      (_, response) => response.writeHead(503).end(),
      (_, response) => response.writeHead(302, { location: `${origin}/elsewhere` }).end(),
    ];
    expect(await pull()).toMatchObject({ outcome: 'pulled' });
    expect(ranges).toHaveLength(3);
  });

  it.each<[string, Answer, string, string]>([
    ['404', (_, response) => response.writeHead(404).end('no'), 'network', '404 Not Found'],
    [
      'a web page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>'),
      'network',
      'web page',
    ],
    ['another size', (_, response) => send(response, bytes.subarray(1)), 'model-invalid', 'it has 299999'],
    [
      'more than it said',
      (_, response) => {
        response.write(bytes);
        response.end(bytes);
      },
      'model-invalid',
      'more than the expected 300000 bytes',
    ],
    ['other bytes', (_, response) => send(response, bytes.toReversed()), 'model-invalid', `expected SHA-256 ${sha256}`],
  ])('refuses %s at once, keeps nothing of it, and the next try is fresh', async (_, answer, code, message) => {
    answers = [answer];
    await expect(pull()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(ranges).toHaveLength(1);
    expect(await readdir(modelsFolder())).toEqual([]);
    expect(await pull()).toMatchObject({ outcome: 'pulled', resumedBytes: 0 });
  });

  it('stops when it is told to, keeps the part and goes on from there', async () => {
    const controller = new AbortController();
    const onProgress = ({ receivedBytes }: PullProgress): void => {
      if (receivedBytes >= 60_000) controller.abort();
    };
    answers = [
      (_, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 60_000));
      },
    ];
    await expect(pull({ signal: controller.signal, onProgress })).rejects.toMatchObject({ code: 'aborted' });
    expect(await readdir(modelsFolder())).toEqual([`${NAME}.part`]);
    expect(await pull()).toMatchObject({ resumedBytes: 60_000 });
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full', async () => {
    await mkdir(modelsFolder(), { recursive: true });
    await symlink('/dev/full', part());
    await expect(pull()).rejects.toMatchObject({ code: 'no-space', hint: expect.stringContaining('Make room') });
  });

  it('takes a mirror: its file, or the folder that the file lies in', async () => {
    const elsewhere = {
      ...entry(),
      source: { kind: 'download', files: [{ name: NAME, url: 'http://192.0.2.1/', bytes: bytes.length, sha256 }] },
    } as const;
    for (const from of [`${origin}/any-name`, `${origin}/folder/`]) {
      await rm(path(), { force: true });
      expect(await pullModel(elsewhere, { modelsFolder: modelsFolder(), from })).toMatchObject({ outcome: 'pulled' });
    }
    for (const from of ['', 'models/tiny.tflite', 'file:///etc/passwd', 'http://user:word@localhost/x']) {
      await expect(pull({ from })).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });

  it('brings the names of classes along, from beside a mirrored file too, and takes them away again', async () => {
    const text = new TextEncoder().encode('background\ntench\n');
    const labels = {
      name: 'labels.txt',
      url: 'http://192.0.2.1/labels.txt',
      bytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    };
    const plain = entry();
    const { source } = plain;
    if (source.kind !== 'download') throw new Error('Expected a download.');
    const named = { ...plain, source: { ...source, labels } };
    answers = [withRange(bytes), (request, response) => response.end(request.url === '/m/labels.txt' ? text : '')];
    const pulled = await pullModel(named, { modelsFolder: modelsFolder(), from: `${origin}/m/any-name` });
    expect(pulled).toMatchObject({ outcome: 'pulled', bytes: bytes.length + text.length });
    expect(await readFile(join(modelsFolder(), 'labels.txt'), 'utf8')).toBe('background\ntench\n');
    expect(await removePulledModel(named, modelsFolder())).toBe(true);
    await expect(readFile(join(modelsFolder(), 'labels.txt'))).rejects.toThrow('ENOENT');
  });

  it('refuses a model that is bundled, and two pulls of one model at once', async () => {
    await expect(pullModel(getModel('selfie'), { modelsFolder: modelsFolder() })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('@mediapipe/selfie_segmentation'),
    });
    const both = await Promise.allSettled([pull(), pull()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'busy' } });
  });

  it('takes over from a pull whose process was killed', async () => {
    await mkdir(modelsFolder(), { recursive: true });
    const { hostname } = await import('node:os');
    // The highest process id that Linux gives is below this one.
    await writeFile(join(modelsFolder(), 'mobilenet-v2.lock'), `${hostname()} 99999999`);
    expect(await pull()).toMatchObject({ outcome: 'pulled' });
    expect(await readdir(modelsFolder())).toEqual([NAME]);
  });
});

describe('removePulledModel', () => {
  it('deletes the file and what is left of tries, and says whether there was any', async () => {
    expect(await removePulledModel(entry(), modelsFolder())).toBe(false);
    await pull();
    await leavePart(bytes.subarray(0, 10));
    expect(await removePulledModel(entry(), modelsFolder())).toBe(true);
    expect(await readdir(modelsFolder())).toEqual([]);
    await expect(removePulledModel(getModel('selfie'), modelsFolder())).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});

describe('a model store', () => {
  it('says how to get a model that was not pulled', async () => {
    const store = createNodeModelStore({ cacheFolder: join(folder, 'cache'), modelsFolder: modelsFolder() });
    expect(await store.has('mobilenet-v2')).toBe(false);
    await expect(store.read('mobilenet-v2')).rejects.toMatchObject({
      code: 'model-missing',
      hint: 'Download it with: focal models pull mobilenet-v2',
    });
  });

  it('refuses a pulled file that is not the one of the catalogue', async () => {
    const store = createNodeModelStore({ cacheFolder: join(folder, 'cache'), modelsFolder: modelsFolder() });
    await mkdir(modelsFolder(), { recursive: true });
    await writeFile(join(modelsFolder(), 'mobilenet_v2_1.0_224_quant.tflite'), bytes);
    expect(await store.has('mobilenet-v2')).toBe(true);
    await expect(store.read('mobilenet-v2')).rejects.toMatchObject({
      code: 'model-invalid',
      hint: expect.stringContaining('focal models pull mobilenet-v2'),
    });
  });
});
