import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, readLines, runFocal } from './fixtures/run-focal.ts';

let folder: string;
let photo: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-versions-command-'));
  await mkdir(join(folder, 'photos'));
  photo = join(folder, 'photos', 'grey.jpg');
  await sharp({ create: { width: 200, height: 120, channels: 3, background: '#606060' } })
    .jpeg()
    .toFile(photo);
  const recipe = (exposure: number) =>
    JSON.stringify({
      format: 'focal-recipe',
      version: 1,
      look: { steps: [{ effect: 'tone', params: { exposure } }] },
    });
  await writeFile(join(folder, 'bright.json'), recipe(1));
  await writeFile(join(folder, 'dark.json'), recipe(-2));
  await writeFile(join(folder, 'broken.json'), '{"format": "focal-recipe"}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const focal = (...args: string[]): Promise<Ended> =>
  runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'home'), DATABASE_URL: '' } });
const versions = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await focal('library', 'versions', ...args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.toString();
};
const brightness = async (path: string): Promise<number> => (await sharp(path).stats()).channels[0]?.mean ?? 0;

test('focal library versions keeps, shows, saves, renames, replaces, deletes and brings back', async () => {
  expect((await focal('library', 'add', 'photos')).code).toBe(0);
  const before = await readFile(photo);
  expect(await versions('list', 'photos/grey.jpg')).toBe('It has no versions: only the original.\n');
  expect(await versions('add', 'photos/grey.jpg', 'bright.json', '--name', 'Day')).toBe(
    'Kept as Day beside the original, and shown in its place.\n',
  );
  expect(await versions('add', 'photos/grey.jpg', 'dark.json', '--beside')).toBe(
    'Kept as Version 2 beside the original.\n',
  );
  expect(await versions('list', 'photos/grey.jpg')).toMatch(/^id +name .*\n\d+ +Day .*shown.*\n\d+ +Version 2 /);
  expect(await versions('rename', 'photos/grey.jpg', 'version 2', 'Night')).toBe('It is called Night now.\n');
  expect(JSON.parse(await versions('recipe', 'photos/grey.jpg', 'Night')).look.steps[0].params.exposure).toBe(-2);

  await versions('save', 'photos/grey.jpg', 'Day', 'day.png');
  await versions('save', 'photos/grey.jpg', 'Night', 'night.jpg', '--quality', '80');
  expect(await brightness(join(folder, 'day.png'))).toBeGreaterThan(110);
  expect(await brightness(join(folder, 'night.jpg'))).toBeLessThan(80);
  const again = await focal('library', 'versions', 'save', 'photos/grey.jpg', 'Day', 'day.png');
  expect([again.code, again.stderr]).toEqual([expect.any(Number), expect.stringContaining('There is a file')]);
  expect(again.code).not.toBe(0);

  expect(await versions('replace', 'photos/grey.jpg', 'Day', 'dark.json')).toBe('Day has the new recipe.\n');
  await versions('save', 'photos/grey.jpg', 'Day', 'day.png', '--force');
  expect(await brightness(join(folder, 'day.png'))).toBeLessThan(80);
  const [kept] = readLines((await focal('library', 'versions', 'list', 'photos/grey.jpg', '--json')).stdout) as {
    id: number;
    assetId: number;
  }[];
  const { id, assetId } = kept ?? { id: 0, assetId: 0 };
  expect(await versions('remove', 'photos/grey.jpg', 'Day')).toContain(`versions restore ${assetId} ${id}`);
  expect(await versions('list', 'photos/grey.jpg')).toMatch(/Day .*deleted/);
  expect(await versions('restore', String(assetId), String(id))).toBe('Day is back.\n');
  await versions('remove', 'photos/grey.jpg', 'Day');
  expect(await versions('restore', 'photos/grey.jpg', 'day')).toBe('Day is back.\n');
  expect(await versions('list', 'photos/grey.jpg')).not.toContain('deleted');
  expect(await versions('use', String(assetId))).toBe('The original is shown now.\n');
  expect(await versions('list', String(assetId))).not.toContain('shown');
  expect(await versions('use', String(assetId), 'day')).toBe('Day is shown now.\n');

  for (const [args, code, said] of [
    [['add', 'photos/grey.jpg', 'broken.json'], 2, 'recipe of version 1'],
    [['add', 'photos/grey.jpg', 'none.json'], 3, 'There is no recipe none.json'],
    [['list', 'photos/none.jpg'], 3, 'There is no photo photos/none.jpg'],
    [['use', 'photos/grey.jpg', 'Noon'], 3, 'It has Day'],
    [['save', 'photos/grey.jpg', 'Day', 'day.gif'], 2, 'Expected a file that ends in .jpg'],
  ] as const) {
    const refused = await focal('library', 'versions', ...args);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(said)]);
  }
  expect((await readFile(photo)).equals(before)).toBe(true);
}, 600_000);
