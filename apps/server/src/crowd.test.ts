import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFocal } from 'focal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Serving, serve } from './serve.ts';

// The real Focal on a real socket. Only the person model is there, which is fast enough for a crowd.
const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
let serving: Serving;
let photo: Buffer<ArrayBuffer>;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-crowd-test-'));
  photo = Buffer.from(await readFile(join(samples, 'sample1.jpg')));
  const focal = await createFocal({ threads: 2, withoutModels: ['isnet-medium', 'isnet-small'] });
  const started = await serve({ focal, port: 0, uploadsFolder: folder });
  if (started.state !== 'listening') throw new Error('Another server was taken for ours.');
  serving = started;
});
afterAll(async () => {
  await serving.close();
  await rm(folder, { recursive: true });
});

async function cutout(body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = { 'content-type': 'image/jpeg' };
  const answer = await fetch(`${serving.url}/v1/cutout?output=matte`, { method: 'POST', body, headers });
  await answer.arrayBuffer();
  return answer;
}

/** As many cut-outs as of a crowd are done, but three at a time: threads and collectors reach their usual size. */
async function takeTurns(rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i += 3) await Promise.all([photo, photo, photo].map(cutout));
}

/** The most memory that this process takes while something goes on. */
async function peakWhile(work: Promise<unknown>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  await work.finally(() => clearInterval(timer));
  return peak;
}

describe('a hundred requests at once for real work', () => {
  it('are all answered, in the memory that a few take', { timeout: 300_000 }, async () => {
    const few = await peakWhile(takeTurns(36));
    const answers: Promise<Response>[] = Array.from({ length: 100 }, () => cutout(photo));
    const many = await peakWhile(Promise.all(answers));
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(34);
    expect(many / few, `${many} bytes beside ${few}`).toBeLessThan(1.5);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leave a server that works, and broken pictures do not block the others', { timeout: 120_000 }, async () => {
    const broken = photo.subarray(0, 3000);
    const answers = await Promise.all([broken, photo, broken, photo, broken, photo].map(cutout));
    expect(answers.map(({ status }) => status)).toEqual([422, 200, 422, 200, 422, 200]);
    expect(await (await fetch(`${serving.url}/health`)).json()).toMatchObject({ queue: { running: 0, waiting: 0 } });
  });

  it('say which model did the work where the better one is missing', { timeout: 60_000 }, async () => {
    const answer = await cutout(photo);
    expect(answer.headers.get('focal-models')).toMatch(/^selfie/);
    expect(answer.headers.get('focal-notice')).toMatch(/only people/);
  });
});
