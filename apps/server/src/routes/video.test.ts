import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drawPan, makeClip } from '@focal/testing/video';
import { createFocal, type Focal } from 'focal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { createFakeFocal } from '../fixtures/fake-focal.ts';

let folder = '';
let uploads = '';
let focal: Focal;
let clip: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-video-route-'));
  uploads = await mkdtemp(join(folder, 'uploads-'));
  focal = await createFocal();
  const photo = join(
    dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
    'demo/sample5.jpg',
  );
  const path = join(folder, 'people.mp4');
  const timestamps = Array.from({ length: 8 }, (_, i) => i / 10);
  await makeClip({ path, width: 320, height: 240, timestamps, audio: 'aac', draw: await drawPan(photo, 8) });
  clip = new Uint8Array(await readFile(path));
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

function post(path: string, body: FormData | Uint8Array<ArrayBuffer>, limits = {}): Promise<Response> {
  const app = createApp({ focal, uploadsFolder: uploads, limits });
  const headers = body instanceof FormData ? {} : { 'content-type': 'video/mp4' };
  return Promise.resolve(app.request(path, { method: 'POST', body, headers }));
}

function form(fields: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.set('video', new Blob([clip], { type: 'video/mp4' }), 'people.mp4');
  return data;
}

async function infoOf(response: Response) {
  const path = join(folder, 'answer');
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
  return focal.video.info(path);
}

describe('POST /v1/video', () => {
  it('answers with the video, from the body alone', async () => {
    const response = await post('/v1/video/background?color=red', clip);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(response.headers.get('focal-frames')).toBe('8');
    const facts = await infoOf(response);
    expect(facts).toMatchObject({ video: { codec: 'avc', frames: 8, width: 320 }, audio: [{ codec: 'aac' }] });
    expect(await readdir(uploads)).toEqual([]);
  });

  it('takes a form, and makes what is transparent', async () => {
    const response = await post('/v1/video/background', form({ transparent: 'true' }));
    expect(response.headers.get('content-type')).toBe('video/webm');
    expect((await infoOf(response)).video.mayBeTransparent).toBe(true);
  });

  it('covers faces and reports in a header', async () => {
    const response = await post('/v1/video/anonymize', form({ style: 'solid', fast: 'true' }));
    expect(response.status).toBe(200);
    const report = JSON.parse(response.headers.get('focal-report') ?? '{}') as Record<string, unknown>;
    expect(report).toMatchObject({ coveredFrames: 8 });
    expect(report.faces).toBeGreaterThan(0);
    await response.arrayBuffer();
  });

  it('keeps in focus what is at a point, or what a timeline says', async () => {
    const timeline = { format: 'focal-timeline', version: 1, keyframes: [{ t: 0.2, lock: { x: 0.5, y: 0.5 } }] };
    const response = await post('/v1/video/focus?effort=fast', form({ timeline: JSON.stringify(timeline) }));
    expect(response.status).toBe(200);
    expect(JSON.parse(response.headers.get('focal-report') ?? '{}')).toMatchObject({
      locks: [{ at: 0.2, found: true }],
    });
    await response.arrayBuffer();
    expect((await post('/v1/video/focus', form({}))).status).toBe(400);
    expect((await post('/v1/video/focus?at=2,2', clip)).status).toBe(400);
  });

  it('refuses what is wrong, too large or no video', async () => {
    const statusOf = async (path: string, body: FormData | Uint8Array<ArrayBuffer>, limits = {}) => {
      const response = await post(path, body, limits);
      await response.arrayBuffer();
      return response.status;
    };
    expect(await statusOf('/v1/video/background?sharpness=2', clip)).toBe(400);
    expect(await statusOf('/v1/video/anonymize?threshold=7', clip)).toBe(400);
    expect(await statusOf('/v1/video/background', clip, { maxVideoBytes: 1000 })).toBe(413);
    expect(await statusOf('/v1/video/background', new TextEncoder().encode('this is no video but a text'))).toBe(415);
    expect(await statusOf('/v1/video/background', clip, { maxUploadBytes: 1000 })).toBe(200);
    expect(await readdir(uploads)).toEqual([]);
  });

  it('sends requests away when all places are taken', async () => {
    const fake = createFakeFocal();
    let release: () => void = () => undefined;
    const held = new Promise<never>((_, reject) => {
      release = () => reject(new Error('over'));
    });
    held.catch(() => undefined);
    const video = { ...fake.video, background: () => held };
    const app = createApp({ focal: { ...fake, video }, uploadsFolder: uploads, limits: { videoQueueLength: 0 } });
    const send = () =>
      app.request('/v1/video/background', { method: 'POST', body: clip, headers: { 'content-type': 'video/mp4' } });
    const first = send();
    const second = await send();
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).not.toBeNull();
    release();
    expect((await first).status).toBe(500);
  });
});
