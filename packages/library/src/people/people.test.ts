import { join } from 'node:path';
import { FocalError } from '@focal/core';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import type { FoundScene, MediaSource } from '../media.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { openServerStore } from '../store/open-server-store.ts';
import type { Store } from '../store/store.ts';
import type { PersonFace } from './person.ts';

const libraries = useLibraries();

/** People differ by about .9, faces of one by about .3. */
function vectorOf(person: number, variant: number): Float32Array {
  const draw = (index: number, seed: number): number => {
    let h = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    return ((h ^ (h >>> 15)) >>> 0) / 2 ** 31 - 1;
  };
  return Float32Array.from(
    { length: 128 },
    (_, i) => draw(i, person * 7919) * 0.1 + draw(i, person * 7919 + variant * 104729 + 1) * 0.032,
  );
}

/** `1-3` is the third picture of person 1; `x` nobody who can be compared. */
function sceneOf(name: string, shift = 0): FoundScene {
  const faces = name.split('+').map((each, i) => {
    const [person = 0, variant = 0] = each.split('-').map(Number);
    return {
      box: { x: 0.1 + i * 0.4 + shift, y: 0.2 + shift, width: 0.2, height: 0.3 },
      score: 0.9,
      rollDegrees: 0,
      quality: { overall: 0.5 + variant * 0.02 },
      vector: vectorOf(person, variant + (shift > 0 ? 50 : 0)),
    };
  });
  return { focalPoint: { x: 0.5, y: 0.5 }, scene: { faces: { faces } } };
}

const nameOf = ({ path }: MediaSource): string => /([^/]+)\.jpg$/.exec(String(path))?.[1] ?? '';

beforeEach(() => libraries.media.see((source) => sceneOf(nameOf(source))));

let seed = 1;

/** A library of photos with these names, looked at to the end. */
async function openWith(kind: 'embedded' | 'server', home: string, names: readonly string[]): Promise<Library> {
  const library = await libraries.open(kind, { home });
  const folder = join(libraries.folder, `photos-${home}`);
  for (const name of names) await put(join(folder, `${name}.jpg`), await drawPhoto({ seed: seed++, width: 192 }));
  await library.folders.add(folder).catch(() => library.folders.rescan());
  await library.idle();
  return library;
}

const album = (people: number, faces: number): string[] =>
  Array.from({ length: people * faces }, (_, i) => `${i % people}-${Math.floor(i / people) + 1}`);

/** The store of a library that is closed. */
function openStore(kind: 'embedded' | 'server', home: string): Promise<Store> {
  if (kind === 'embedded') return openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1);
  return openServerStore(libraries.databaseUrl(home) ?? '', 1);
}

/** Names of photos by the person whose faces they show. */
async function namesOf(library: Library, person: number): Promise<readonly string[]> {
  const { assets } = await library.list({ filter: { people: [person] }, limit: 1000 });
  const names = await Promise.all(
    assets.map(async ({ id }) => (await library.get(id)).places[0]?.path.match(/([^/]+)\.jpg$/)?.[1] ?? ''),
  );
  return names.sort();
}

async function facesOf(library: Library, person: number): Promise<readonly PersonFace[]> {
  return (await library.people.faces(person, { limit: 1000 })).faces;
}

async function faceIn(library: Library, photo: string): Promise<number> {
  const { assets } = await library.list({ filter: { words: [`${photo}.jpg`] } });
  const { faces } = await library.get(assets[0]?.id ?? 0);
  return faces[0]?.id ?? 0;
}

/** All that users see of who is who. */
async function essence(library: Library): Promise<unknown> {
  const shown = (await library.people.list({ limit: 1000 })).people;
  const hidden = (await library.people.list({ limit: 1000, isHidden: true })).people;
  const nobody = (await library.people.faces(null, { limit: 1000 })).faces;
  const sorted = [...shown, ...hidden].sort((a, b) => a.id - b.id);
  const faces = await Promise.all(sorted.map(({ id }) => facesOf(library, id)));
  const { assets } = await library.list({ limit: 1000 });
  const photos = await Promise.all(assets.map(async ({ id }) => (await library.get(id)).faces.length));
  return { sorted, faces, nobody, photos };
}

// Each test makes, opens and closes libraries: seconds alone, more where other tests take the processor.
describe.each(DATABASES)('people on the %s database', { timeout: 300_000 }, (kind) => {
  test('who are still to be told apart are never passed over by who asks how far it is', async () => {
    await using library = await libraries.open(kind, { home: `asked-${kind}` });
    const folder = join(libraries.folder, `photos-asked-${kind}`);
    await put(join(folder, '1-1.jpg'), await drawPhoto({ seed: seed++, width: 192 }));
    await library.folders.add(folder);
    let isDone = false;
    const waitingAfter: number[] = [];
    // Many at once, so that the photo is finished between one part of an answer and the next.
    async function ask(): Promise<void> {
      while (!isDone) {
        const { scans, jobs, faces } = await library.progress();
        const left = [jobs.thumbnails, jobs.scene].reduce((sum, { waiting, running }) => sum + waiting + running, 0);
        if (scans.length > 0 || left > 0 || faces.waiting > 0) continue;
        isDone = true;
        waitingAfter.push((await library.progress()).faces.waiting);
      }
    }
    await Promise.all(Array.from({ length: 30 }, ask));
    expect(waitingAfter[0]).toBe(0);
    expect((await library.people.list()).people).toHaveLength(1);
  });

  test('are found as photos are looked at, listed by size and paged, and shown without what is thrown away', async () => {
    await using library = await openWith(kind, `found-${kind}`, [...album(3, 4), '0-9', '0-8', '1-9', '7-1']);
    const { people } = await library.people.list();
    expect(people.map(({ faces }) => faces)).toEqual([6, 5, 4, 1]);
    const [largest = people[0]] = people;
    expect(await namesOf(library, largest?.id ?? 0)).toEqual(['0-1', '0-2', '0-3', '0-4', '0-8', '0-9']);
    // The best face stands for each.
    const best = await facesOf(library, largest?.id ?? 0);
    expect(largest?.coverFaceId).toBe(best[0]?.id);
    const first = await library.people.list({ limit: 3, minFaces: 2 });
    expect([first.people.length, first.next]).toEqual([3, undefined]);
    const two = await library.people.list({ limit: 2 });
    const rest = await library.people.list({ limit: 2, cursor: two.next ?? '' });
    expect([...two.people, ...rest.people]).toEqual(people);
    await expect(library.people.list({ cursor: 'x' })).rejects.toMatchObject({ code: 'invalid-argument' });

    const face = best[0] as PersonFace;
    await library.change([face.assetId], { isTrashed: true });
    const after = await library.people.get(largest?.id ?? 0);
    expect(after.faces).toBe(5);
    expect(after.coverFaceId).toBe(best[1]?.id);
    await library.change([face.assetId], { isTrashed: false });
    expect(await library.people.get(largest?.id ?? 0)).toEqual(largest);
    const picture = await library.facePicture(face.id);
    expect(picture.path).toContain(`face-${face.id}-1.webp`);
  });

  test('are named, merged, split, moved, hidden and told apart, and photos are found by them', async () => {
    await using library = await openWith(kind, `actions-${kind}`, [...album(3, 4), '0-7+1-7']);
    const { people } = library;
    const owner = async (photo: string) => (await facesById(library)).get(await faceIn(library, photo))?.personId ?? 0;
    const [a, b, c] = [await owner('0-1'), await owner('1-1'), await owner('2-1')];
    expect(await people.change(a, { name: ' Ada ' })).toMatchObject({ person: { name: 'Ada' }, sameName: [] });
    expect(await people.change(b, { name: 'ada' })).toMatchObject({ sameName: [{ id: a }] });
    expect((await library.list({ filter: { people: [a, b] } })).assets).toHaveLength(1);
    expect((await library.list({ filter: { anyPeople: [a, b] } })).assets).toHaveLength(9);
    // Both are in one photo.
    await expect(people.merge(a, [b])).rejects.toThrow(/seen in one photo/);
    await people.change(c, { isFavourite: true });
    const merged = await people.merge(b, [c]);
    expect(merged.person).toMatchObject({ id: b, name: 'ada', isFavourite: true, faces: 9 });
    await expect(people.get(c)).rejects.toMatchObject({ code: 'not-found' });

    const faces = (await facesOf(library, b)).filter(({ quality }) => quality > 0.57).map(({ id }) => id);
    const { person } = await people.split(faces, 'Berta');
    expect(person).toMatchObject({ name: 'Berta', faces: faces.length });
    expect(person.id).toBeGreaterThan(c);
    await people.move([await faceIn(library, '0-1')], person.id);
    expect(await namesOf(library, person.id)).toContain('0-1');
    await people.reject([await faceIn(library, '0-2')]);
    expect(await namesOf(library, a)).not.toContain('0-2');
    await people.keepApart(a, b);
    await people.change(a, { isHidden: true });
    expect((await people.list()).people.map(({ id }) => id)).not.toContain(a);
    expect((await people.list({ isHidden: true })).people).toMatchObject([{ id: a }]);
    const cover = (await facesOf(library, b)).at(-1)?.id ?? 0;
    expect((await people.change(b, { coverFaceId: cover })).person.coverFaceId).toBe(cover);
    await expect(people.change(a, { coverFaceId: cover })).rejects.toThrow(/of this person/);
    expect(await people.list({ sort: 'name', isNamed: true })).toMatchObject({
      people: [{ name: 'ada' }, { name: 'Berta' }],
    });
    expect((await people.list({ name: 'ERT' })).people).toMatchObject([{ name: 'Berta' }]);
  });

  test('each action is taken back, the last one first, also after the library was opened anew', async () => {
    const home = `undo-${kind}`;
    const library = await openWith(kind, home, album(3, 4));
    const { people } = library;
    const before: unknown[] = [];
    const ids = (await people.list()).people.map(({ id }) => id).sort((x, y) => x - y);
    const [a = 0, b = 0, c = 0] = ids;
    const asset = (await facesOf(library, a))[0]?.assetId ?? 0;
    const box = { x: 0.7, y: 0.6, width: 0.2, height: 0.3 };
    const actions: (() => Promise<unknown>)[] = [
      () => people.change(a, { name: 'Ada' }),
      () => people.change(c, { isHidden: true, isFavourite: true }),
      () => people.merge(a, [b]),
      async () =>
        people.split(
          (await facesOf(library, a)).slice(0, 2).map(({ id }) => id),
          'Cleo',
        ),
      async () => people.removeFaces([(await facesOf(library, c))[0]?.id ?? 0]),
      async () => people.reject([(await facesOf(library, a))[0]?.id ?? 0]),
      async () => people.move([(await facesOf(library, c))[0]?.id ?? 0], a),
      () => people.draw(asset, box, { name: 'Dora' }),
      () => people.keepApart(a, c),
      () => people.setDouble(asset, true),
      async () => people.removeFaces((await facesOf(library, c)).map(({ id }) => id)),
    ];
    for (const action of actions) {
      before.push(await essence(library));
      await action();
    }
    await library.close();
    await using again = await libraries.open(kind, { home });
    const { action } = await again.people.change(a, { isFavourite: true });
    await expect(again.people.undo(action - 1)).rejects.toMatchObject({ code: 'exists' });
    expect(await again.people.undo(action)).toEqual({ undone: 'favourite', action });
    for (const expected of before.toReversed()) {
      const { undone } = await again.people.undo();
      expect([undone, await essence(again)]).toEqual([undone, expected]);
    }
    await expect(again.people.undo()).rejects.toMatchObject({ code: 'not-found' });
  });

  test('go on where they were after the library was opened anew; no face is lost or counted twice', async () => {
    const home = `again-${kind}`;
    const first = await openWith(kind, home, album(2, 3));
    const [a, b] = (await first.people.list()).people;
    await first.people.change(a?.id ?? 0, { name: 'Ada' });
    await first.close();
    {
      // As a process leaves it that ended before faces were placed, and before those that are gone were forgotten.
      await using store = await openStore(kind, home);
      await sql`update faces set person_id = null, look = 0, placed_revision = 0 where person_id = ${b?.id}`.execute(
        store.db,
      );
    }
    await using library = await openWith(kind, home, ['0-8', '1-8', '5-1']);
    const { people } = await library.people.list();
    expect(people.map(({ name, faces }) => [name, faces])).toEqual([
      ['Ada', 4],
      ['', 4],
      ['', 1],
    ]);
    expect((await library.people.faces(null)).faces).toEqual([]);
    const numbers = people.map(({ id }) => id);
    expect(new Set([...numbers, b?.id]).size).toBe(4);
  });

  test('keep what was said when photos are looked at anew', async () => {
    const home = `anew-${kind}`;
    const first = await openWith(kind, home, album(2, 4));
    const face = await faceIn(first, '0-1');
    const [a, b] = (await first.people.list()).people;
    for (const person of [a, b]) await first.people.change(person?.id ?? 0, { name: 'Known' });
    const other = (await facesOf(first, a?.id ?? 0)).some(({ id }) => id === face) ? b : a;
    await first.people.move([face], other?.id ?? 0);
    const none = await faceIn(first, '1-2');
    await first.people.removeFaces([none]);
    await first.close();
    {
      await using store = await openStore(kind, home);
      await sql`update assets set scene_version = 0`.execute(store.db);
    }
    // Everybody is found a little beside, and looks a little different; one is not found any more.
    libraries.media.see((source) =>
      nameOf(source) === '0-3' ? { ...sceneOf('0-3'), scene: {} } : sceneOf(nameOf(source), 0.02),
    );
    await using library = await libraries.open(kind, { home });
    await library.idle();
    const all = await facesById(library);
    expect(all.get(face)).toMatchObject({ personId: other?.id, isConfirmed: true });
    expect(all.get(face)?.box.x).toBeCloseTo(0.12);
    expect(all.has(none)).toBe(false);
    expect((await library.people.list()).people.map(({ faces }) => faces).sort((x, y) => x - y)).toEqual([2, 4]);
    const { path } = await library.facePicture(face);
    expect(path).toContain(`face-${face}-2.webp`);
  });

  test('are drawn by hand also where nothing can be compared, and then named, merged and moved', async () => {
    await using library = await openWith(kind, `drawn-${kind}`, album(2, 3));
    const { people } = library;
    const [a] = (await people.list()).people;
    const [face] = await facesOf(library, a?.id ?? 0);
    const asset = face?.assetId ?? 0;
    const drawn = await people.draw(asset, { x: 0.7, y: 0.6, width: 0.2, height: 0.3 }, { name: 'Dora' });
    const dora = drawn.face.personId ?? 0;
    expect(drawn.face).toMatchObject({ isDrawn: true, isConfirmed: true, assetId: asset });
    expect(await people.get(dora)).toMatchObject({ name: 'Dora', faces: 1, coverFaceId: drawn.face.id });
    expect((await library.get(asset)).faces).toHaveLength(2);
    expect((await library.list({ filter: { faces: { least: 2 } } })).assets).toHaveLength(1);
    // Where there is a face already, only who it is, is said.
    await expect(people.draw(asset, face?.box ?? drawn.face.box)).rejects.toMatchObject({ code: 'exists' });
    const named = await people.draw(asset, face?.box ?? drawn.face.box, { name: 'Emil' });
    expect(named.face.id).toBe(face?.id);
    // Somebody without a face that can be compared, and somebody with: the latter goes on, by the first's name.
    const { person } = await people.merge(dora, [a?.id ?? 0]);
    expect(person).toMatchObject({ id: a?.id, name: 'Dora', faces: 3 });
    await people.undo();
    expect(await people.get(dora)).toMatchObject({ name: 'Dora', faces: 1 });
    await people.move([named.face.id], dora);
    expect(await people.get(dora)).toMatchObject({ name: 'Dora', faces: 2 });
    for (const wrong of [
      { x: 0.9, y: 0, width: 0.2, height: 0.1 },
      { x: 0, y: 0, width: 0, height: 1 },
    ]) {
      await expect(people.draw(asset, wrong)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    await expect(people.draw(99_999, drawn.face.box)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('any sequence of actions leaves the same as a library that is opened anew, and is undone to the beginning', async () => {
    const home = `sequence-${kind}`;
    await (await openWith(kind, home, [...album(4, 4), '0-9+1-9', '2-9+3-9'])).close();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(7), fc.nat(1e6), fc.nat(1e6)), { minLength: 2, maxLength: 8 }),
        async (steps) => {
          await using library = await libraries.open(kind, { home, works: false });
          const start = await essence(library);
          let done = 0;
          for (const step of steps) done += (await tryStep(library, step)) ? 1 : 0;
          const end = await essence(library);
          await library.close();
          await using again = await libraries.open(kind, { home, works: false });
          expect(await essence(again)).toEqual(end);
          while (done-- > 0) await again.people.undo();
          expect(await essence(again)).toEqual(start);
        },
      ),
      { numRuns: 6 },
    );
    // Opens the library a dozen times.
  }, 300_000);

  async function tryStep(library: Library, [what, x, y]: readonly [number, number, number]): Promise<boolean> {
    const { people } = library;
    const all = [...(await facesById(library)).values()];
    const list = (await people.list()).people;
    const face = all[x % all.length] as PersonFace;
    const [one, other] = [list[x % list.length]?.id ?? 0, list[y % list.length]?.id ?? 0];
    const actions: (() => Promise<unknown>)[] = [
      () => people.change(one, { name: `n${y % 3}` }),
      () => people.merge(one, [other]),
      () => people.split([face.id, all[y % all.length]?.id ?? 0]),
      () => people.reject([face.id]),
      () => people.move([face.id], other),
      () => people.keepApart(one, other),
      () => people.removeFaces([face.id]),
      () => people.setDouble(face.assetId, y % 2 === 0),
    ];
    try {
      await actions[what]?.();
      return true;
    } catch (error) {
      // What cannot be is refused; anything else is a fault.
      if (error instanceof FocalError && error.code === 'invalid-argument') return false;
      throw error;
    }
  }
});

describe.skipIf(!DATABASES.includes('server'))('people on a server that two processes share', () => {
  test('are the same for both, and what one says while the other does holds', async () => {
    const home = 'shared-people';
    const one = await openWith('server', home, album(4, 4));
    await using other = await libraries.open('server', { home, works: false });
    const ids = (await one.people.list()).people.map(({ id }) => id);
    const [a = 0, b = 0, c = 0, d = 0] = ids;
    await Promise.all([
      one.people.change(a, { name: 'Ada' }),
      other.people.change(b, { name: 'Berta' }),
      one.people.change(c, { name: 'Cleo' }),
      other.people.change(d, { name: 'Dora' }),
    ]);
    await Promise.all([one.people.merge(a, [b]), other.people.merge(c, [d])]);
    expect(await essence(other)).toEqual(await essence(one));
    const { people } = await other.people.list();
    expect(people.map(({ name, faces }) => `${name} ${faces}`).sort()).toEqual(['Ada 8', 'Cleo 8']);
    await other.people.undo();
    await one.people.undo();
    expect((await one.people.list()).people.map(({ name }) => name).sort()).toEqual(['Ada', 'Berta', 'Cleo', 'Dora']);
    await one.close();
  });
});

async function facesById(library: Library): Promise<ReadonlyMap<number, PersonFace>> {
  const { people } = await library.people.list({ limit: 1000 });
  const hidden = await library.people.list({ limit: 1000, isHidden: true });
  const lists = await Promise.all([...people, ...hidden.people].map(({ id }) => facesOf(library, id)));
  const nobody = (await library.people.faces(null, { limit: 1000 })).faces;
  return new Map([...lists.flat(), ...nobody].map((face) => [face.id, face]));
}
