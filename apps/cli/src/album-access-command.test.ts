import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseExpiry } from './album-access-program.ts';
import { type Ended, readLines, runFocal, startFocal } from './fixtures/run-focal.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-albums-command-'));
  await mkdir(join(folder, 'photos'));
  for (const color of ['red', 'blue']) {
    await sharp({ create: { width: 64, height: 64, channels: 3, background: color } })
      .jpeg()
      .toFile(join(folder, 'photos', `${color}.jpg`));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const env = (): NodeJS.ProcessEnv => ({ FOCAL_HOME: join(folder, 'home'), DATABASE_URL: '' });
const focal = (args: readonly string[], more: NodeJS.ProcessEnv = {}, input?: string): Promise<Ended> =>
  runFocal(args, { folder, env: { ...env(), ...more }, ...(input !== undefined && { input: Buffer.from(input) }) });
const text = async (args: readonly string[], more: NodeJS.ProcessEnv = {}, input?: string): Promise<string> => {
  const { code, stdout, stderr } = await focal(args, more, input);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.toString();
};

test('focal albums shares, lists links, ends them, and makes albums private', async () => {
  expect((await focal(['library', 'add', 'photos'])).code).toBe(0);
  await text(['albums', 'save', 'Red', '"red"']);
  await text(['albums', 'save', 'Diary']);
  expect(await text(['albums', 'sharing'])).toBe('Sharing is off.\n');
  const off = await focal(['albums', 'share', 'Red']);
  expect([off.code, off.stderr]).toEqual([7, expect.stringContaining('focal albums sharing on')]);
  expect(await text(['albums', 'sharing', 'on'])).toContain('Sharing is on.\nGuests reach it while focal serve runs.');
  const idle = await text(['albums', 'share', 'red']);
  expect(idle).toMatch(/Nobody listens: start focal serve.*\n\/s\/[\w-]{32}\n/);

  const child = startFocal(['serve', '--port', '0', '--share-port', '0', '--json'], { folder, env: env() });
  try {
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    const state = async (): Promise<string> => text(['albums', 'sharing', '--json']);
    await expect.poll(state, { timeout: 60_000, interval: 500 }).toContain('"isListening":true');
    const args = ['albums', 'share', 'Red', '--expires', '2d', '--password', '--json'];
    const [made] = readLines((await focal(args, {}, 'cheese board\n')).stdout) as unknown as {
      links: string[];
      share: { id: number; hasPassword: boolean; expiresAt: number };
    }[];
    expect(made?.share.hasPassword).toBe(true);
    expect(Math.abs((made?.share.expiresAt ?? 0) - Date.now() - 2 * 86_400_000)).toBeLessThan(600_000);
    const link = new URL(made?.links[0] ?? '');
    link.hostname = '127.0.0.1';
    expect(await (await fetch(link)).text()).toContain('These photos have a password');
    expect(await text(['albums', 'shares', 'Red'])).toMatch(/Red +open +.* password/);
    const covered = await text(['albums', 'share', 'Red', '--cover']);
    expect(covered).toMatch(/all faces covered: guests see each photo once that is done\.\nLink \d+ to Red ends/);
    expect(await text(['albums', 'shares', 'Red'])).toMatch(/Red +open +.* all faces covered\n/);
    const id = String(made?.share.id);
    expect(await text(['albums', 'unshare', id])).toBe(`Link ${id} to Red has ended.\n`);
    expect((await fetch(link)).status).toBe(410);
    expect(await text(['albums', 'shares', '--json'])).toContain('"state":"revoked"');

    const password = { FOCAL_ALBUM_PASSWORD: 'open sesame' };
    expect(await text(['albums', 'private', 'diary'], password)).toContain('Diary is private');
    expect(await text(['albums'])).toMatch(/Diary +private/);
    const locked = await focal(['albums', 'remove', 'Diary']);
    expect([locked.code, locked.stderr]).toEqual([7, expect.stringContaining('The album is private.')]);
    const wrong = await focal(['albums', 'unlock', 'Diary'], { FOCAL_ALBUM_PASSWORD: 'open barley' });
    expect([wrong.code, wrong.stderr]).toEqual([7, expect.stringContaining('not the password')]);
    expect(await text(['albums', 'unlock', 'Diary'], password)).toMatch(/^[\w-]{32}\n$/);
    expect(await text(['albums', 'private', 'Diary', '--off'], password)).toBe('Diary is no longer private.\n');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
  const nobody = await focal(['albums', 'unlock', 'Diary'], { FOCAL_ALBUM_PASSWORD: 'x' });
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('focal serve')]);
}, 240_000);

test('focal albums says what it cannot do', async () => {
  for (const [args, code, words] of [
    [['share', 'Nothing'], 3, 'There is no album Nothing.'],
    [['share', 'Red', '--expires', 'soon'], 2, 'Expected a time such as 12h'],
    [['share', 'Red', '--expires', '2026-02-30'], 2, 'Expected a time such as 12h'],
    [['share', 'Red', '--expires', '9999d'], 2, 'within the next 366 days'],
    [['share', 'Red', '--except', 'Ada'], 3, 'There is nobody by the name of "Ada".'],
    [['share', 'Red', '--except', '99'], 3, 'There is no person 99.'],
    [['unshare', 'x'], 2, 'Expected the id of a link'],
    [['unshare', '99'], 3, 'There is no shared link 99.'],
    [['sharing', 'maybe'], 2, 'Expected on or off.'],
    [['private', 'Red'], 2, 'A smart album cannot be private'],
    [['private', 'Diary', '--off'], 2, 'is not private'],
  ] as const) {
    const ended = await focal(['albums', ...args], { FOCAL_ALBUM_PASSWORD: 'open sesame' });
    expect([args, ended.code, ended.stderr]).toEqual([args, code, expect.stringContaining(words)]);
  }
  const empty = await focal(['albums', 'private', 'Diary'], {}, '');
  expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('Expected a password, got nothing.')]);
}, 240_000);

test('an expiry is a span, or a day to its end', () => {
  expect(parseExpiry('12h')).toEqual({ inMs: 43_200_000 });
  expect(parseExpiry('4w')).toEqual({ inMs: 28 * 86_400_000 });
  expect(parseExpiry('2026-12-31')).toEqual({ at: new Date(2026, 11, 31, 23, 59, 59).getTime() });
});
