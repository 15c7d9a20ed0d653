import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { drawAssets } from '../fixtures/drawn-assets.ts';
import { useLibraries } from '../fixtures/test-library.ts';
import { openEmbeddedStore } from './embedded/open-embedded-store.ts';
import { createTender } from './tend.ts';

const libraries = useLibraries();

test('the embedded database is swept and counted once much has changed, and not before', async () => {
  await (await libraries.open('embedded', { home: 'tended', works: false })).close();
  await using store = await openEmbeddedStore(join(libraries.libraryFolder('tended'), 'database'), 1);
  const { db } = store;
  await drawAssets(store, 30, 4);
  const errors: unknown[] = [];
  let time = 0;
  const tender = createTender(
    store,
    (error) => errors.push(error),
    () => time,
  );
  const counted = async (): Promise<number> => {
    const { rows } = await sql<{
      n: number;
    }>`select reltuples::integer as n from pg_class where relname = 'assets'`.execute(db);
    return rows[0]?.n ?? Number.NaN;
  };
  await tender.tend();
  expect(await counted()).toBe(-1);
  for (let i = 0; i < 30; i++) await sql`update assets set rating = rating`.execute(db);
  // Asked too soon after it looked, it does not look.
  tender.note();
  expect(await counted()).toBe(-1);
  time += 61_000;
  tender.note();
  await tender.tend();
  expect(await counted()).toBe(30);
  await tender.close();
  expect(errors).toEqual([]);
});
