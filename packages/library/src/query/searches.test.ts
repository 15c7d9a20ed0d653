import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createAlbums } from '../albums/albums.ts';
import { countAssets, listAssets } from '../assets/list-assets.ts';
import { anyCondition } from '../fixtures/any-condition.ts';
import { DRAWN, type DrawnAsset, drawAssets } from '../fixtures/drawn-assets.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { openServerStore } from '../store/open-server-store.ts';
import type { Store } from '../store/store.ts';
import { type Chip, type Condition, type Query, QueryError, SORTS } from './ast.ts';
import { formatQuery } from './parse-query.ts';
import { createSearches } from './searches.ts';

const libraries = useLibraries();
const TODAY = Date.parse('2024-05-31T12:00:00');

async function openStore(kind: 'embedded' | 'server', home: string): Promise<Store> {
  await (await libraries.open(kind, { home, works: false })).close();
  if (kind === 'embedded') return openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1);
  return openServerStore(libraries.databaseUrl(home) ?? '', 1);
}

const DAY_MS = 86_400_000;
const within = (
  value: number | undefined,
  { least = -1, most = 1e9 }: { least?: number | undefined; most?: number | undefined },
): boolean => value !== undefined && value >= least && value <= most;

/** What a chip says of an asset, without a database. */
function fitsChip(asset: DrawnAsset, chip: Chip): boolean {
  const { width, height, latitude, longitude } = asset;
  switch (chip.kind) {
    case 'thing':
      return asset.things.includes(chip.label);
    case 'person':
      return asset.people.includes(chip.name);
    case 'text':
      return `${asset.name} ${asset.caption}`.toLowerCase().includes(chip.text.toLowerCase());
    case 'date':
      return within(asset.time, {
        ...(chip.from !== undefined && { least: Date.parse(chip.from) }),
        most: chip.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(chip.to) + DAY_MS - 1,
      });
    case 'place':
      return asset.city === chip.name || (chip.name === 'fiji' && asset.city === 'Suva');
    case 'box':
      if (latitude === undefined || longitude === undefined) return false;
      if (latitude < chip.south || latitude > chip.north) return false;
      return chip.west <= chip.east
        ? longitude >= chip.west && longitude <= chip.east
        : longitude >= chip.west || longitude <= chip.east;
    case 'camera':
      return asset.camera?.toLowerCase().includes(chip.text.toLowerCase()) ?? false;
    case 'color':
      return chip.color === '#d62824' ? asset.color === 'red' : asset.color === chip.color;
    case 'is':
      return {
        favourite: asset.isFavourite,
        smiling: (asset.smile ?? 0) >= 0.6,
        screenshot: asset.name.startsWith('Screenshot') && asset.camera === undefined,
        edited: asset.name === 'party-edited.jpg',
        duplicate: asset.isDuplicate,
      }[chip.what];
    case 'type':
      return asset.kind === chip.type;
    case 'orientation':
      return chip.orientation === (width > height ? 'landscape' : width < height ? 'portrait' : 'square');
    case 'album':
      return asset.albums.includes(chip.name);
    case 'rating':
      return within(asset.rating, chip);
    case 'faces':
      return within(asset.faces, chip);
    case 'size': {
      const value = chip.unit === 'mb' ? asset.bytes / 1e6 : (width * height) / 1e6;
      return chip.least !== undefined && chip.least === chip.most
        ? Math.abs(value - chip.least) <= 0.5
        : within(value, chip);
    }
  }
}

function fits(asset: DrawnAsset, condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => fits(asset, part));
    case 'or':
      return condition.parts.some((part) => fits(asset, part));
    case 'not':
      return !fits(asset, condition.part);
    default:
      return fitsChip(asset, condition);
  }
}

const text = (asset: DrawnAsset): string => `${asset.name} ${asset.caption}`.toLowerCase();
const byTime = (a: DrawnAsset, b: DrawnAsset): number => b.time - a.time || b.id - a.id;
const COMPARE: Readonly<Record<(typeof SORTS)[number], (a: DrawnAsset, b: DrawnAsset) => number>> = {
  newest: byTime,
  oldest: (a, b) => byTime(b, a),
  added: (a, b) => b.added - a.added || b.id - a.id,
  name: (a, b) => Buffer.compare(Buffer.from(text(a)), Buffer.from(text(b))) || a.id - b.id,
  rating: (a, b) => b.rating - a.rating || byTime(a, b),
  size: (a, b) => b.bytes - a.bytes || b.id - a.id,
};

const day = fc
  .integer({ min: Date.UTC(2020, 11, 1) / DAY_MS, max: Date.UTC(2024, 1, 1) / DAY_MS })
  .map((days) => new Date(days * DAY_MS).toISOString().slice(0, 10));
const range = (most: number) =>
  fc.tuple(fc.nat(most), fc.nat(most), fc.nat(2)).map(([a, b, which]) => {
    if (which === 0) return { least: a };
    return which === 1 ? { most: a } : { least: Math.min(a, b), most: Math.max(a, b) };
  });
const chip: fc.Arbitrary<Chip> = fc.oneof(
  fc.constantFrom(...DRAWN.things, 'zebra').map((label) => ({ kind: 'thing' as const, label })),
  fc.constantFrom(...DRAWN.people).map((name) => ({ kind: 'person' as const, name })),
  fc
    .constantFrom('beach', 'BEACH', '100%', '_', 'e', 'party', '.jpg', "it's", '\\')
    .map((each) => ({ kind: 'text' as const, text: each })),
  fc.tuple(day, day).map(([a, b]) => ({ kind: 'date' as const, from: a < b ? a : b, to: a < b ? b : a })),
  day.map((to) => ({ kind: 'date' as const, to })),
  fc.constantFrom('Zürich', 'Suva', 'fiji', 'Atlantis').map((name) => ({ kind: 'place' as const, name })),
  fc
    .constantFrom([40, 0, 50, 10], [-90, 170, 0, -170], [-90, -180, 90, 180], [-20, -180, 40, 178.442])
    .map(([south = 0, west = 0, north = 0, east = 0]) => ({ kind: 'box' as const, south, west, north, east })),
  fc.constantFrom('canon', 'G955', 'canon eos', 'nikon').map((each) => ({ kind: 'camera' as const, text: each })),
  fc
    .constantFrom('red', 'green', 'blue', 'white', 'brown', 'purple', '#d62824')
    .map((color) => ({ kind: 'color' as const, color })),
  fc
    .constantFrom(
      'favourite' as const,
      'smiling' as const,
      'screenshot' as const,
      'edited' as const,
      'duplicate' as const,
    )
    .map((what) => ({ kind: 'is' as const, what })),
  fc.constantFrom('photo' as const, 'video' as const).map((type) => ({ kind: 'type' as const, type })),
  fc
    .constantFrom('landscape' as const, 'portrait' as const, 'square' as const)
    .map((orientation) => ({ kind: 'orientation' as const, orientation })),
  fc.constantFrom(...DRAWN.albums).map((name) => ({ kind: 'album' as const, name })),
  range(5).map((each) => ({ kind: 'rating' as const, ...each })),
  range(4).map((each) => ({ kind: 'faces' as const, ...each })),
  fc.tuple(range(13), fc.constantFrom('mp' as const, 'mb' as const)).map(([each, unit]) => ({
    kind: 'size' as const,
    unit,
    ...each,
  })),
);
const search: fc.Arbitrary<Query> = fc.record(
  { where: anyCondition(chip), sort: fc.constantFrom(...SORTS) },
  { requiredKeys: ['where'] },
);

describe.each(DATABASES)('searches on the %s database', (kind) => {
  test('find what a plain look at every photo finds, in every order, page by page', async () => {
    await using store = await openStore(kind, `searches-${kind}`);
    const { db } = store;
    const assets = await drawAssets(store, 240, 7);
    const searches = createSearches(db, () => TODAY);
    const found: number[] = [];
    await fc.assert(
      fc.asyncProperty(search, fc.integer({ min: 1, max: 90 }), async (query, limit) => {
        const understood = await searches.understand(formatQuery(query));
        expect(understood.query).toEqual(query);
        const { where } = understood;
        const filter = where === undefined ? {} : { where };
        const ids: number[] = [];
        for (let cursor: string | undefined; ; ) {
          const sort = query.sort ?? 'newest';
          const page = await listAssets(db, { filter, sort, limit, ...(cursor !== undefined && { cursor }) });
          ids.push(...page.assets.map(({ id }) => id));
          cursor = page.next;
          if (cursor === undefined) break;
        }
        const expected = assets
          .filter((asset) => !asset.isTrashed && (query.where === undefined || fits(asset, query.where)))
          .sort(COMPARE[query.sort ?? 'newest']);
        expect(ids).toEqual(expected.map(({ id }) => id));
        expect(await countAssets(db, filter, 1000)).toEqual({ count: ids.length, isExact: true });
        found.push(ids.length);
      }),
      { numRuns: 250, seed: 1 },
    );
    // Searches that find all or nothing would prove little.
    expect(found.filter((count) => count > 0 && count < 200).length).toBeGreaterThan(120);
  }, 240_000);

  test('find what is in a large album as what is in small ones', async () => {
    await using store = await openStore(kind, `large-${kind}`);
    const { db } = store;
    await drawAssets(store, 30, 5);
    await store.direct.script(`
      insert into assets (sha256, kind, format, bytes, width, height, added_at, sort_time, month, places, rating)
        select 'large ' || i, 'photo', 'jpeg', 1, 1, 1, i, i, 197001, 1, i % 6 from generate_series(1, 1200) i;
      insert into albums (name, created_at) values ('Large', 0), ('Small', 0);
      insert into album_assets (album_id, asset_id, position)
        select albums.id, assets.id, assets.id from assets join albums on albums.name = 'Large' or assets.sort_time <= 7
        where assets.sha256 like 'large %' and albums.name in ('Large', 'Small');`);
    const searches = createSearches(db, () => TODAY);
    const count = async (text: string): Promise<number> => {
      const { where } = await searches.understand(text);
      return (await countAssets(db, where === undefined ? {} : { where }, 10_000)).count;
    };
    expect(await count('album:large')).toBe(1200);
    expect(await count('album:large rating:5')).toBe(200);
    expect(await count('album:small')).toBe(7);
    expect(await count('-album:large')).toBe((await count('')) - 1200);
    expect(await count('album:large or album:holidays')).toBe(1200 + (await count('album:holidays')));
  });

  test('take words for people, albums and days of this library, and say where they cannot', async () => {
    await using store = await openStore(kind, `words-${kind}`);
    await drawAssets(store, 5, 3);
    const searches = createSearches(store.db, () => TODAY);
    const { query, parts } = await searches.understand('ben miller  "beach" last summer sort:oldest');
    expect(query).toEqual({
      where: {
        kind: 'and',
        parts: [
          { kind: 'person', name: 'Ben Miller' },
          { kind: 'text', text: 'beach' },
          { kind: 'date', from: '2023-06-01', to: '2023-08-31' },
        ],
      },
      sort: 'oldest',
    });
    expect(parts).toEqual([
      { offset: 0, length: 10, chip: 'person:"Ben Miller"', kind: 'person', label: 'Ben Miller' },
      { offset: 12, length: 7, chip: '"beach"', kind: 'text', label: '“beach”' },
      { offset: 20, length: 11, chip: 'date:2023-06-01..2023-08-31', kind: 'date', label: '2023-06-01 to 2023-08-31' },
      { offset: 32, length: 11, chip: 'sort:oldest', kind: 'sort', label: 'by oldest' },
    ]);
    const either = await searches.understand('anna or (zoë -dog)');
    expect(either.parts).toEqual([
      {
        offset: 0,
        length: 18,
        chip: '(person:Anna or (person:Zoë -thing:dog))',
        kind: 'or',
        label: 'Anna or (Zoë and not dog)',
      },
    ]);
    const refused = await searches.understand('beach who:Ana').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(QueryError);
    expect(refused).toMatchObject({ offset: 10, length: 3, hint: 'Did you mean Anna?' });
  });

  test('tell nothing of people who are in private photos only, not by a hint either', async () => {
    await using store = await openStore(kind, `unseen-${kind}`);
    const { db } = store;
    const ids = (await drawAssets(store, 60, 5)).map(({ id }) => id);
    const searches = createSearches(db, () => TODAY);
    const fail = (text: string) => searches.understand(text).catch((error: unknown) => error);
    expect(await fail('person:Ana')).toMatchObject({ hint: 'Did you mean Anna?' });
    const albums = createAlbums(
      db,
      () => 1,
      searches,
      () => undefined,
    );
    const { id: secret } = await albums.create({ name: 'Secret' });
    await albums.addAssets(secret, ids);
    await sql`update albums set password = 'kept' where id = ${secret}`.execute(db);
    const [none, near, known] = [await fail('person:Xqzw'), await fail('person:Ana'), await fail('person:Anna')];
    expect(none).toBeInstanceOf(QueryError);
    expect(String(near)).toBe(String(none).replace('Xqzw', 'Ana'));
    expect(String(known)).toBe(String(none).replace('Xqzw', 'Anna'));
    for (const error of [none, near, known]) expect((error as QueryError).hint).toBe((none as QueryError).hint);
    expect((await searches.understand('anna')).query.where).toEqual({ kind: 'text', text: 'anna' });
  });

  test('keep smart albums true, also within each other, and refuse one that searches in itself', async () => {
    await using store = await openStore(kind, `smart-${kind}`);
    const { db } = store;
    const assets = await drawAssets(store, 60, 5);
    const searches = createSearches(db, () => TODAY);
    const albums = createAlbums(
      db,
      () => 1,
      searches,
      () => undefined,
    );
    const shown = assets.filter(({ isTrashed }) => !isTrashed).sort(byTime);
    const dogs = shown.filter(({ things }) => things.includes('dog')).map(({ id }) => id);
    const smart = await albums.create({ name: 'Dogs', query: 'dogs' });
    expect(smart).toMatchObject({ query: 'dogs', count: dogs.length, isExact: true, coverId: dogs[0] });
    expect(await albums.listAssets(smart.id, 2, 5)).toEqual(dogs.slice(2, 7));

    const outer = await albums.create({ name: 'Good dogs', query: 'album:dogs is:favourite sort:oldest' });
    const good = shown.filter(({ id, isFavourite }) => isFavourite && dogs.includes(id)).map(({ id }) => id);
    expect(await albums.listAssets(outer.id, 0, 100)).toEqual(good.toReversed());
    await expect(albums.change(smart.id, { query: 'album:"good dogs"' })).rejects.toThrow(/searches in itself/);
    await expect(albums.change(smart.id, { name: 'Good dogs' })).resolves.toMatchObject({ name: 'Good dogs' });
    await albums.change(smart.id, { name: 'Dogs' });
    await expect(albums.create({ name: 'x', query: 'thing:dgo' })).rejects.toMatchObject({ offset: 6, length: 3 });
    await expect(albums.addAssets(smart.id, dogs)).rejects.toThrow(/smart album/);

    // A name that is gone finds nothing; the album is still there to be changed.
    await albums.create({ name: 'Anna', query: 'person:Anna' });
    await sql`update people set name = 'Hannah' where name = 'Anna'`.execute(db);
    expect((await albums.list()).find(({ name }) => name === 'Anna')).toMatchObject({ count: 0 });
    expect(await albums.change(smart.id, { query: 'cats or dogs' })).toMatchObject({
      query: 'cats or dogs',
      count: shown.filter(({ things }) => things.includes('dog') || things.includes('cat')).length,
    });
  });

  test('refuse cursors of other orders', async () => {
    await using store = await openStore(kind, `cursors-${kind}`);
    const { db } = store;
    await drawAssets(store, 20, 9);
    const { next = '' } = await listAssets(db, { limit: 1, sort: 'newest' });
    await expect(listAssets(db, { limit: 1, sort: 'rating', cursor: next })).rejects.toThrow(/this order/);
    for (const cursor of ['', 'x', Buffer.from('["newest",1]').toString('base64url'), '%%%']) {
      await expect(listAssets(db, { cursor })).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });
});
