import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBackup } from '../backup/read-backup.ts';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';

const libraries = useLibraries();
const DAY_MS = 86_400_000;

let next = 0;
/** A library of three photos, an album with two of them, and a clock. */
async function openWithAlbum(kind: 'embedded' | 'server') {
  const folder = join(libraries.folder, `shared-${next++}`);
  await mkdir(folder);
  for (const seed of [1, 2, 3]) await put(join(folder, `secret name ${seed}.jpg`), await drawPhoto({ seed }));
  const clock = { ms: 1_700_000_000_000 };
  const library = await libraries.open(kind, { now: () => clock.ms, dailyBackups: false });
  await library.folders.add(folder);
  await library.idle();
  const ids = (await library.list({ sort: 'name' })).assets.map(({ id }) => id);
  const album = await library.albums.create({ name: 'Party' });
  await library.albums.addAssets(album.id, ids.slice(0, 2));
  await library.settings.change({ isSharing: true });
  return { library, clock, ids, album };
}

async function opened(library: Library, token: string) {
  const share = await library.shares.open(token);
  if (share === undefined) throw new Error('Expected the link to be known.');
  return share;
}

describe.each(DATABASES)('albums that are shared by links, on the %s database', (kind) => {
  test('are off until they are turned on', async () => {
    const { library, album } = await openWithAlbum(kind);
    expect((await (await libraries.open(kind)).settings.get()).isSharing).toBe(false);
    await library.settings.change({ isSharing: false });
    await expect(library.shares.create({ albumId: album.id })).rejects.toMatchObject({
      message: 'Sharing is off for this library.',
    });
  });

  test('give what is in the album, under keys that mean nothing elsewhere', async () => {
    const { library, ids, album } = await openWithAlbum(kind);
    const { share, token } = await library.shares.create({ albumId: album.id });
    expect(share).toMatchObject({ albumName: 'Party', state: 'open', hasPassword: false });
    expect(Buffer.from(token, 'base64url')).toHaveLength(24);
    const guest = await opened(library, token);
    const photos = await guest.photos(0, 10);
    expect(await guest.count()).toBe(2);
    expect(photos.map((photo) => Object.keys(photo))).toEqual([
      ['key', 'width', 'height', 'state', 'isVideo'],
      ['key', 'width', 'height', 'state', 'isVideo'],
    ]);
    expect(await Promise.all(photos.map(({ key }) => guest.find(key)))).toEqual(ids.slice(0, 2));

    const other = await opened(library, (await library.shares.create({ albumId: album.id })).token);
    await expect(other.find(photos[0]?.key ?? '')).rejects.toMatchObject({ code: 'not-found' });
    await expect(guest.find(String(ids[0]))).rejects.toMatchObject({ code: 'not-found' });
    // What is taken out, thrown away or made private is no longer given.
    await library.albums.removeAssets(album.id, [ids[0] as number]);
    await expect(guest.find(photos[0]?.key ?? '')).rejects.toMatchObject({ code: 'not-found' });
    await library.change([ids[1] as number], { isTrashed: true });
    await expect(guest.find(photos[1]?.key ?? '')).rejects.toMatchObject({ code: 'not-found' });
    await library.change([ids[1] as number], { isTrashed: false });
    expect(await guest.photos(0, 10)).toHaveLength(1);
    const hidden = await library.albums.create({ name: 'Hidden' });
    await library.albums.addAssets(hidden.id, [ids[1] as number]);
    await library.privacy.protect(hidden.id, 'open sesame');
    await expect(guest.find(photos[1]?.key ?? '')).rejects.toMatchObject({ code: 'not-found' });
    expect(await guest.photos(0, 10)).toEqual([]);
  });

  test('follow a smart album, in the order of its search', async () => {
    const { library, ids } = await openWithAlbum(kind);
    const smart = await library.albums.create({ name: 'Third', query: '"name 3"' });
    const guest = await opened(library, (await library.shares.create({ albumId: smart.id })).token);
    const [only, ...more] = await guest.photos(0, 10);
    expect(more).toEqual([]);
    expect(await guest.find(only?.key ?? '')).toBe(ids[2]);
    await library.albums.change(smart.id, { query: '"name 2"' });
    await expect(guest.find(only?.key ?? '')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('ask for a password, end in time and when they are revoked', async () => {
    const { library, clock, album } = await openWithAlbum(kind);
    const expiresAt = clock.ms + 2 * DAY_MS;
    const { share, token } = await library.shares.create({ albumId: album.id, expiresAt, password: 'cheese' });
    expect(share).toMatchObject({ hasPassword: true, expiresAt });
    const guest = await opened(library, token);
    expect([await guest.isPassword('cheese'), await guest.isPassword('cheesy')]).toEqual([true, false]);
    clock.ms = expiresAt - 1;
    expect((await opened(library, token)).share.state).toBe('open');
    clock.ms = expiresAt;
    expect((await opened(library, token)).share.state).toBe('expired');

    const second = await library.shares.create({ albumId: album.id });
    expect(await library.shares.revoke(second.share.id)).toMatchObject({ state: 'revoked' });
    expect((await opened(library, second.token)).share.state).toBe('revoked');
    expect((await library.shares.list(album.id)).map(({ state }) => state)).toEqual(['revoked', 'expired']);
    clock.ms += 31 * DAY_MS;
    expect(await library.shares.list()).toEqual([]);
    await expect(library.shares.revoke(9999)).rejects.toMatchObject({ code: 'not-found' });
    await library.albums.remove(album.id);
    expect(await library.shares.open(token)).toBeUndefined();
  });

  test('end when their album becomes private, and none is made of one', async () => {
    const { library, album } = await openWithAlbum(kind);
    const { token } = await library.shares.create({ albumId: album.id });
    await library.privacy.protect(album.id, 'open sesame');
    expect((await opened(library, token)).share.state).toBe('revoked');
    await expect(library.shares.create({ albumId: album.id })).rejects.toMatchObject({
      message: 'A private album cannot be shared.',
    });
  });

  test('refuse what cannot be', async () => {
    const { library, clock, album } = await openWithAlbum(kind);
    for (const expiresAt of [clock.ms, clock.ms - 1, clock.ms + 367 * DAY_MS, Number.NaN]) {
      await expect(library.shares.create({ albumId: album.id, expiresAt })).rejects.toMatchObject({
        code: 'invalid-argument',
        message: 'Expected a link to end within the next 366 days.',
      });
    }
    await expect(library.shares.create({ albumId: album.id, password: 'short' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    await expect(library.shares.create({ albumId: 9999 })).rejects.toMatchObject({ code: 'not-found' });
    for (const token of ['', 'x'.repeat(32), '../../etc', "' or 1=1 --"]) {
      expect(await library.shares.open(token)).toBeUndefined();
    }
  });

  test('leave no link and no password in what is kept', async () => {
    const { library, album } = await openWithAlbum(kind);
    const { token } = await library.shares.create({ albumId: album.id, password: 'cheese board' });
    const { name } = await library.backups.create();
    let text = '';
    await readBackup(await library.backups.path(name), {
      onTable: (table) => void (text += table),
      onRow: (row) => void (text += row.join()),
    });
    expect(text).toContain('shares');
    expect(text).not.toContain(token);
    expect(text).not.toContain('cheese board');
  });
});
