import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, readLines, runFocal } from './fixtures/run-focal.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'focal-album-content-')));
  await mkdir(join(folder, 'photos'));
  for (const color of ['red', 'green', 'blue']) {
    await sharp({ create: { width: 64, height: 64, channels: 3, background: color } })
      .jpeg()
      .toFile(join(folder, 'photos', `${color}.jpg`));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const focal = (args: readonly string[]): Promise<Ended> =>
  runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'home'), DATABASE_URL: '' } });
const text = async (args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await focal(args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.toString();
};
const path = (name: string): string => join('photos', `${name}.jpg`);
const photosOf = async (album: string): Promise<readonly string[]> =>
  (await text(['albums', 'photos', album]))
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(`${join(folder, 'photos')}/`, ''));

test('focal albums fills albums, puts them in order and describes them', { timeout: 240_000 }, async () => {
  expect((await focal(['library', 'add', 'photos'])).code).toBe(0);
  await text(['albums', 'save', 'Colours']);
  await text(['albums', 'save', 'Later']);
  expect(await text(['albums', 'add', 'colours', path('red'), path('blue')])).toBe('2 added to Colours.\n');
  expect(await text(['albums', 'add', 'Colours', '--found', '"green" or "red"', '--json'])).toBe('{"added":1}\n');
  expect(await photosOf('Colours')).toEqual(['red.jpg', 'blue.jpg', 'green.jpg']);
  expect(await text(['albums', 'order', 'Colours', path('green'), path('blue')])).toBe(
    'Colours begins with these 2 photos now.\n',
  );
  expect(await photosOf('Colours')).toEqual(['green.jpg', 'blue.jpg', 'red.jpg']);
  expect(await text(['albums', 'take-out', 'Colours', path('blue')])).toBe('1 taken out of Colours.\n');
  const away = await focal(['albums', 'order', 'Colours', path('blue')]);
  expect([away.code, away.stderr]).toEqual([3, expect.stringContaining('photos/blue.jpg is not in Colours.')]);

  const id = readLines((await focal(['search', '"red"', '--json'])).stdout)[0]?.id as number;
  const args = [
    'albums',
    'change',
    'Colours',
    '--name',
    'Lights',
    '--description',
    'Of traffic',
    '--cover',
    String(id),
  ];
  expect(await text(args)).toBe('Lights is changed.\n');
  const list = async () => readLines((await focal(['albums', '--json'])).stdout);
  expect(await list()).toMatchObject([{ name: 'Lights', description: 'Of traffic', coverId: id }, { name: 'Later' }]);
  expect(await text(['albums', 'first', 'Later'])).toBe('Later\nLights\n');
  await text(['albums', 'change', 'Lights', '--no-cover', '--description', '']);
  expect(await list()).toMatchObject([{ name: 'Later' }, { name: 'Lights', description: '' }]);
});

test('focal albums says what it lacks', { timeout: 120_000 }, async () => {
  await text(['albums', 'save', 'Smart', '"red"']);
  for (const [args, code, said] of [
    [['add', 'Later'], 2, 'Expected photos or --found, got neither.'],
    [['add', 'Later', 'missing.jpg'], 3, 'There is no photo missing.jpg in the library.'],
    [['add', 'Nowhere', path('red')], 3, 'There is no album Nowhere.'],
    [['change', 'Later'], 2, 'Take --name, --description, --cover or --no-cover.'],
    [['add', 'Smart', path('red')], 2, 'smart'],
  ] as const) {
    const ended = await focal(['albums', ...args]);
    expect([args.join(' '), ended.code, ended.stderr]).toEqual([args.join(' '), code, expect.stringContaining(said)]);
  }
});
