import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SceneJson, sceneSchema } from '@focal/core';
import { createApp } from '@focal/server';
import { createFocal } from 'focal';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLines, runFocal, samplePhoto } from './fixtures/run-focal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-same-'));
  await sharp(samplePhoto(1)).resize(640).jpeg().toFile(join(folder, 'photo.jpg'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('gives the same scene as JSON by the command and by the API', { timeout: 180_000 }, async () => {
  const args = ['analyze', 'photo.jpg', '--json', '--with-mattes', '--with-vectors', '--device', 'cpu'];
  const { code, stdout } = await runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'command') } });
  expect(code).toBe(0);
  const [line] = readLines(stdout);

  // Homes of their own: each looks itself.
  await using focal = await createFocal({ home: join(folder, 'api'), device: 'cpu' });
  const answer = await createApp({ focal }).request('/v1/analyze?mattes=packbits&vectors=true', {
    method: 'POST',
    body: Uint8Array.from(await readFile(join(folder, 'photo.jpg'))),
    headers: { 'content-type': 'image/jpeg' },
  });
  const scene = (await answer.json()) as SceneJson;
  expect(line?.scene).toEqual(scene);
  const { subjects, faces, saliency, matte } = sceneSchema.parse(scene);
  expect(subjects?.subjects.filter(({ kind }) => kind === 'person')).toHaveLength(3);
  expect(faces?.faces.map(({ vector }) => vector?.length)).toEqual([128, 128, 128]);
  expect((matte?.matte.packbits?.length ?? 0) * (saliency?.map.packbits?.length ?? 0)).toBeGreaterThan(1000);
});
