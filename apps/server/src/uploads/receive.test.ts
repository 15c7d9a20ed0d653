import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiveUpload } from './receive.ts';
import type { ReceiveOptions } from './types.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-receive-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

function receive(body: BodyInit | null, changes: Partial<ReceiveOptions> = {}, headers: Record<string, string> = {}) {
  const request = new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
  return receiveUpload(request, {
    folder,
    fileNames: ['image', 'background'],
    maxBytes: 1_000_000,
    onField: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  });
}

function form(parts: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    data.append(name, typeof value === 'string' ? value : new Blob([value]));
  }
  return data;
}

const bytes = (length: number): Buffer<ArrayBuffer> => Buffer.alloc(length, Buffer.from([0, 31, 62, 93, 124, 155]));
const rejection = (code: string, message: string) => ({ code, message: expect.stringContaining(message) });

describe('a raw body', () => {
  it('lands in a file byte for byte', async () => {
    const received = await receive(bytes(300_000), {}, { 'content-type': 'image/jpeg' });
    expect(bytes(300_000).equals(await readFile(received.get('image') ?? ''))).toBe(true);
  });

  it('is refused when empty', async () => {
    const type = { 'content-type': 'application/octet-stream' };
    const refusal = rejection('invalid-argument', 'got an empty body');
    await expect(receive(new Uint8Array(0), {}, type)).rejects.toMatchObject(refusal);
    await expect(receive(null, {}, type)).rejects.toMatchObject(refusal);
  });

  it('is refused under another content type, or none', async () => {
    const refused = receive('a', {}, { 'content-type': 'text/plain' });
    await expect(refused).rejects.toMatchObject(rejection('unsupported-format', 'got text/plain'));
    await expect(receive(bytes(1))).rejects.toMatchObject(rejection('unsupported-format', 'got none'));
  });

  it('is refused by its announced length before a byte is read', async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 });
    const headers = { 'content-type': 'image/png', 'content-length': '1000001' };
    await expect(receive(body, {}, headers)).rejects.toMatchObject(rejection('too-large', 'got 1000001'));
    expect(pulled).toBe(0);
  });

  it('is cut off where it grows over the limit', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const refused = receive(body, {}, { 'content-type': 'image/png' });
    await expect(refused).rejects.toMatchObject(rejection('too-large', 'at most 1000000 bytes'));
    expect(sent).toBeLessThan(2_000_000);
  });

  it('ends with the signal while bytes are outstanding', async () => {
    const controller = new AbortController();
    const body = new ReadableStream({ start: (stream) => stream.enqueue(bytes(10)) });
    const refused = receive(body, { signal: controller.signal }, { 'content-type': 'image/png' });
    setTimeout(() => controller.abort(), 20);
    await expect(refused).rejects.toMatchObject(rejection('aborted', 'broken off'));
  });
});

describe('a form', () => {
  it('gives its files and fields', async () => {
    const fields: [string, string][] = [];
    const parts = form({ radius: '0.02', image: bytes(200_000), background: bytes(5), aperture: 'disc' });
    const received = await receive(parts, { onField: (name, value) => void fields.push([name, value]) });
    expect(bytes(200_000).equals(await readFile(received.get('image') ?? ''))).toBe(true);
    expect(bytes(5).equals(await readFile(received.get('background') ?? ''))).toBe(true);
    expect(fields).toEqual([
      ['radius', '0.02'],
      ['aperture', 'disc'],
    ]);
  });

  it.each([
    ['no picture', form({ background: bytes(5) }), 'a form without the file "image"'],
    ['nothing', form({}), 'a form without the file "image"'],
    ['an empty picture', form({ image: bytes(0) }), 'an empty file for image'],
    ['text as the picture', form({ image: 'hello' }), 'Expected a file for image, got text'],
    ['an unknown file', form({ image: bytes(5), '../evil': bytes(5) }), 'no file field "../evil"'],
  ])('with %s is refused', async (_name, parts, message) => {
    await expect(receive(parts)).rejects.toMatchObject(rejection('invalid-argument', message));
  });

  it('with two pictures is refused', async () => {
    const parts = form({ image: bytes(5) });
    parts.append('image', new Blob([bytes(6)]));
    await expect(receive(parts)).rejects.toMatchObject(rejection('invalid-argument', 'one file for image'));
  });

  it('with more parts than anyone needs is refused', async () => {
    const parts = form({ image: bytes(5) });
    for (let i = 0; i < 200; i++) parts.append(`field${i}`, '1');
    await expect(receive(parts)).rejects.toMatchObject(rejection('invalid-argument', 'too many parts'));
  });

  it('with an endless field is refused', async () => {
    await expect(receive(form({ color: 'x'.repeat(10_000) }))).rejects.toMatchObject(
      rejection('invalid-argument', 'Expected at most 4096 bytes for color'),
    );
  });

  it('ends at the first wrong option, before the picture behind it is read', async () => {
    const onField = (): void => {
      throw new Error('no such option');
    };
    await expect(receive(form({ wobble: '1', image: bytes(900_000) }), { onField })).rejects.toThrow('no such option');
    expect(await readdir(folder)).toEqual([]);
  });

  it('over the limit is cut off', async () => {
    const refused = receive(form({ image: bytes(1_100_000) }));
    await expect(refused).rejects.toMatchObject(rejection('too-large', 'at most 1000000 bytes'));
  });

  it('cut short or without boundary is refused', async () => {
    const type = { 'content-type': 'multipart/form-data; boundary=abc' };
    const start = '--abc\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n';
    await expect(receive(`${start}half`, {}, type)).rejects.toMatchObject(
      rejection('invalid-argument', 'Unexpected end'),
    );
    const none = receive('x', {}, { 'content-type': 'multipart/form-data' });
    await expect(none).rejects.toMatchObject(rejection('invalid-argument', 'no boundary'));
  });

  it('of random bytes ends in a refusal, never in a hang or another error', async () => {
    const pieces = fc.constantFrom(
      '--abc',
      '--abc--',
      '\r\n',
      'Content-Disposition: form-data; name="image"',
      '; ',
      ':',
      '\0',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), async (parts) => {
        const inner = await mkdtemp(join(folder, 'x-'));
        const body = receive(
          parts.join(''),
          { folder: inner },
          { 'content-type': 'multipart/form-data; boundary=abc' },
        );
        const code = await body.then(
          () => 'received',
          (error: { code?: string }) => error.code,
        );
        expect(['received', 'invalid-argument']).toContain(code);
      }),
      { numRuns: 200, seed: 6 },
    );
  });
});
