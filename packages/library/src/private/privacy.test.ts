import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';

const libraries = useLibraries();
const PASSWORD = 'open sesame';

let next = 0;
/** Four photos; the first two are in a private album, the second and third in an ordinary one. */
async function openWithPrivate(kind: 'embedded' | 'server') {
  const folder = join(libraries.folder, `private-${next++}`);
  await mkdir(folder);
  for (const seed of [1, 2, 3, 4]) await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed }));
  const clock = { ms: 1_700_000_000_000 };
  const library = await libraries.open(kind, { now: () => clock.ms, dailyBackups: false });
  await library.folders.add(folder);
  await library.idle();
  const ids = (await library.list({ sort: 'name' })).assets.map(({ id }) => id);
  const [hidden, open] = [
    await library.albums.create({ name: 'Hidden', description: 'What nobody knows' }),
    await library.albums.create({ name: 'Open' }),
  ];
  await library.albums.addAssets(hidden.id, ids.slice(0, 2));
  await library.albums.addAssets(open.id, ids.slice(1, 3));
  const key = await library.privacy.protect(hidden.id, PASSWORD);
  return { library, clock, folder, ids: ids as [number, number, number, number], hidden, open, key };
}

const idsOf = (assets: readonly { readonly id: number }[]): readonly number[] => assets.map(({ id }) => id);
const notFound = { code: 'not-found' };
const notAllowed = { name: 'NotAllowedError', code: 'permission' };

describe.each(DATABASES)('private albums on the %s database', (kind) => {
  test('take their photos out of every view, and win over other albums', async () => {
    const { library, ids, hidden, open } = await openWithPrivate(kind);
    expect(idsOf((await library.list({ sort: 'name' })).assets)).toEqual(ids.slice(2));
    expect(await library.count()).toEqual({ count: 2, isExact: true });
    expect(await library.albums.listAssets(open.id, 0, 10)).toEqual([ids[2]]);
    expect((await library.timeline()).reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(await library.progress()).toMatchObject({ assets: 2, photos: 2 });
    expect((await library.folders.list())[0]).toMatchObject({ count: 2 });
    const [listed, ordinary] = await library.albums.list();
    expect(listed).toMatchObject({ name: 'Hidden', isPrivate: true, count: 0, description: '' });
    expect(listed).not.toHaveProperty('coverId');
    expect(ordinary).toMatchObject({ name: 'Open', isPrivate: false, count: 1, coverId: ids[2] });
    await expect(library.albums.listAssets(hidden.id, 0, 10)).rejects.toMatchObject(notAllowed);
    await expect(library.get(ids[0])).rejects.toMatchObject(notFound);
    await expect(library.picture(ids[1], 'grid')).rejects.toMatchObject(notFound);
    await expect(library.original(ids[1])).rejects.toMatchObject(notFound);
    await expect(library.sidecars.text(ids[1])).rejects.toMatchObject(notFound);
    expect(await library.listByIds(ids)).toHaveLength(2);
    expect(await library.change(ids, { rating: 3 })).toBe(2);
  });

  test('are open to who has given the password', async () => {
    const { library, ids, hidden, key } = await openWithPrivate(kind);
    const unlocked = library.privacy.unlockedBy(key.token);
    expect(unlocked).toEqual([hidden.id]);
    expect(await library.albums.listAssets(hidden.id, 0, 10, unlocked)).toEqual(ids.slice(0, 2));
    expect(idsOf(await library.listByIds(ids.slice(0, 2), unlocked))).toEqual(ids.slice(0, 2));
    expect(await library.albums.get(hidden.id, unlocked)).toMatchObject({ count: 2, description: 'What nobody knows' });
    expect(await library.get(ids[0], unlocked)).toMatchObject({ isPrivate: true, albums: [{ name: 'Hidden' }] });
    expect(await library.picture(ids[0], 'grid', { unlocked })).toMatchObject({ isPrivate: true });
    expect(await library.original(ids[0], unlocked)).toMatchObject({ isPrivate: true });
    // The other views do not show them even then.
    expect(await library.list()).toMatchObject({ assets: [{}, {}] });
    await expect(library.change([ids[0]], { isTrashed: true }, unlocked)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'A photo in a private album cannot be thrown away.',
    });
  });

  test('lock after a while, when told to, and for all with another password', async () => {
    const { library, clock, hidden, key } = await openWithPrivate(kind);
    clock.ms += key.idleMs - 1;
    expect(library.privacy.unlockedBy(key.token)).toEqual([hidden.id]);
    clock.ms += key.idleMs - 1;
    expect(library.privacy.unlockedBy(key.token)).toEqual([hidden.id]);
    clock.ms += key.idleMs;
    expect(library.privacy.unlockedBy(key.token)).toEqual([]);

    const second = await library.privacy.unlock(hidden.id, PASSWORD);
    expect(second.token).not.toBe(key.token);
    library.privacy.lock(second.token);
    expect(library.privacy.unlockedBy(second.token)).toEqual([]);

    const [third, fourth] = [
      await library.privacy.unlock(hidden.id, PASSWORD),
      await library.privacy.unlock(hidden.id, PASSWORD),
    ];
    await library.privacy.protect(hidden.id, 'another one', third.token);
    expect(library.privacy.unlockedBy(third.token)).toEqual([hidden.id]);
    expect(library.privacy.unlockedBy(fourth.token)).toEqual([]);
    await expect(library.privacy.unlock(hidden.id, PASSWORD)).rejects.toMatchObject(notAllowed);
    for (const token of [undefined, '', 'made up']) expect(library.privacy.unlockedBy(token)).toEqual([]);
  });

  test('slow down who tries passwords', async () => {
    const { library, clock, hidden } = await openWithPrivate(kind);
    for (let tries = 0; tries < 5; tries++) {
      await expect(library.privacy.unlock(hidden.id, `wrong ${tries}`)).rejects.toMatchObject({
        message: 'That is not the password of this album.',
      });
    }
    await expect(library.privacy.unlock(hidden.id, PASSWORD)).rejects.toMatchObject({
      code: 'busy',
      retryAfterSeconds: 300,
    });
    clock.ms += 300_000;
    expect(await library.privacy.unlock(hidden.id, PASSWORD)).toMatchObject({ albums: [hidden.id] });
  });

  test('cannot be changed, emptied or deleted without it: their photos would be seen again', async () => {
    const { library, ids, hidden, open, key } = await openWithPrivate(kind);
    const { albums, privacy } = library;
    for (const attempt of [
      () => albums.remove(hidden.id),
      () => albums.change(hidden.id, { name: 'Mine' }),
      () => albums.addAssets(hidden.id, [ids[3]]),
      () => albums.removeAssets(hidden.id, [ids[0]]),
      () => albums.arrangeAssets(hidden.id, [ids[1]]),
      () => privacy.unprotect(hidden.id),
      () => privacy.protect(hidden.id, 'my own one'),
    ]) {
      await expect(attempt()).rejects.toMatchObject(notAllowed);
    }
    await expect(albums.addAssets(open.id, [ids[0]])).rejects.toMatchObject(notFound);
    expect(await library.count()).toMatchObject({ count: 2 });

    await albums.removeAssets(hidden.id, [ids[0]], privacy.unlockedBy(key.token));
    expect(await library.count()).toMatchObject({ count: 3 });
    await privacy.unprotect(hidden.id, key.token);
    expect(await library.count()).toMatchObject({ count: 4 });
    expect(await albums.listAssets(open.id, 0, 10)).toEqual(ids.slice(1, 3));
  });

  test('show their photos again when they are deleted, also where they are in two', async () => {
    const { library, ids, hidden, key } = await openWithPrivate(kind);
    const second = await library.albums.create({ name: 'Second' });
    await library.albums.addAssets(second.id, [ids[1]], [hidden.id]);
    const { token } = await library.privacy.protect(second.id, PASSWORD, key.token);
    expect(token).toBe(key.token);
    await library.albums.remove(hidden.id, library.privacy.unlockedBy(token));
    expect(idsOf((await library.list({ sort: 'name' })).assets)).toEqual([ids[0], ids[2], ids[3]]);
    await library.albums.remove(second.id, library.privacy.unlockedBy(token));
    expect(await library.count()).toMatchObject({ count: 4 });
  });

  test('hide what is in the trash, and give it back to the trash', async () => {
    const { library, ids, hidden, key } = await openWithPrivate(kind);
    await library.change([ids[3]], { isTrashed: true });
    await library.albums.addAssets(hidden.id, [ids[3]], [hidden.id]);
    expect(await library.count({ isTrashed: true })).toMatchObject({ count: 0 });
    expect(await library.progress()).toMatchObject({ trashed: 0 });
    await library.privacy.unprotect(hidden.id, key.token);
    expect(await library.count({ isTrashed: true })).toMatchObject({ count: 1 });
  });

  test('keep a photo that another program changed, and one whose folder was away', async () => {
    const { library, folder, ids } = await openWithPrivate(kind);
    await put(join(folder, '1.jpg'), await drawPhoto({ seed: 77 }));
    await library.folders.rescan();
    await library.idle();
    expect(idsOf((await library.list({ sort: 'name' })).assets)).toEqual(ids.slice(2));
    const [added] = await library.folders.list();
    await library.folders.remove(added?.id ?? 0);
    await library.folders.add(folder);
    await library.idle();
    expect(idsOf((await library.list({ sort: 'name' })).assets)).toEqual(ids.slice(2));
  });

  test('are made of ordinary albums, with a password that is one', async () => {
    const { library, open } = await openWithPrivate(kind);
    const smart = await library.albums.create({ name: 'Smart', query: 'photos' });
    await expect(library.privacy.protect(smart.id, PASSWORD)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('smart album cannot be private'),
    });
    await expect(library.privacy.protect(open.id, '12345')).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(library.privacy.unlock(open.id, PASSWORD)).rejects.toMatchObject({
      message: 'The album is not private.',
    });
    await expect(library.privacy.protect(9999, PASSWORD)).rejects.toMatchObject(notFound);
  });
});
