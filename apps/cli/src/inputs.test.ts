import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findInputs } from './inputs.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-inputs-'));
  await mkdir(join(folder, 'trip/day-1'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  for (const name of ['b.jpg', 'a.PNG', 'notes.txt', '.hidden.jpg', 'trip/c.webp', 'trip/day-1/d.heic']) {
    await writeFile(join(folder, name), 'x');
  }
});

afterEach(() => rm(folder, { recursive: true }));

describe('findInputs', () => {
  const names = async (args: string[], recursive = false) =>
    (await findInputs(args, { folder, recursive })).map((input) => input.path.slice(folder.length + 1));

  test('takes a named file whatever it is called', async () => {
    expect(await names(['notes.txt'])).toEqual(['notes.txt']);
  });

  test('takes the pictures of a folder, sorted, without hidden ones and subfolders', async () => {
    expect(await names(['.'])).toEqual(['a.PNG', 'b.jpg']);
  });

  test('takes subfolders too when asked, and keeps their structure', async () => {
    const inputs = await findInputs(['.'], { folder, recursive: true });
    expect(inputs.map((input) => input.folder)).toEqual(['', '', 'trip', join('trip', 'day-1')]);
  });

  test('takes what a pattern matches, with the structure below its fixed part', async () => {
    const inputs = await findInputs(['trip/**/*.{webp,heic}'], { folder });
    expect(inputs.map((input) => [input.shown, input.folder])).toEqual([
      [join('trip', 'c.webp'), ''],
      [join('trip', 'day-1', 'd.heic'), 'day-1'],
    ]);
  });

  test('takes a picture once though it is named twice', async () => {
    expect(await names(['b.jpg', '*.jpg', './b.jpg'])).toEqual(['b.jpg']);
  });

  test('prefers a file whose name holds the characters of a pattern', async () => {
    await writeFile(join(folder, 'odd[1].jpg'), 'x');
    expect(await names(['odd[1].jpg'])).toEqual(['odd[1].jpg']);
  });

  test.each([
    ['missing.jpg', 'There is no file or folder missing.jpg.'],
    ['empty', 'There are no pictures in the folder empty.'],
    ['*.gif', 'The pattern *.gif matches no pictures.'],
  ])('says what is not there for %s', async (arg, message) => {
    await expect(findInputs([arg], { folder })).rejects.toMatchObject({ code: 'not-found', message });
  });
});
