import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { PHOTOS, problemOf, useRealLibrary } from '../fixtures/real-library.ts';
import { answers } from './schemas.ts';

/** Two photos that show people, each once more in another size; with real models. */
const real = useRealLibrary(async (folder) => {
  await copyFile(join(PHOTOS, 'sample1.jpg'), join(folder, 'table.jpg'));
  await sharp(join(PHOTOS, 'sample1.jpg')).resize(900).jpeg().toFile(join(folder, 'table small.jpg'));
  await sharp(join(PHOTOS, 'sample4.jpg')).resize(1200).jpeg().toFile(join(folder, 'four.jpg'));
  await sharp(join(PHOTOS, 'sample4.jpg')).resize(900).flop().jpeg().toFile(join(folder, 'four turned.jpg'));
});
const { ask, send } = real;
beforeAll(async () => {
  await real.library.folders.add(real.photos);
  await real.library.idle();
}, 300_000);

const idOf = async (word: string): Promise<number> =>
  (await ask('AssetPage', 'GET', `/assets?word=${encodeURIComponent(word)}`)).assets[0]?.id ?? 0;

describe('/v1/library/people', () => {
  test('tells who is seen in which photos, with a picture of each', async () => {
    const { people } = await ask('People', 'GET', '/people?minFaces=2');
    expect(people.length).toBeGreaterThanOrEqual(2);
    for (const { id, faces, coverFaceId } of people) {
      const { assets } = await ask('AssetPage', 'GET', `/assets?person=${id}`);
      expect(assets).toHaveLength(faces);
      expect((await ask('Faces', 'GET', `/people/${id}/faces`)).faces[0]?.id).toBe(coverFaceId);
    }
    // The same people are in both pictures of one photo.
    const asset = await ask('Asset', 'GET', `/assets/${await idOf('table.jpg')}`);
    const other = await ask('Asset', 'GET', `/assets/${await idOf('table small.jpg')}`);
    const seen = asset.faces.flatMap(({ person }) => person?.id ?? []);
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(other.faces.flatMap(({ person }) => person?.id ?? [])).toEqual(expect.arrayContaining(seen.slice(0, 2)));

    const [{ coverFaceId = 0, coverVersion = '' } = {}] = people;
    const picture = await send('GET', `/faces/${coverFaceId}/picture?v=${coverVersion}`);
    expect([picture.headers.get('content-type'), picture.headers.get('cache-control')]).toEqual([
      'image/webp',
      expect.stringContaining('immutable'),
    ]);
    const { width, height } = await sharp(Buffer.from(await picture.arrayBuffer())).metadata();
    expect(width).toBe(height);
    expect(width).toBeGreaterThan(40);
    // Who is seen in it is the same person: the picture shows the face.
    const bytes = Buffer.from(await (await send('GET', `/faces/${coverFaceId}/picture`)).arrayBuffer());
    expect(await real.focal.media.facesOf(new Uint8Array(bytes))).toHaveLength(1);
  });

  test('names, hides, merges, splits, moves and takes back', async () => {
    const { people } = await ask('People', 'GET', '/people?minFaces=2');
    const [one, two] = people.map(({ id }) => id) as [number, number];
    const named = await ask('PersonChanged', 'PATCH', `/people/${one}`, { name: 'Ada', isFavourite: true });
    expect(named.person).toMatchObject({ id: one, name: 'Ada', isFavourite: true });
    expect((await ask('PersonChanged', 'PATCH', `/people/${two}`, { name: 'ADA' })).sameName).toMatchObject([
      { id: one },
    ]);
    const [shown] = (await ask('Faces', 'GET', `/people/${one}/faces`)).faces;
    const asset = await ask('Asset', 'GET', `/assets/${shown?.assetId}`);
    expect(asset.faces.map(({ person }) => person?.name)).toEqual(expect.arrayContaining(['Ada']));
    const refused = await send('POST', '/people/merge', { into: one, from: [two] });
    const isShared = refused.status === 400;
    if (!isShared) await ask('PeopleUndone', 'POST', '/people/undo', {});
    const merged = await ask('PersonActed', 'POST', '/people/merge', { into: one, from: [two], allowDoubles: true });
    expect((await send('GET', `/people/${two}`)).status).toBe(404);
    expect(await ask('PeopleUndone', 'POST', '/people/undo', { action: merged.action })).toMatchObject({
      undone: 'merge',
    });
    expect(await ask('Person', 'GET', `/people/${two}`)).toMatchObject({ name: 'ADA' });

    const { faces } = await ask('Faces', 'GET', `/people/${one}/faces`);
    const ids = faces.slice(0, 1).map(({ id }) => id);
    const made = await ask('PersonActed', 'POST', '/people/split', { faces: ids, name: 'Berta' });
    expect(made.person).toMatchObject({ name: 'Berta', faces: 1 });
    await ask('PersonActed', 'POST', `/people/${one}/faces`, { faces: ids });
    expect(await problemOf(await send('POST', '/people/undo', { action: made.action }))).toMatchObject({ status: 409 });
    await ask('PeopleActed', 'POST', '/faces/reject', { faces: ids, person: one });
    await ask('PeopleActed', 'POST', '/faces/remove', { faces: ids });
    expect((await ask('Asset', 'GET', `/assets/${faces[0]?.assetId}`)).faces.some(({ id }) => id === ids[0])).toBe(
      false,
    );
    for (let i = 0; i < 4; i++) await ask('PeopleUndone', 'POST', '/people/undo', {});
    expect((await ask('Faces', 'GET', `/people/${one}/faces`)).faces).toEqual(faces);
    await ask('PersonChanged', 'PATCH', `/people/${two}`, { isHidden: true });
    expect((await ask('People', 'GET', '/people?hidden=true')).people).toMatchObject([{ id: two }]);
    await ask('PeopleUndone', 'POST', '/people/undo', {});
    await ask('PeopleActed', 'POST', '/people/apart', { people: [one, two] });
    await ask('PeopleActed', 'PUT', `/assets/${asset.id}/double`, { isDouble: true });
    expect((await ask('Asset', 'GET', `/assets/${asset.id}`)).isDouble).toBe(true);
    for (let i = 0; i < 2; i++) await ask('PeopleUndone', 'POST', '/people/undo', {});
  });

  test('finds a face that was drawn by hand, and keeps one that shows none', async () => {
    const asset = await ask('Asset', 'GET', `/assets/${await idOf('table.jpg')}`);
    const [face] = asset.faces;
    if (face?.person === undefined) throw new Error('Expected a face of somebody.');
    await ask('PeopleActed', 'POST', '/faces/remove', { faces: [face.id] });
    const { x, y, width, height } = face.box;
    const box = { x: x - width * 0.05, y: y + height * 0.05, width: width * 1.1, height };
    const drawn = await ask('FaceDrawn', 'POST', `/assets/${asset.id}/faces`, { box });
    // It is compared with others: the same person is in the smaller picture.
    expect(drawn.face).toMatchObject({ isDrawn: true, personId: face.person.id });
    expect(drawn.face.quality).toBeGreaterThan(0.2);
    const corner = { x: 0.01, y: 0.01, width: 0.04, height: 0.05 };
    const none = await ask('FaceDrawn', 'POST', `/assets/${asset.id}/faces`, { box: corner, name: 'Nobody' });
    expect(none.face).toMatchObject({ quality: 0, isConfirmed: true });
    expect(await ask('Person', 'GET', `/people/${none.face.personId}`)).toMatchObject({ name: 'Nobody', faces: 1 });
    expect(await problemOf(await send('POST', `/assets/${asset.id}/faces`, { box: corner }))).toMatchObject({
      status: 409,
    });
    for (let i = 0; i < 3; i++) await ask('PeopleUndone', 'POST', '/people/undo', {});
    expect((await ask('Asset', 'GET', `/assets/${asset.id}`)).faces).toEqual(asset.faces);
  });

  test('finds a person by a picture, and asks what it is not sure of', async () => {
    const asset = await ask('Asset', 'GET', `/assets/${await idOf('four.jpg')}`);
    const known = new Set(asset.faces.map(({ person }) => person?.id));
    const bytes = await readFile(join(real.photos, 'four turned.jpg'));
    const answer = await real.app.request('/v1/library/people/search?limit=3', {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: new Uint8Array(bytes),
    });
    const json: unknown = await answer.json();
    const found = answers.FaceSearch.parse(json);
    expect(found).toEqual(json);
    expect(found.people.length).toBeLessThanOrEqual(3);
    expect(known.has(found.people[0]?.person.id)).toBe(true);
    expect(found.people[0]?.distance).toBeLessThan(0.01);
    const empty = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888888' } })
      .png()
      .toBuffer();
    const nobody = await real.app.request('/v1/library/people/search', {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(empty),
    });
    expect(await problemOf(nobody)).toMatchObject({ status: 404, detail: 'No face is seen in this picture.' });

    // One of two pictures of somebody becomes another person: that is worth a question.
    const { people } = await ask('People', 'GET', '/people?minFaces=2');
    const [person] = people;
    const { faces } = await ask('Faces', 'GET', `/people/${person?.id}/faces`);
    await ask('PeopleActed', 'POST', '/faces/reject', { faces: [faces[0]?.id ?? 0] });
    const { suggestions } = await ask('Suggestions', 'GET', '/people/suggestions?limit=5');
    for (const each of suggestions) expect(each.distance).toBeLessThan(0.75);
    await ask('PeopleUndone', 'POST', '/people/undo', {});
  });

  test('refuses what does not belong here', async () => {
    expect(await problemOf(await send('GET', '/people/99999'))).toMatchObject({ status: 404 });
    expect(await problemOf(await send('GET', '/people/ada'))).toMatchObject({ status: 404 });
    expect(await problemOf(await send('GET', '/people?cursor=x'))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('GET', '/people?sort=age'))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('GET', '/faces/99999/picture'))).toMatchObject({ status: 404 });
    expect(await problemOf(await send('GET', '/assets?person=x'))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('POST', '/people/merge', { into: 1, from: [1] }))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('POST', '/people/split', { faces: [99_999] }))).toMatchObject({ status: 404 });
    expect(await problemOf(await send('PATCH', '/people/1', {}))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('PATCH', '/people/1', { name: 'x'.repeat(300) }))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('GET', '/people/search'))).toMatchObject({ status: 405 });
    const box = { x: 0.9, y: 0, width: 0.5, height: 0.1 };
    expect(await problemOf(await send('POST', `/assets/${await idOf('four.jpg')}/faces`, { box }))).toMatchObject({
      status: 400,
    });
    const first = await send('GET', '/people');
    const tag = first.headers.get('etag') ?? '';
    expect((await send('GET', '/people', undefined, { 'if-none-match': tag })).status).toBe(304);
  });
});
