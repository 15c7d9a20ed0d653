import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, readLines, runFocal, samplePhoto } from './fixtures/run-focal.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-people-command-'));
  await mkdir(join(folder, 'photos'));
  for (const width of [1000, 1300]) {
    await sharp(samplePhoto(1))
      .resize(width)
      .jpeg()
      .toFile(join(folder, 'photos', `table ${width}.jpg`));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const focal = (...args: string[]): Promise<Ended> =>
  runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'home'), DATABASE_URL: '' } });
const text = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await focal(...args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.toString();
};

test('focal people lists, names, shows, merges, splits, searches, asks and takes back', async () => {
  expect(await text('people')).toContain('Nobody is listed.');
  expect((await focal('library', 'add', 'photos')).code).toBe(0);
  const people = readLines((await focal('people', 'list', '--min-faces', '2', '--json')).stdout) as {
    id: number;
    faces: number;
  }[];
  expect(people.length).toBeGreaterThanOrEqual(2);
  const [one = 0, two = 0] = people.map(({ id }) => id);
  expect(await text('people', 'name', String(one), 'Ada')).toBe(`Person ${one} is Ada now.\n`);
  expect(await text('people', 'name', String(two), 'ada')).toContain(`focal people merge ${two} ${one}`);
  const both = await focal('people', 'show', 'ada');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining(`(${two})`)]);
  expect(await text('people', 'name', String(two), 'Berta')).toContain('Berta');
  expect((await text('people', 'show', 'ADA')).split('\n').filter((line) => line.includes('table'))).toHaveLength(2);
  expect(await text('people', 'favourite', 'berta')).toBe('Berta is a favourite now.\n');
  expect(await text('people')).toMatch(/^id +name +faces\n\d+ +Berta +2 +favourite\n\d+ +Ada +2\n/);

  const refused = await focal('people', 'merge', 'Ada', 'Berta');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('seen in one photo')]);
  const faces = readLines((await focal('people', 'faces', 'Ada', '--json')).stdout) as { id: number; path: string }[];
  expect(faces[0]?.path).toContain('table');
  expect(await text('people', 'split', String(faces[0]?.id), '--name', 'Cleo')).toBe('They are Cleo now.\n');
  expect(await text('people', 'undo')).toBe('Taken back: that faces are another person.\n');
  const found = await text('people', 'search', 'photos/table 1000.jpg', '--limit', '1');
  expect(found).toMatch(/^id +name +faces +distance\n\d+ .* 2 +0\.00\n$/);
  await text('people', 'hide', 'Berta');
  expect(await text('people', 'list', '--hidden')).toContain('Berta');
  await text('people', 'suggest');
  const nobody = await focal('people', 'show', 'Zoe');
  expect([nobody.code, nobody.stderr]).toEqual([3, expect.stringContaining('nobody by the name of "Zoe"')]);
  const missing = await focal('people', 'search', 'none.jpg');
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('There is no picture none.jpg.')]);
}, 600_000);
