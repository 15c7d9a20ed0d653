import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from './engine.ts';
import { know } from './know.ts';

let folder = '';
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-know-'));
  engine = createEngine({ home: join(folder, 'home'), device: 'cpu' });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

test('a broken picture of somebody is named, so that it is not taken for the photo', async () => {
  const path = join(folder, 'ada.png');
  await writeFile(path, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  await expect(know(engine, [{ name: 'Ada', pictures: [path] }], undefined)).rejects.toMatchObject({
    code: 'corrupt-input',
    message: expect.stringContaining(`${path}, a picture of Ada, cannot be used:`) as string,
  });
});
