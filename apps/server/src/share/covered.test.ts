import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { faceDistance, SURELY_SAME } from '@focal/core';
import { type Library, openLibrary } from '@focal/library';
import { createFocal, type Focal } from 'focal';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLibraryDoor, type LibraryDoor } from '../library/door.ts';
import { createShareApp } from './share-app.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
/** As near as this two faces may be of one person. */
const MAYBE_SAME = 0.6;
const LONG = 600_000;

let folder: string;
let focal: Focal;
let library: Library;
let door: LibraryDoor;
let album = 0;
/** Somebody in one of the photos, and what tells them from all others. */
let ada: { readonly id: number; readonly vector: Float32Array };
/** What tells everybody who is in each photo. */
let people: readonly (readonly Float32Array[])[];
let names: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-covered-'));
  const photos = join(folder, 'photos');
  await mkdir(photos);
  names = (await readdir(PHOTOS)).filter((name) => /^sample\d\.jpg$/.test(name));
  for (const name of names) await copyFile(join(PHOTOS, name), join(photos, name));
  focal = await createFocal({ home: join(folder, 'home'), device: 'cpu' });
  door = createLibraryDoor(() => openLibrary({ folder: join(folder, 'library'), media: focal.media }));
  library = await door.open();
  await library.folders.add(photos);
  await library.idle();
  const { assets } = await library.list({ sort: 'name' });
  album = (await library.albums.create({ name: 'Party' })).id;
  await library.albums.addAssets(
    album,
    assets.map(({ id }) => id),
  );
  await library.settings.change({ isSharing: true });
  people = await Promise.all(
    names.map(async (name) => (await focal.media.facesOf(join(PHOTOS, name))).map(({ vector }) => vector)),
  );
  const largest = (await library.get(assets[0]?.id ?? 0)).faces.toSorted((a, b) => b.box.width - a.box.width)[0];
  const [first] = people[0] ?? [];
  if (largest?.person === undefined || first === undefined) throw new Error('Expected somebody in the first photo.');
  await library.people.change(largest.person.id, { name: 'Ada' });
  ada = { id: largest.person.id, vector: first };
}, LONG);
afterAll(async () => {
  await door.close();
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a guest of a new link gets: each picture as soon as it is there, and all that came before. */
async function visit(except: readonly number[]) {
  const app = createShareApp({ door, addressOf: () => 'here' });
  const { token } = await library.shares.create({ albumId: album, cover: { except } });
  const ask = (path: string) => app.request(`http://127.0.0.1:4680${path}`);
  const page = async () => (await ask(`/s/${token}`)).text();
  const keys = [...(await page()).matchAll(/data-key="([\w-]{22})"/g)].map(([, key]) => key ?? '');
  expect(keys).toHaveLength(names.length);
  const pictures: { readonly photo: number; readonly bytes: Uint8Array }[] = [];
  const standIns: (readonly unknown[])[] = [];
  for (const [photo, key] of keys.entries()) {
    for (const size of ['small', 'photo']) {
      const look = async (): Promise<number> => {
        const answer = await ask(`/s/${token}/${size}/${key}`);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        const { status, headers } = answer;
        const text = status === 200 ? '' : new TextDecoder().decode(bytes);
        if (status === 200) pictures.push({ photo, bytes });
        else standIns.push([status, headers.get('retry-after'), headers.get('cache-control'), text]);
        return status;
      };
      await expect.poll(look, { timeout: LONG, interval: 300 }).toBe(200);
    }
  }
  for (const each of standIns) {
    expect(each).toEqual([503, '3', 'no-store', expect.stringContaining('Faces are being covered.')]);
  }
  expect(await page()).not.toContain('data-state="waiting"');
  return { pictures, standIns, token, ask };
}

/** People who are in a photo and whom Focal still finds in what guests get of it, as it is and enlarged. */
async function recognise(pictures: readonly { readonly photo: number; readonly bytes: Uint8Array }[]) {
  const known: Float32Array[] = [];
  for (const { photo, bytes } of pictures) {
    const large = await sharp(bytes).resize(2000, 2000, { fit: 'inside' }).png().toBuffer();
    const found = (await Promise.all([bytes, large].map((each) => focal.media.facesOf(each)))).flat();
    for (const { vector } of found) {
      // Whoever is found is the one in the photo whom they are most like.
      const [nearest] = (people[photo] ?? [])
        .map((person) => ({ person, distance: faceDistance(vector, person) }))
        .sort((a, b) => a.distance - b.distance);
      if (nearest !== undefined && nearest.distance < MAYBE_SAME) known.push(nearest.person);
    }
  }
  return known;
}

describe('guests of a link that covers faces', () => {
  test('meet nobody but who was excepted, in any picture that they get', { timeout: LONG }, async () => {
    const { pictures, standIns } = await visit([ada.id]);
    expect(pictures).toHaveLength(2 * names.length);
    expect(standIns.length).toBeGreaterThan(0);
    const known = await recognise(pictures);
    // She is in another photo, too, as sure as the library may be of it.
    expect(people.flat().length).toBeGreaterThan(12);
    const hers = people.flat().filter((vector) => faceDistance(vector, ada.vector) < SURELY_SAME);
    expect(hers).toHaveLength(2);
    expect(new Set(known)).toEqual(new Set(hers));
    // The attack finds them all where nothing is covered.
    const plain = await library.shares.create({ albumId: album });
    const opened = await library.shares.open(plain.token);
    const uncovered = (await opened?.photos(0, names.length)) ?? [];
    const seen = await Promise.all(
      uncovered.map(async ({ key }, photo) => {
        const picture = await opened?.picture(key, 'preview');
        return { photo, bytes: await readFile(picture?.path ?? '') };
      }),
    );
    expect(new Set(await recognise(seen)).size).toBeGreaterThan(0.8 * people.flat().length);
  });

  test('meet nobody at all where nobody is excepted, or who was excepted is called otherwise', {
    timeout: LONG,
  }, async () => {
    const everybody = await visit([]);
    expect(await recognise(everybody.pictures)).toEqual([]);
    const { token, ask } = await visit([ada.id]);
    await library.people.change(ada.id, { name: 'Berta' });
    const html = await (await ask(`/s/${token}`)).text();
    const [, key = ''] = /data-key="([\w-]{22})"/.exec(html) ?? [];
    const answer = await ask(`/s/${token}/photo/${key}`);
    // The same picture as for the link that excepts nobody, which is there already.
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, everybody.pictures.some((picture) => bytes.equals(picture.bytes))]).toEqual([200, true]);
    await library.people.undo();
  });

  test('are told where a photo cannot be covered, and get nothing of it', { timeout: LONG }, async () => {
    const before = await library.list({ sort: 'name' });
    await rm(join(folder, 'photos', names[0] ?? ''));
    const face = (await library.get(before.assets[0]?.id ?? 0)).faces[0];
    // Another one stays, so that it has to be made anew.
    const { token } = await library.shares.create({
      albumId: album,
      cover: { except: [face?.person?.id ?? 0, ada.id] },
    });
    await library.people.draw(
      before.assets[0]?.id ?? 0,
      { x: 0.01, y: 0.01, width: 0.05, height: 0.05 },
      { name: 'X' },
    );
    const app = createShareApp({ door, addressOf: () => 'here' });
    const ask = (path: string) => app.request(`http://127.0.0.1:4680${path}`);
    const stateOfFirst = async () => /data-state="(\w+)"/.exec(await (await ask(`/s/${token}`)).text())?.[1];
    await expect.poll(stateOfFirst, { timeout: LONG, interval: 500 }).toBe('failed');
    const [, key = ''] = /data-key="([\w-]{22})"/.exec(await (await ask(`/s/${token}`)).text()) ?? [];
    for (const size of ['small', 'photo']) {
      const answer = await ask(`/s/${token}/${size}/${key}`);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
        503,
        'image/svg+xml',
        null,
      ]);
      expect(await answer.text()).toContain('Faces could not be covered,');
    }
  });
});
