import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Picture } from '@focal/core';
import { createFocal, type Focal } from 'focal';
import type { Hono } from 'hono';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from './app.ts';

// The server over the real Focal: real photos, real models. A busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });
const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
let focal: Focal;
let app: Hono;
let photo: Buffer<ArrayBuffer>;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-whole-test-'));
  focal = await createFocal({ threads: 2 });
  app = createApp({ focal, uploadsFolder: folder });
  photo = Buffer.from(await readFile(join(samples, 'sample1.jpg')));
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true });
});

function post(path: string, body: BodyInit, headers: Record<string, string> = { 'content-type': 'image/jpeg' }) {
  return app.request(path, { method: 'POST', body, headers });
}

async function pictureOf(answer: Response): Promise<Picture> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect([answer.status, answer.status === 200 ? '' : new TextDecoder().decode(bytes)]).toEqual([200, '']);
  return (await focal.decode(bytes)).picture;
}

/** Share of the pixels for which `test` holds. */
function share({ data }: Picture, test: (pixel: readonly number[]) => boolean): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (test([...data.subarray(i, i + 4)])) count++;
  return (count * 4) / data.length;
}

describe('POST /v1/cutout', () => {
  it('cuts the subject of a photo out and says what did it', async () => {
    const original = (await focal.decode(new Uint8Array(photo))).picture;
    const answer = await post('/v1/cutout', photo);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'focal-size': `${original.width}x${original.height}`,
      'focal-models': expect.stringContaining('isnet'),
      'focal-device': expect.stringMatching(/cpu|webgpu|cuda/),
      'server-timing': expect.stringMatching(/analyse;dur=\d/),
    });
    const picture = await pictureOf(answer);
    expect([picture.width, picture.height]).toEqual([original.width, original.height]);
    expect(share(picture, ([, , , alpha]) => alpha === 0)).toBeGreaterThan(0.1);
    expect(share(picture, ([, , , alpha]) => alpha === 255)).toBeGreaterThan(0.1);
  });

  it('puts it onto a picture that comes in the same form', async () => {
    const form = new FormData();
    form.append('image', new Blob([photo]));
    form.append('background', new Blob([await readFile(join(samples, 'sample6.jpg'))]));
    form.append('format', 'png');
    const onPicture = await pictureOf(
      await app.request('/v1/cutout?background=picture', { method: 'POST', body: form }),
    );
    const onColor = await pictureOf(await post('/v1/cutout?background=color&color=%2300ff00&format=png', photo));
    expect(share(onPicture, ([, , , alpha]) => alpha === 255)).toBe(1);
    expect(share(onColor, ([red, green, blue]) => red === 0 && green === 255 && blue === 0)).toBeGreaterThan(0.1);
    expect(share(onPicture, ([red, green, blue]) => red === 0 && green === 255 && blue === 0)).toBeLessThan(0.01);
  });

  it('gives the matte as the model made it, for the studio', async () => {
    const matte = await pictureOf(await post('/v1/cutout?output=model-matte&format=png', photo));
    expect(share(matte, ([red = 0]) => red < 8)).toBeGreaterThan(0.1);
    expect(share(matte, ([red = 0]) => red > 247)).toBeGreaterThan(0.1);
  });

  it('crops to the subject', async () => {
    const whole = (await focal.decode(new Uint8Array(photo))).picture;
    const trimmed = await pictureOf(await post('/v1/cutout?trim=0', photo));
    expect(trimmed.width * trimmed.height).toBeLessThan(whole.width * whole.height);
  });
});

describe('POST /v1/bokeh', () => {
  it('blurs the background, in the format that the client accepts', async () => {
    const headers = { 'content-type': 'image/jpeg', accept: 'image/webp' };
    const answer = await post('/v1/bokeh?radius=0.03', photo, headers);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    const picture = await pictureOf(answer);
    const original = (await focal.decode(new Uint8Array(photo))).picture;
    let changed = 0;
    for (let i = 0; i < picture.data.length; i += 4) {
      if (Math.abs((picture.data[i] ?? 0) - (original.data[i] ?? 0)) > 16) changed++;
    }
    expect((changed * 4) / picture.data.length).toBeGreaterThan(0.03);
  });
});

/** Of EXIF's first directory, in little-endian order. */
const GPS_POINTER = Buffer.from([0x25, 0x88, 4, 0, 1, 0, 0, 0]);

describe('POST /v1/decode', () => {
  it('gives what browsers do not show upright, in sRGB, and without what else was in the file', async () => {
    const sideways = sharp(photo).resize(60, 40).withMetadata({ orientation: 6 }).withIccProfile('p3').tiff();
    const tiff = Buffer.from(await sideways.toBuffer());
    expect((await focal.decode(new Uint8Array(tiff))).picture.colorSpace).toBe('display-p3');
    const answer = await post('/v1/decode?format=png', tiff, { 'content-type': 'image/tiff' });
    expect(answer.headers.get('focal-size')).toBe('40x60');
    const png = Buffer.from(await answer.arrayBuffer());
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 40, height: 60 });
    const { icc, exif, orientation } = await sharp(png).metadata();
    expect({ icc, exif, orientation }).toEqual({});
    const upright = (await focal.decode(new Uint8Array(tiff), { colorSpace: 'srgb' })).picture;
    expect(
      Buffer.compare(Buffer.from((await focal.decode(new Uint8Array(png))).picture.data), Buffer.from(upright.data)),
    ).toBe(0);
  });

  it('keeps what the file says of camera and place where it is asked to', async () => {
    const exif = { IFD0: { Make: 'Focal' }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '46/1 30/1 0/1' } };
    const told = await sharp(photo).resize(80).withExif(exif).jpeg().toBuffer();
    const read = async (path: string) => {
      const answer = await post(path, told, { 'content-type': 'image/jpeg' });
      const block = (await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).exif;
      return [answer.status, block?.includes('Focal'), block?.includes(GPS_POINTER)];
    };
    expect(await read('/v1/decode?format=webp&metadata=all')).toEqual([200, true, true]);
    expect(await read('/v1/cutout?metadata=no-location')).toEqual([200, true, false]);
    expect(await read('/v1/cutout')).toEqual([200, undefined, undefined]);
    const wrong = await post('/v1/cutout?metadata=some', told, { 'content-type': 'image/jpeg' });
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining('none, no-location') }),
    ]);
  });

  it('refuses what is no picture, and too large ones by their header', async () => {
    const text = await post('/v1/decode', 'Dear diary', { 'content-type': 'image/heic' });
    expect([text.status, await text.json()]).toEqual([415, expect.objectContaining({ code: 'unsupported-format' })]);
    const huge = await post('/v1/decode', pngHeader(50_000, 50_000), { 'content-type': 'image/png' });
    expect(huge.status).toBe(413);
  });
});

describe('bad pictures', () => {
  const png = { 'content-type': 'image/png' };
  it.each([
    ['text named .jpg', 415, 'unsupported-format', () => Buffer.from('this is no picture at all, but text')],
    ['a JPEG cut short', 422, 'corrupt-input', () => photo.subarray(0, 2000)],
    ['a header of 50,000 × 50,000', 413, 'too-large', () => pngHeader(50_000, 50_000)],
  ])('%s: %i', async (_name, status, code, make) => {
    const answer = await post('/v1/cutout', make(), png);
    const problem = (await answer.json()) as { detail: string };
    expect(problem).toMatchObject({ status, code });
    expect(problem.detail).not.toContain(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of one pixel are no bad ones', async () => {
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const picture = await pictureOf(await post('/v1/bokeh', pixel, png));
    expect([picture.width, picture.height]).toEqual([1, 1]);
  });
});

describe('GET /v1/models', () => {
  it('lists them and gives their files in the form that browsers run', async () => {
    const { models } = (await (await app.request('/v1/models')).json()) as { models: { id: string; onnx: string }[] };
    const selfie = models.find(({ id }) => id === 'selfie');
    const answer = await app.request(selfie?.onnx ?? '');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(answer.status).toBe(200);
    expect(bytes.length).toBe(Number(answer.headers.get('content-length')));
    // ir_version, the first field of an ONNX file.
    expect(bytes[0]).toBe(0x08);
    expect(bytes.length).toBeGreaterThan(100_000);
  });
});

/** A PNG that says how large it is and holds nothing. */
function pngHeader(width: number, height: number): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(17);
  header.write('IHDR');
  header.writeUInt32BE(width, 4);
  header.writeUInt32BE(height, 8);
  header.set([8, 6, 0, 0, 0], 12);
  const chunk = (body: Buffer): Buffer => {
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(body.length - 4);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk(header), chunk(Buffer.from('IDAT')), chunk(Buffer.from('IEND'))]);
}
