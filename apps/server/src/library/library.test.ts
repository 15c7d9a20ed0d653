import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { PHOTOS, problemOf, useRealLibrary } from '../fixtures/real-library.ts';

/** Two photos of people, one of them as it is and once more smaller, and a broken one; with real models. */
const real = useRealLibrary(async (folder) => {
  await copyFile(join(PHOTOS, 'sample1.jpg'), join(folder, 'table.jpg'));
  await sharp(join(PHOTOS, 'sample1.jpg')).resize(480).jpeg().toFile(join(folder, 'table small.jpg'));
  await sharp(join(PHOTOS, 'sample4.jpg')).resize(900).keepMetadata().jpeg().toFile(join(folder, 'four.jpg'));
  await writeFile(join(folder, 'broken.jpg'), 'nothing');
});
const { ask, send } = real;

describe('/v1/library', () => {
  test('takes a folder, looks at what is in it, and tells how far it is', async () => {
    expect(await ask('LibraryState', 'GET', '')).toMatchObject({ assets: 0, isPaused: false });
    const added = await ask('LibraryFolder', 'POST', '/folders', { path: real.photos });
    expect(added).toMatchObject({ path: real.photos, isOnline: true });
    await real.library.idle();
    const state = await ask('LibraryState', 'GET', '');
    expect(state).toMatchObject({ assets: 3, photos: 3, videos: 0, bad: 1, scans: [] });
    expect((await ask('LibraryFolders', 'GET', '/folders')).folders).toMatchObject([
      { id: added.id, count: 3, bad: 1 },
    ]);
    expect((await ask('BadFiles', 'GET', '/bad')).files).toMatchObject([
      { path: join(real.photos, 'broken.jpg'), code: 'unsupported-format' },
    ]);
  }, 180_000);

  test('knows who and what is seen, and finds by it', async () => {
    const { assets, total, parts } = await ask('SearchPage', 'GET', '/search?q=person+%22table%22');
    expect(total).toEqual({ count: 2, isExact: true });
    expect(parts).toMatchObject([
      { offset: 0, length: 6, chip: 'thing:person', label: 'person' },
      { offset: 7, length: 7, chip: '"table"', label: '“table”' },
    ]);
    const asset = await ask('Asset', 'GET', `/assets/${assets[0]?.id}`);
    expect(asset.things.map(({ label }) => label)).toContain('person');
    expect(asset.faces.length).toBeGreaterThanOrEqual(2);
    expect(asset.faces.every(({ smile = -1 }) => smile >= 0 && smile <= 1)).toBe(true);
    expect(asset.isAnalysed).toBe(true);
    expect((await ask('Things', 'GET', '/things')).things[0]).toMatchObject({ label: 'person', count: 3 });
    expect((await ask('SearchPage', 'GET', '/search?q=zebra')).assets).toEqual([]);
    const largest = await ask('SearchPage', 'GET', '/search?q=sort:size&limit=1');
    expect((await ask('Asset', 'GET', `/assets/${largest.assets[0]?.id}`)).places[0]?.path).toMatch(/table\.jpg$/);
    const uncounted = await ask('SearchPage', 'GET', '/search?q=person&count=false');
    expect([uncounted.assets.length, uncounted.total]).toEqual([3, undefined]);
    expect((await ask('Duplicates', 'GET', '/duplicates')).groups).toMatchObject([{ isExact: false }]);
  });

  test('pages, filters, and says what an option has to be', async () => {
    const first = await ask('AssetPage', 'GET', '/assets?limit=2');
    expect(first.assets).toHaveLength(2);
    const rest = await ask('AssetPage', 'GET', `/assets?limit=2&cursor=${first.next}`);
    expect(rest.assets).toHaveLength(1);
    expect(rest.next).toBeUndefined();
    expect(new Set([...first.assets, ...rest.assets].map(({ id }) => id)).size).toBe(3);
    const filtered = await ask('AssetPage', 'GET', '/assets?thing=person&minFaces=1&word=four&kind=photo');
    expect(filtered.assets).toHaveLength(1);
    const { takenAt = '' } = filtered.assets[0] ?? {};
    const day = takenAt.slice(0, 10);
    expect((await ask('AssetPage', 'GET', `/assets?word=four&from=${day}&to=${day}`)).assets).toHaveLength(1);
    expect((await ask('AssetPage', 'GET', '/assets?word=four&to=1999')).assets).toHaveLength(0);
    for (const wrong of [
      'limit=0',
      'sort=up',
      'cursor=%00',
      'from=2023-13',
      'bounds=1,2,3',
      'color=red',
      'path=/etc',
    ]) {
      expect(await problemOf(await send('GET', `/assets?${wrong}`))).toMatchObject({ status: 400 });
    }
  });

  test('serves small pictures and the file itself, whole, in part and not at all', async () => {
    const { assets } = await ask('AssetPage', 'GET', '/assets?word=four');
    const [{ id, version } = { id: 0, version: '' }] = assets;
    const thumbnail = await send('GET', `/assets/${id}/thumbnail?v=${version}`);
    expect(thumbnail.headers.get('content-type')).toBe('image/webp');
    expect(thumbnail.headers.get('cache-control')).toContain('immutable');
    const small = await sharp(Buffer.from(await thumbnail.arrayBuffer())).metadata();
    expect(Math.max(small.width, small.height)).toBe(480);
    expect((await send('GET', `/assets/${id}/preview`)).headers.get('content-type')).toBe('image/webp');

    const whole = await readFile(join(real.photos, 'four.jpg'));
    const original = await send('GET', `/assets/${id}/original`);
    expect(Buffer.from(await original.arrayBuffer()).equals(whole)).toBe(true);
    expect(original.headers.get('content-type')).toBe('image/jpeg');
    const tag = original.headers.get('etag') ?? '';
    const part = await send('GET', `/assets/${id}/original`, undefined, { range: 'bytes=10-19' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${whole.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(10, 20))).toBe(true);
    const end = await send('GET', `/assets/${id}/original`, undefined, { range: 'bytes=-5', 'if-range': tag });
    expect(Buffer.from(await end.arrayBuffer()).equals(whole.subarray(-5))).toBe(true);
    const past = await send('GET', `/assets/${id}/original`, undefined, { range: `bytes=${whole.length}-` });
    expect([past.status, past.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`]);
    expect((await send('GET', `/assets/${id}/original`, undefined, { 'if-none-match': tag })).status).toBe(304);
  });

  test('points at the word of a search that cannot be understood, and helps to write one', async () => {
    const problem = await problemOf(await send('GET', '/search?q=beach+thing:dgo'));
    expect(problem).toMatchObject({ status: 400, offset: 12, length: 3, hint: 'Did you mean dog?' });
    const help = await ask('SearchHelp', 'GET', '/search/suggest?q=pers');
    expect(help.suggestions[0]).toEqual({
      kind: 'thing',
      label: 'person',
      text: 'thing:person',
      offset: 0,
      length: 4,
      count: 3,
    });
    expect(help.parts).toMatchObject([{ chip: '"pers"' }]);
    const wrong = await ask('SearchHelp', 'GET', '/search/suggest?q=type:vidoe+is:fa&at=16');
    expect(wrong.problem).toMatchObject({ offset: 5, length: 5 });
    expect(wrong.suggestions).toMatchObject([{ label: 'favourite', text: 'is:favourite', offset: 11, length: 5 }]);
    expect(await problemOf(await send('GET', '/search/suggest?q=dog&at=4'))).toMatchObject({ status: 400 });
    // Two of the photos tell where they were taken, the smaller copy does not.
    const { places } = await ask('LibraryPlaces', 'GET', '/places');
    expect(places).toMatchObject([{ country: 'US', countryName: 'United States', count: 2 }]);
    const near = await ask('SearchPage', 'GET', `/search?q=place:%22${places[0]?.name}%22`);
    expect(near.assets).toHaveLength(2);
    const city = (await ask('Asset', 'GET', `/assets/${near.assets[0]?.id}`)).city;
    expect(city).toEqual({ id: places[0]?.id, name: places[0]?.name, country: 'US', countryName: 'United States' });
    expect((await ask('LibraryMap', 'GET', '/map?cell=1&q=person')).cells).toMatchObject([{ count: 2 }]);
    expect((await ask('LibraryMap', 'GET', '/map?cell=1&within=0,0,10,10')).cells).toEqual([]);
    expect(await problemOf(await send('GET', '/map'))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('GET', '/map?cell=1&within=1,2,3'))).toMatchObject({ status: 400 });
  });

  test('keeps an answer until it changes', async () => {
    const first = await send('GET', '/timeline');
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\//);
    expect((await send('GET', '/timeline', undefined, { 'if-none-match': tag })).status).toBe(304);
    const { assets } = await ask('AssetPage', 'GET', '/assets');
    const ids = assets.slice(0, 1).map(({ id }) => id);
    expect(await ask('Changed', 'PATCH', '/assets', { ids, isTrashed: true })).toEqual({ changed: 1 });
    expect((await send('GET', '/timeline', undefined, { 'if-none-match': tag })).status).toBe(200);
    expect((await ask('AssetPage', 'GET', '/assets?trashed=true')).assets.map(({ id }) => id)).toEqual(ids);
    await ask('Changed', 'PATCH', '/assets', { ids, isTrashed: false });
    const changed = await ask('Asset', 'PATCH', `/assets/${ids[0]}`, { rating: 5, caption: 'Dinner' });
    expect(changed).toMatchObject({ rating: 5, caption: 'Dinner' });
    expect((await ask('SearchPage', 'GET', '/search?q=dinner+rating:5')).assets).toHaveLength(1);
    expect((await ask('SearchPage', 'GET', '/search?q=dinner&rating=5')).assets).toHaveLength(1);
  });

  test('keeps albums', async () => {
    const { assets } = await ask('AssetPage', 'GET', '/assets');
    const ids = assets.map(({ id }) => id);
    const album = await ask('Album', 'POST', '/albums', { name: 'Friends' });
    expect(await ask('Changed', 'POST', `/albums/${album.id}/assets`, { ids })).toEqual({ changed: 3 });
    expect((await send('PUT', `/albums/${album.id}/order`, { ids: ids.toReversed() })).status).toBe(204);
    const inside = await ask('AlbumAssets', 'GET', `/albums/${album.id}/assets?limit=2`);
    expect([inside.assets.map(({ id }) => id), inside.nextOffset]).toEqual([ids.toReversed().slice(0, 2), 2]);
    expect(await ask('Album', 'PATCH', `/albums/${album.id}`, { name: 'Us', coverId: ids[1] })).toMatchObject({
      name: 'Us',
      coverId: ids[1],
      count: 3,
    });
    await ask('Changed', 'DELETE', `/albums/${album.id}/assets`, { ids: ids.slice(0, 1) });
    const smart = await ask('Album', 'POST', '/albums', { name: 'People', query: 'person' });
    expect((await ask('Albums', 'PUT', '/albums/order', { ids: [smart.id, album.id] })).albums).toMatchObject([
      { id: smart.id, query: 'person' },
      { id: album.id, count: 2 },
    ]);
    expect(smart).toMatchObject({ count: 3, isExact: true });
    expect((await ask('AlbumAssets', 'GET', `/albums/${smart.id}/assets`)).assets.map(({ id }) => id)).toEqual(ids);
    expect(await problemOf(await send('POST', '/albums', { name: 'No', query: 'type:x' }))).toMatchObject({
      offset: 5,
    });
    expect((await send('DELETE', `/albums/${smart.id}`)).status).toBe(204);
    expect((await send('GET', `/albums/${smart.id}`)).status).toBe(404);
  });

  test('tells of changes as they come', async () => {
    const answer = await send('GET', '/events');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    const readUntil = async (wanted: RegExp): Promise<void> => {
      while (!wanted.test(text)) {
        const { value, done } = await reader.read();
        if (done) break;
        text += new TextDecoder().decode(value);
      }
    };
    await readUntil(/event: state\n/);
    const { assets } = await ask('AssetPage', 'GET', '/assets');
    await ask('Changed', 'PATCH', '/assets', { ids: [assets[0]?.id], isTrashed: true });
    await readUntil(/"trashed":1/);
    expect(text).toMatch(/"trashed":1/);
    await reader.cancel();
    await ask('Changed', 'PATCH', '/assets', { ids: [assets[0]?.id], isTrashed: false });
  });

  test('refuses what does not belong here', async () => {
    expect(await problemOf(await send('GET', '/assets/0'))).toMatchObject({ status: 404 });
    expect(await problemOf(await send('GET', '/assets/..%2f..%2fetc%2fpasswd'))).toMatchObject({ status: 404 });
    expect(await problemOf(await send('GET', '/assets/99999/original'))).toMatchObject({ status: 404 });
    expect(await problemOf(await send('POST', '/folders', { path: join(real.photos, 'four.jpg') }))).toMatchObject({
      status: 400,
    });
    expect(await problemOf(await send('POST', '/folders', { path: real.photos }))).toMatchObject({ status: 409 });
    expect(await problemOf(await send('PATCH', '/assets', { ids: [1], path: '/etc' }))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('PATCH', '/assets', { ids: [], rating: 1 }))).toMatchObject({ status: 400 });
    expect(await problemOf(await send('PUT', '/assets', { ids: [1] }))).toMatchObject({ status: 405 });
    const foreign = { origin: 'https://example.org' };
    expect(await problemOf(await send('GET', '/assets', undefined, foreign))).toMatchObject({ status: 403 });
    expect(await problemOf(await send('DELETE', '/folders/1', undefined, foreign))).toMatchObject({ status: 403 });
    const elsewhere = await real.app.request('http://rebound.example.org/v1/library/assets');
    expect(elsewhere.status).toBe(403);
    expect((await send('DELETE', '/folders/1')).status).toBe(204);
    expect((await ask('AssetPage', 'GET', '/assets')).assets).toEqual([]);
  });
});
