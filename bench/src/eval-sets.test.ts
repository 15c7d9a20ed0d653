import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { halves, parseCsv, readCleanIds, readMaskedPhotos } from './eval-sets.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-bench-test-'));
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'masks'));
  for (const id of ['2', '10', '1', '7']) await writeFile(join(folder, 'images', `${id}.jpg`), '');
  await writeFile(join(folder, 'images', 'notes.txt'), '');
  for (const id of ['2', '10', '1']) await writeFile(join(folder, 'masks', `${id}.png`), '');
  await writeFile(join(folder, 'quality.csv'), 'id,fg,clean\n1,.2,1\n2,.3,0\n10,.1,1\n99,.1,1\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('photos come in the order of their numbers, those without a mask are skipped', async () => {
  const photos = await readMaskedPhotos(folder);
  expect(photos.map((photo) => [photo.id, photo.index])).toEqual([
    ['1', 0],
    ['2', 1],
    ['10', 2],
  ]);
  expect(photos[0]?.mask).toBe(join(folder, 'masks', '1.png'));
});

test('a list may name photos that are not there', async () => {
  const clean = await readCleanIds(folder);
  expect([...clean]).toEqual(['1', '10', '99']);
  const photos = await readMaskedPhotos(folder, (id) => clean.has(id));
  expect(photos.map((photo) => photo.id)).toEqual(['1', '10']);
  const { even, odd } = halves(photos);
  expect([even.map((photo) => photo.id), odd.map((photo) => photo.id)]).toEqual([['1'], ['10']]);
});

test('a folder that is not there is named in the error', async () => {
  await expect(readMaskedPhotos(join(folder, 'nowhere'))).rejects.toThrow('nowhere');
});

test('tables are read by column name', () => {
  expect(parseCsv('a,b\r\n1,2\r\n3,4\r\n')).toEqual([
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ]);
});
