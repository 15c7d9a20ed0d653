import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { decodeAnswer, useRealApp } from '../fixtures/real-app.ts';

const real = useRealApp();
let photo: Buffer;
beforeAll(async () => {
  photo = await sharp(real.photo).png().toBuffer();
});

async function post(body: string, type = 'application/json', limits = {}): Promise<Response> {
  const app = Object.keys(limits).length === 0 ? real.app : createApp({ focal: real.focal, limits });
  return app.request('/', {
    method: 'POST',
    body,
    headers: type === '' ? {} : { 'content-type': type },
  });
}

interface Answer {
  readonly class: string;
  readonly probability: number;
  readonly blurredImage: string;
  readonly maskImage: string;
  readonly unblurredMask: string;
}

async function decode(base64: string) {
  expect(base64).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  return decodeAnswer(Buffer.from(base64, 'base64'));
}

describe('POST / as clients of the saliency service call it', () => {
  it('gives class, probability and three JPEGs of the photo', async () => {
    const answer = await post(JSON.stringify({ img: photo.toString('base64') }));
    expect(answer.status).toBe(200);
    const json = (await answer.json()) as Answer;
    expect(Object.keys(json)).toEqual(['class', 'probability', 'blurredImage', 'maskImage', 'unblurredMask']);
    expect(json.class).toBe('person');
    expect(json.probability).toBeGreaterThan(20);
    expect(json.probability).toBeLessThanOrEqual(100);

    const blurred = await decode(json.blurredImage);
    const mask = await decode(json.maskImage);
    const evidence = await decode(json.unblurredMask);
    for (const { format, size } of [blurred, mask, evidence]) expect([format, size]).toEqual(['jpeg', [480, 320]]);
    expect(blurred.channels).toBe(3);
    const plain = await sharp(photo).removeAlpha().raw().toBuffer();
    const change = blurred.data.reduce((sum, value, i) => sum + Math.abs(value - (plain[i] ?? 0)), 0);
    expect(change / plain.length).toBeGreaterThan(2);
    for (const { data } of [mask, evidence]) {
      expect(data.some((value) => value > 200)).toBe(true);
      expect(data.filter((value) => value < 30).length / data.length).toBeGreaterThan(0.2);
    }
  });

  it('reads the alphabet for addresses, without padding, with line breaks, and data URLs', async () => {
    const small = await sharp(photo).resize(64).jpeg().toBuffer();
    const texts = [
      small.toString('base64url'),
      small.toString('base64').replaceAll(/.{76}/g, '$&\n'),
      `data:image/jpeg;base64,${small.toString('base64')}`,
    ];
    for (const img of texts) expect((await post(JSON.stringify({ img }), '')).status).toBe(200);
  });

  it.each([
    ['', 'application/json', 'got an empty body'],
    ['{"img":', 'application/json', 'got something else'],
    ['null', 'application/json', 'got none'],
    ['{}', 'application/json', 'as img, got none'],
    ['{"img": 7}', 'application/json', 'got a number'],
    ['{"img": ""}', 'application/json', 'got an empty text'],
    ['{"img": "no base64!"}', 'application/json', 'got other text'],
    ['{"img": "AAAAA"}', 'application/json', 'got other text'],
    [`{"img": "${Buffer.from('a text, not a picture').toString('base64')}"}`, 'application/json', 'Expected'],
  ])('refuses %s with what was expected', async (body, type, text) => {
    const answer = await post(body, type);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(((await answer.json()) as { detail: string }).detail).toContain(text);
  });

  it('refuses pictures cut short, bodies that are too long, and other types', async () => {
    const cut = photo.subarray(0, photo.length / 2).toString('base64');
    expect((await post(JSON.stringify({ img: cut }))).status).toBe(400);
    const long = await post(JSON.stringify({ img: 'A'.repeat(200_000) }), 'application/json', { maxUploadBytes: 1000 });
    expect([long.status, await long.text()]).toEqual([413, expect.stringContaining('too-large')]);
    expect((await post('img', 'image/jpeg')).status).toBe(415);
  });
});
