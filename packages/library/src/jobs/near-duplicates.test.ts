import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drawAssets } from '../fixtures/drawn-assets.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { openServerStore } from '../store/open-server-store.ts';
import { keepHashes } from './near-duplicates.ts';

const libraries = useLibraries();

/** One bit apart. */
const HASHES = ['0123456789abcdef', '0123456789abcdee'] as const;

// The embedded database has one transaction at a time.
test.runIf(DATABASES.includes('server'))('photos that look the same find each other when kept at once', async () => {
  const home = randomBytes(4).toString('hex');
  await (await libraries.open('server', { home, works: false })).close();
  await using store = await openServerStore(libraries.databaseUrl(home) ?? '', 1);
  const [first, second] = await drawAssets(store, 2, 7);
  const ids = [first?.id ?? 0, second?.id ?? 0] as const;
  for (const [i, hash] of HASHES.entries()) {
    await store.db
      .updateTable('assets')
      .set({ hash })
      .where('id', '=', ids[i] ?? 0)
      .execute();
  }
  let isKept = false;
  let other: Promise<void> = Promise.resolve();
  await store.db.transaction().execute(async (trx) => {
    await keepHashes(trx, [{ id: ids[0], hash: HASHES[0] }]);
    other = store.db
      .transaction()
      .execute((beside) => keepHashes(beside, [{ id: ids[1], hash: HASHES[1] }]))
      .then(() => {
        isKept = true;
      });
    // Without waiting for the first it would be done long before.
    for (let n = 0; n < 20 && !isKept; n++) await delay(20);
  });
  await other;
  const pairs = await store.db.selectFrom('near_duplicates').selectAll().execute();
  expect(pairs).toEqual([{ asset_id: Math.min(...ids), other_id: Math.max(...ids), distance: 1 }]);
});
