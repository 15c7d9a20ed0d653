import { existsSync } from 'node:fs';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { FoundScene, PhotoToCover } from '../media.ts';

const libraries = useLibraries();
const { media } = libraries;

/** A vector that is so far from those of others, and so near to its own. */
function vectorOf(person: number, turn = 0): Float32Array {
  const vector = new Float32Array(128);
  vector[person] = 1;
  vector[100 + person] = turn;
  return vector;
}

/** Photos are told apart by how large they are: each shows these people, from left to right. */
const SEEN: Readonly<Record<string, readonly (readonly [person: number, turn: number])[]>> = {
  'a.jpg': [
    [1, 0],
    [2, 0],
  ],
  'b.jpg': [
    [1, 0.1],
    [3, 0],
  ],
  'c.jpg': [[1, 0.57]],
};
const boxOf = (index: number) => ({ x: 0.1 + 0.3 * index, y: 0.2, width: 0.1, height: 0.15 });

function see(path: string): FoundScene {
  const faces = (SEEN[path.split('/').at(-1) ?? ''] ?? []).map(([person, turn], index) => ({
    box: boxOf(index),
    score: 0.9,
    rollDegrees: 0,
    quality: { overall: 0.9 },
    vector: vectorOf(person, turn),
  }));
  return { focalPoint: { x: 0.5, y: 0.5 }, scene: { faces: { faces } } };
}

let next = 0;
/** Three photos with three people in an album; what was asked to be covered, and how. */
async function openWithPeople(kind: 'embedded' | 'server') {
  const folder = join(libraries.folder, `covering-${next++}`);
  await mkdir(folder);
  for (const [seed, name] of Object.keys(SEEN).entries()) {
    await put(join(folder, name), await drawPhoto({ seed: seed + 1, width: 300, height: 200 }));
  }
  media.see(({ path }) => see(String(path)));
  const asked: PhotoToCover[] = [];
  const clock = { ms: Date.now() };
  const broken = { is: false };
  const library = await libraries.open(kind, {
    now: () => clock.ms,
    dailyBackups: false,
    media: {
      ...media,
      async coverSmall(source, photo, options) {
        asked.push(photo);
        if (String(source.path).endsWith('c.jpg') && broken.is) throw new Error('No model today.');
        return media.coverSmall(source, photo, options);
      },
    },
  });
  await library.folders.add(folder);
  await library.idle();
  const ids = (await library.list({ sort: 'name' })).assets.map(({ id }) => id) as [number, number, number];
  const album = await library.albums.create({ name: 'Party' });
  await library.albums.addAssets(album.id, ids);
  await library.settings.change({ isSharing: true });
  const details = await Promise.all(ids.map((id) => library.get(id)));
  const personAt = (photo: number, face: number): number => {
    const found = [...(details[photo]?.faces ?? [])].sort((a, b) => a.box.x - b.box.x)[face]?.person?.id;
    if (found === undefined) throw new Error('Expected somebody.');
    return found;
  };
  const faceAt = (photo: number, face: number): number =>
    [...(details[photo]?.faces ?? [])].sort((a, b) => a.box.x - b.box.x)[face]?.id ?? 0;

  async function share(except: readonly number[]) {
    const { share: made, token } = await library.shares.create({ albumId: album.id, cover: { except } });
    const open = async () => {
      const opened = await library.shares.open(token);
      if (opened === undefined) throw new Error('Expected the link to be known.');
      return opened;
    };
    const photo = async (index: number) => (await (await open()).photos(0, 10))[index]?.key ?? '';
    const state = async (index: number) => (await (await open()).photos(0, 10))[index]?.state;
    const isReady = async (index: number) => {
      await expect.poll(() => state(index), { timeout: 60_000 }).toBe('ready');
    };
    return { made, open, photo, state, isReady };
  }
  /** What was last asked for of a photo. */
  const lastOf = (index: number) => asked.filter(({ sha256 }) => sha256 === details[index]?.sha256).at(-1);
  return { library, clock, ids, album, asked, broken, personAt, faceAt, share, lastOf, details };
}

const xOf = (faces: readonly { readonly box: { readonly x: number } }[] = []): readonly number[] =>
  faces.map(({ box }) => Math.round(box.x * 100) / 100);

describe.each(DATABASES)('links that cover faces, on the %s database', { timeout: 240_000 }, (kind) => {
  test('give nothing until faces are covered, then that, and another picture to each link', async () => {
    const { library, personAt, share, lastOf, asked } = await openWithPeople(kind);
    const ada = personAt(0, 0);
    await library.people.change(ada, { name: 'Ada' });
    const one = await share([ada]);
    expect(one.made.cover).toEqual({ except: [{ id: ada, name: 'Ada', isSpared: true }] });
    const guest = await one.open();
    const key = await one.photo(0);
    const first = await guest.picture(key, 'grid');
    expect(first === undefined || first.path.includes('/covered/')).toBe(true);
    await one.isReady(0);
    const [grid, preview] = [await guest.picture(key, 'grid'), await guest.picture(key, 'preview')];
    expect([grid?.path, preview?.path]).toEqual([
      expect.stringMatching(/\/covered\/.*covered-[0-9a-f]{16}-grid\.webp$/),
      expect.stringMatching(/\/covered\/.*covered-[0-9a-f]{16}-preview\.webp$/),
    ]);
    expect([xOf(lastOf(0)?.spared), xOf(lastOf(0)?.told)]).toEqual([[0.1], [0.4]]);
    const everybody = await share([]);
    expect(everybody.made.cover).toEqual({ except: [] });
    await everybody.isReady(0);
    expect([xOf(lastOf(0)?.spared), xOf(lastOf(0)?.told)]).toEqual([[], [0.1, 0.4]]);
    expect((await (await everybody.open()).picture(await everybody.photo(0), 'grid'))?.path).not.toBe(grid?.path);
    // What is there is not made again.
    const made = asked.length;
    await guest.picture(key, 'preview');
    expect(asked).toHaveLength(made);
    expect((await library.shares.list()).map(({ cover }) => cover?.except.length)).toEqual([0, 1]);
  });

  test('cover a face that is not surely like another of theirs, until it is confirmed', async () => {
    const { library, ids, personAt, faceAt, share, lastOf } = await openWithPeople(kind);
    const ada = personAt(0, 0);
    expect(personAt(2, 0)).toBe(ada);
    const link = await share([ada]);
    for (const photo of [0, 1, 2]) await link.isReady(photo);
    expect([0, 1, 2].map((photo) => xOf(lastOf(photo)?.spared))).toEqual([[0.1], [0.1], []]);
    await library.people.move([faceAt(2, 0)], ada);
    await link.isReady(2);
    expect(xOf(lastOf(2)?.spared)).toEqual([0.1]);
    expect(ids).toHaveLength(3);
  });

  test('are made anew when somebody is named otherwise, moved, merged, and when that is undone', async () => {
    const { library, personAt, faceAt, share, lastOf } = await openWithPeople(kind);
    const [ada, berta] = [personAt(0, 0), personAt(0, 1)];
    await library.people.change(ada, { name: 'Ada' });
    const link = await share([ada]);
    const seen = async (): Promise<readonly number[]> => {
      await link.isReady(0);
      return xOf(lastOf(0)?.spared);
    };
    expect(await seen()).toEqual([0.1]);
    const before = await (await link.open()).picture(await link.photo(0), 'grid');

    await library.people.change(ada, { name: 'Cleo' });
    // Not for a moment what was there before.
    const after = await (await link.open()).picture(await link.photo(0), 'grid');
    expect(after?.path).not.toBe(before?.path);
    expect(await seen()).toEqual([]);
    expect((await link.open()).share.cover).toEqual({ except: [{ id: ada, name: 'Ada', isSpared: false }] });
    await library.people.undo();
    expect((await (await link.open()).picture(await link.photo(0), 'grid'))?.path).toBe(before?.path);

    await library.people.reject([faceAt(0, 0)]);
    expect(await (await link.open()).picture(await link.photo(0), 'grid')).not.toEqual(before);
    await link.isReady(0);
    expect(xOf(lastOf(0)?.told)).toContain(0.1);
    await library.people.undo();

    await library.people.merge(personAt(1, 1), [ada], { allowDoubles: true });
    await link.isReady(0);
    expect(xOf(lastOf(0)?.spared)).toEqual([]);
    expect((await link.open()).share.cover).toEqual({ except: [{ id: ada, name: '', isSpared: false }] });
    await library.people.undo();
    expect((await (await link.open()).picture(await link.photo(0), 'grid'))?.path).toBe(before?.path);
    expect(berta).not.toBe(ada);
  });

  test('cover what was drawn by hand and what other programs tell of, and follow the version that is shown', async () => {
    const { library, ids, personAt, share, lastOf } = await openWithPeople(kind);
    const link = await share([personAt(0, 0)]);
    await link.isReady(0);
    await library.people.draw(ids[0], { x: 0.75, y: 0.5, width: 0.1, height: 0.1 });
    await link.isReady(0);
    expect(xOf(lastOf(0)?.told)).toEqual([0.4, 0.75]);
    const version = await library.versions.create(ids[0], {
      recipe: { format: 'focal-recipe', version: 1, look: { steps: [{ effect: 'mono' }] } },
    });
    await link.isReady(0);
    expect(lastOf(0)?.recipe?.look.steps.map(({ effect }) => effect)).toEqual(['mono']);
    await library.versions.show(ids[0], null);
    await link.isReady(0);
    expect(version.isCurrent).toBe(true);
  });

  test('say what cannot be covered, never give the original, and try again later', async () => {
    const { share, broken, clock } = await openWithPeople(kind);
    broken.is = true;
    const link = await share([]);
    await expect.poll(() => link.state(2), { timeout: 60_000 }).toBe('failed');
    await expect((await link.open()).picture(await link.photo(2), 'grid')).rejects.toThrow('No model today.');
    expect(await link.state(0)).toBe('ready');
    broken.is = false;
    expect(await link.state(2)).toBe('failed');
    clock.ms += 6 * 60_000;
    await link.isReady(2);
  });

  test('delete pictures that nobody looked at for long', async () => {
    const { share, clock, library, ids, personAt } = await openWithPeople(kind);
    const [one, other] = [await share([]), await share([personAt(0, 1)])];
    for (const link of [one, other]) for (const photo of [0, 1, 2]) await link.isReady(photo);
    const old = await (await one.open()).picture(await one.photo(0), 'grid');
    const looked = await (await other.open()).picture(await other.photo(0), 'grid');
    if (old === undefined || looked === undefined) throw new Error('Expected both pictures.');
    await utimes(old.path, 1000, 1000);
    clock.ms += 2 * 86_400_000;
    // The next one that is made clears up.
    await library.people.draw(ids[1], { x: 0.75, y: 0.5, width: 0.1, height: 0.1 });
    await other.isReady(1);
    expect([existsSync(old.path), existsSync(looked.path)]).toEqual([false, true]);
  });

  test('refuse people who are not there, and those who are only seen in private', async () => {
    const { library, ids, album, personAt } = await openWithPeople(kind);
    const cleo = personAt(1, 1);
    await expect(library.shares.create({ albumId: album.id, cover: { except: [9999] } })).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no person 9999.',
    });
    const { share: made } = await library.shares.create({ albumId: album.id, cover: { except: [cleo] } });
    expect(made.cover?.except[0]?.isSpared).toBe(true);
    const hidden = await library.albums.create({ name: 'Hidden' });
    await library.albums.addAssets(hidden.id, [ids[1]]);
    await library.privacy.protect(hidden.id, 'open sesame');
    await expect(library.shares.create({ albumId: album.id, cover: { except: [cleo] } })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect((await library.shares.list())[0]?.cover).toEqual({ except: [{ id: cleo, name: '', isSpared: false }] });
  });
});
