import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { getAsset } from '../assets/get-asset.ts';
import { listAssets } from '../assets/list-assets.ts';
import { drawAssets } from '../fixtures/drawn-assets.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { createSearches } from '../query/searches.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { openServerStore } from '../store/open-server-store.ts';
import { listPlaces } from './list-places.ts';
import { listCells } from './map-cells.ts';
import { createPlaceKeeper } from './place-keeper.ts';

const libraries = useLibraries();
const fail = (error: unknown): never => {
  throw error;
};

describe.each(DATABASES)('places on the %s database', (kind) => {
  test('each photo has its city, anew when it moves; colours that lack are made', async () => {
    const home = `places-${kind}`;
    await (await libraries.open(kind, { home, works: false })).close();
    await using store = await (kind === 'embedded'
      ? openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1)
      : openServerStore(libraries.databaseUrl(home) ?? '', 1));
    const { db } = store;
    const assets = await drawAssets(store, 40, 11);
    await sql`update assets set city_id = null, colors = null`.execute(db);
    await sql`delete from cities`.execute(db);
    const keeper = createPlaceKeeper(store, fail);
    keeper.wake();
    await keeper.idle();

    const shown = assets.filter(({ isTrashed }) => !isTrashed);
    const places = await listPlaces(db);
    for (const [name, countryName] of [
      ['Zürich', 'Switzerland'],
      ['San Francisco', 'United States'],
      ['Suva', 'Fiji'],
    ]) {
      const there = shown.filter(({ city }) => city === name);
      expect(there.length).toBeGreaterThan(0);
      expect(places.find((place) => place.name === name)).toMatchObject({ countryName, count: there.length });
    }
    const lacking = await sql`select id from assets where palette is not null and colors is null`.execute(db);
    expect(lacking.rows).toEqual([]);

    const [moved] = shown.filter(({ city }) => city === 'Suva');
    const id = moved?.id ?? 0;
    await sql`update assets set latitude = 48.137, longitude = 11.575 where id = ${id}`.execute(db);
    expect((await getAsset(db, id)).city).toBeUndefined();
    keeper.wake();
    await keeper.idle();
    expect((await getAsset(db, id)).city).toMatchObject({ name: 'Munich', countryName: 'Germany' });
    // It is found by what else it is called.
    const searches = createSearches(db, () => 0);
    const { where } = await searches.understand('place:münchen');
    expect(
      (await listAssets(db, { filter: where === undefined ? {} : { where } })).assets.map((each) => each.id),
    ).toEqual([id]);
    await sql`update assets set latitude = 0, longitude = -30 where id = ${id}`.execute(db);
    keeper.wake();
    await keeper.idle();
    expect((await getAsset(db, id)).city).toBeUndefined();
    await keeper.close();

    // On the map all of them stand in some cell, and cells split as they become smaller.
    const located = shown.filter(({ latitude }) => latitude !== undefined).length;
    const world = await listCells(db, { cellDeg: 60 });
    const close = await listCells(db, { cellDeg: 0.001 });
    for (const cells of [world, close]) expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(located);
    expect(close.length).toBeGreaterThan(world.length);
    const bounds = { south: -20, west: 170, north: -10, east: -170 };
    const pacific = await listCells(db, { cellDeg: 5, bounds });
    expect(pacific.reduce((sum, { count }) => sum + count, 0)).toBe(
      shown.filter(({ city, id: each }) => city === 'Suva' && each !== id).length,
    );
  });
});
