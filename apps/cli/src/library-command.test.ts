import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, type Ended, readLines, runFocal, samplePhoto, startFocal } from './fixtures/run-focal.ts';

let folder: string;
let photos: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-library-command-'));
  photos = join(folder, 'photos');
  await mkdir(photos);
  await sharp(samplePhoto(1)).resize(640).jpeg().toFile(join(photos, 'table.jpg'));
  await writeFile(join(photos, 'broken.jpg'), 'nothing');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const focal = (...args: string[]): Promise<Ended> =>
  runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'home'), DATABASE_URL: '' } });

test('focal library adds, tells, searches, lists what is bad and removes', async () => {
  expect((await focal('library')).stdout.toString()).toContain('The library is empty.');
  const missing = await focal('library', 'add', 'nothing');
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('There is no folder')]);

  const added = await focal('library', 'add', 'photos');
  expect([added.code, added.stdout.toString()]).toEqual([0, expect.stringContaining('1 photo and 0 videos')]);
  const [status] = readLines((await focal('library', 'status', '--json')).stdout);
  expect(status).toMatchObject({ photos: 1, bad: 1, folders: [{ path: photos, count: 1 }] });

  const found = await focal('search', 'person');
  expect(found.stdout.toString()).toBe(`${join(photos, 'table.jpg')}\n`);
  const [asset] = readLines((await focal('search', 'person', '--json')).stdout);
  expect(asset).toMatchObject({ format: 'jpeg', width: 640, isAnalysed: true });
  expect((await focal('search', 'zebra')).stdout.toString()).toBe('');
  expect((await focal('search', 'person', '"table"', 'sort:oldest', '--count')).stdout.toString()).toBe('1\n');
  const refused = await focal('search', 'person', 'type:vidoe');
  expect([refused.code, refused.stdout.toString()]).toEqual([2, '']);
  expect(refused.stderr).toContain('  person type:vidoe\n              ^^^^^\nError: There is no type vidoe.');
  expect(refused.stderr).toContain('Did you mean video?');
  const [told] = readLines((await focal('search', 'type:vidoe', '--json')).stdout);
  expect(told).toMatchObject({ type: 'error', error: { code: 'invalid-argument', offset: 5, length: 5 } });

  expect((await focal('albums', 'save', 'People', 'person')).stdout.toString()).toBe('People: 1\n');
  expect((await focal('albums')).stdout.toString()).toMatch(/People +1 +person/);
  expect((await focal('albums', 'save', 'People', 'person', 'type:video')).stdout.toString()).toBe('People: 0\n');
  expect((await focal('search', 'album:people')).stderr).toContain('Nothing was found.');
  expect((await focal('search', 'preson')).stderr).toContain('Nothing was found. Did you mean: person');
  expect((await focal('albums', 'save', 'People')).code).not.toBe(0);
  expect((await focal('albums', 'remove', 'people')).code).toBe(0);
  const none = await focal('albums', 'remove', 'people');
  expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('There is no album people.')]);
  expect((await focal('places')).stdout.toString()).toContain('No photo or video of the library tells where');

  const bad = await focal('library', 'bad');
  expect(bad.stdout.toString()).toMatch(/broken\.jpg\n {2}Expected a picture, got what looks like text/);
  await sharp(samplePhoto(4)).resize(300).jpeg().toFile(join(photos, 'broken.jpg'));
  expect((await focal('library', 'rescan')).stdout.toString()).toContain('2 photos and 0 videos.');
  const other = await focal('library', 'remove', 'elsewhere');
  expect([other.code, other.stderr]).toEqual([3, expect.stringContaining(photos)]);
  expect((await focal('library', 'remove', 'photos')).code).toBe(0);
  expect((await focal('library')).stdout.toString()).toContain('The library is empty.');
}, 600_000);

test('a server that has the library open is asked in place of it', async () => {
  const env = { FOCAL_HOME: join(folder, 'home'), DATABASE_URL: '' };
  const server = startFocal(['serve', '--port', '0', '--json'], { folder, env });
  const ended = collect(server);
  const url = await new Promise<string>((resolve) => {
    server.stdout?.on('data', (chunk) => {
      const match = /"url":"([^"]+)"/.exec(String(chunk));
      if (match?.[1] !== undefined) resolve(match[1]);
    });
  });
  try {
    expect((await fetch(`${url}/v1/library`)).status).toBe(200);
    const added = await focal('library', 'add', 'photos');
    expect([added.code, added.stderr]).toEqual([0, '']);
    const state = (await (await fetch(`${url}/v1/library`)).json()) as { assets: number };
    expect(state.assets).toBe(2);
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
  expect((await focal('library')).stdout.toString()).toContain('2 photos');
}, 600_000);

test('focal library backup and restore bring everything back, and replace a library only when told to', async () => {
  const env = { FOCAL_HOME: join(folder, 'home'), DATABASE_URL: '' };
  const made = await focal('library', 'backup', 'kept.focal-backup');
  expect([made.code, made.stderr, made.stdout.toString()]).toEqual([0, '', expect.stringContaining('2 photos')]);
  expect((await focal('library', 'backup', 'kept.focal-backup')).code).toBe(6);
  const refused = await focal('library', 'restore', 'kept.focal-backup');
  expect(refused.stderr).toContain('There is a library already.');
  const other = { FOCAL_HOME: join(folder, 'other home'), DATABASE_URL: '' };
  const restored = await runFocal(['library', 'restore', 'kept.focal-backup'], { folder, env: other });
  expect([restored.code, restored.stdout.toString()]).toEqual([0, expect.stringContaining('2 photos')]);
  const [status] = readLines((await runFocal(['library', '--json'], { folder, env: other })).stdout);
  expect(status).toMatchObject({ photos: 2, folders: [{ path: photos }] });
  const forced = await runFocal(['library', 'restore', 'kept.focal-backup', '--force', '--json'], { folder, env });
  expect(readLines(forced.stdout)).toMatchObject([{ assets: 2, before: expect.stringContaining('database.before-') }]);
  expect((await focal('library')).stdout.toString()).toContain('2 photos');
  const worker = await focal('worker');
  expect([worker.code, worker.stderr]).toEqual([2, expect.stringContaining('DATABASE_URL')]);
}, 600_000);

test('focal library export copies originals with what is known of them, or writes that beside them', async () => {
  const made = await focal('library', 'export', 'copies');
  expect([made.code, made.stderr, made.stdout.toString()]).toEqual([0, '', '2 written, 0 as they were.\n']);
  const copies = join(folder, 'copies', 'photos');
  expect((await readdir(copies)).sort()).toEqual(['broken.jpg', 'broken.jpg.xmp', 'table.jpg', 'table.jpg.xmp']);
  expect((await readFile(join(copies, 'table.jpg'))).equals(await readFile(join(photos, 'table.jpg')))).toBe(true);
  expect((await focal('library', 'export', 'copies')).stdout.toString()).toBe('0 written, 2 as they were.\n');
  const found = await focal('library', 'export', 'people', '--query', 'person', '--json');
  expect(readLines(found.stdout)).toEqual([{ type: 'summary', written: expect.any(Number), unchanged: 0, failed: 0 }]);
  // There is nothing to say of them.
  expect((await focal('library', 'export', '--sidecars')).stdout.toString()).toBe('0 written, 2 as they were.\n');
  expect((await readdir(photos)).filter((name) => name.endsWith('.xmp'))).toEqual([]);
  expect((await focal('library', 'export')).code).toBe(2);
}, 600_000);

test('focal library export gives what was made of photos, beside the originals or in their place', async () => {
  const recipe = { format: 'focal-recipe', version: 1, look: { steps: [{ effect: 'mono', on: 'everything' }] } };
  await writeFile(join(folder, 'grey.json'), JSON.stringify(recipe));
  const added = await focal('library', 'versions', 'add', join(photos, 'table.jpg'), 'grey.json', '--name', 'In/grey');
  expect([added.code, added.stderr]).toEqual([0, '']);
  const beside = await focal('library', 'export', 'edited', '--edits', 'beside');
  expect([beside.code, beside.stderr, beside.stdout.toString()]).toEqual([0, '', '3 written, 0 as they were.\n']);
  const copies = join(folder, 'edited', 'photos');
  expect((await readdir(copies)).filter((name) => name.endsWith('.jpg')).sort()).toEqual([
    'broken.jpg',
    'table (In_grey).jpg',
    'table.jpg',
  ]);
  const { channels } = await sharp(join(copies, 'table (In_grey).jpg')).stats();
  expect(Math.abs((channels[0]?.mean ?? 0) - (channels[2]?.mean ?? 99))).toBeLessThan(1);
  expect((await readFile(join(copies, 'table.jpg'))).equals(await readFile(join(photos, 'table.jpg')))).toBe(true);
  const again = await focal('library', 'export', 'edited', '--edits', 'beside');
  expect(again.stdout.toString()).toBe('0 written, 3 as they were.\n');
  const instead = await focal('library', 'export', 'instead', '--edits', 'instead', '--metadata', 'all');
  expect(instead.stdout.toString()).toBe('2 written, 0 as they were.\n');
  expect(
    (await readFile(join(folder, 'instead', 'photos', 'table.jpg'))).equals(await readFile(join(copies, 'table.jpg'))),
  ).toBe(false);
  for (const wrong of [
    ['--sidecars', '--edits', 'beside'],
    ['x', '--metadata', 'all'],
    ['x', '--edits', 'some'],
  ]) {
    expect((await focal('library', 'export', ...wrong)).code).toBe(2);
  }
}, 600_000);

test('a file that is cut off counts once, and names of files cannot write to the terminal', async () => {
  const env = { FOCAL_HOME: join(folder, 'odd home'), DATABASE_URL: '' };
  const run = (...args: string[]) => runFocal(args, { folder, env });
  const odd = join(folder, 'odd');
  await mkdir(odd);
  const name = 'a\nb\x1b[2Jc.jpg';
  await sharp(samplePhoto(1)).resize(320).jpeg().toFile(join(odd, name));
  const whole = await sharp(samplePhoto(2)).resize(320).jpeg().toBuffer();
  await writeFile(join(odd, 'cut\n.jpg'), whole.subarray(0, whole.length / 2));
  await writeFile(join(odd, 'text\r.jpg'), 'nothing');
  const added = (await run('library', 'add', 'odd')).stdout.toString();
  expect(added).toContain(
    '2 photos and 0 videos, 1 of them damaged; 1 more file could not be read: focal library bad.\n',
  );
  const found = (await run('search', 'person')).stdout.toString();
  expect(found).toBe(`${join(odd, 'a\\nb\\x1b[2Jc.jpg')}\n`);
  const [asset] = readLines((await run('search', 'person', '--json')).stdout);
  expect(asset).toMatchObject({ places: [{ path: join(odd, name) }] });
  const bad = (await run('library', 'bad')).stdout.toString();
  expect(bad).toContain(`${join(odd, 'cut\\n.jpg')}\n  `);
  expect(bad).toContain(`${join(odd, 'text\\r.jpg')}\n  `);
  expect((await run('library', 'remove', 'odd')).code).toBe(0);
}, 600_000);
