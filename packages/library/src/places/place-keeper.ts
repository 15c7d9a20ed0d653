import { sql } from 'kysely';
import { colorBitsOf } from '../query/colors.ts';
import type { Store } from '../store/store.ts';
import { transact } from '../store/transact.ts';
import { CITY_VERSION, type Cities, readCities } from './cities.ts';
import { countryName } from './country-name.ts';
import { foldName } from './fold-name.ts';
import { otherNamesOf } from './other-names.ts';

/** Gives every photo the city that it was taken near, in the background. */
export interface PlaceKeeper {
  /** Looks for photos that lack one. */
  wake(): void;
  /** Resolves when none does. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const BATCH = 500;

/** @param read the list of cities; read when it is first needed, and kept */
export function createPlaceKeeper(
  store: Store,
  onError: (error: unknown) => void,
  read: () => Promise<Cities> = readCities,
): PlaceKeeper {
  let cities: Promise<Cities> | undefined;
  let running: Promise<void> | undefined;
  let isWoken = false;
  let isClosed = false;

  async function run(): Promise<void> {
    while (isWoken && !isClosed) {
      isWoken = false;
      try {
        for (let after = 0, isMore = true; isMore && !isClosed; ) {
          const last: number | undefined = await keepSome(after);
          isMore = last !== undefined;
          after = last ?? after;
        }
        let colored = 1;
        while (!isClosed && colored > 0) colored = await keepSomeColors(store);
      } catch (error) {
        // The next time that there is something new it is tried again.
        if (!isClosed) onError(error);
      }
    }
  }

  /** Gives the last id that was looked at. */
  async function keepSome(after: number): Promise<number | undefined> {
    const rows = await store.db
      .selectFrom('assets')
      .select(['id', 'latitude', 'longitude'])
      .where('id', '>', after)
      .where('latitude', 'is not', null)
      .where('longitude', 'is not', null)
      .where('city_version', '<>', CITY_VERSION)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return undefined;
    cities ??= read();
    const list = await cities;
    const found = rows.map(({ id, latitude, longitude }) => ({
      id,
      latitude,
      longitude,
      city: list.near(latitude as number, longitude as number),
    }));
    await transact(store.db, async (trx) => {
      const known = new Map(found.flatMap(({ city }) => (city === undefined ? [] : [[city.id, city] as const])));
      if (known.size > 0) {
        await trx
          .insertInto('cities')
          .values(
            [...known.values()].map(({ id, name, country, latitude, longitude }) => {
              const names = [name, ...otherNamesOf(country, name), countryName(country), country];
              return { id, name, country, latitude, longitude, keys: [...new Set(names.map(foldName))] };
            }),
          )
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((excluded) => ({
              name: excluded.ref('excluded.name'),
              keys: excluded.ref('excluded.keys'),
            })),
          )
          .execute();
      }
      // Where the place changed meanwhile, it is left for the next time.
      await sql`update assets set city_id = given.city, city_version = ${CITY_VERSION}
        from unnest(${found.map(({ id }) => id)}::integer[], ${found.map(({ city }) => city?.id ?? null)}::integer[],
          ${found.map(({ latitude }) => latitude)}::double precision[],
          ${found.map(({ longitude }) => longitude)}::double precision[]) as given(id, city, latitude, longitude)
        where assets.id = given.id and assets.latitude = given.latitude and assets.longitude = given.longitude`.execute(
        trx,
      );
    });
    return rows.at(-1)?.id;
  }

  return {
    wake() {
      isWoken = true;
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    async idle() {
      while (running !== undefined) await running;
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}

/** Of photos whose colours were found before they were searched for. Gives how many there were. */
async function keepSomeColors({ db }: Store): Promise<number> {
  const rows = await db
    .selectFrom('assets')
    .select(['id', 'palette'])
    .where('palette', 'is not', null)
    .where('colors', 'is', null)
    .limit(BATCH)
    .execute();
  if (rows.length === 0) return 0;
  await sql`update assets set colors = given.colors
    from unnest(${rows.map(({ id }) => id)}::integer[], ${rows.map(({ palette }) => colorBitsOf(palette ?? []))}::integer[])
      as given(id, colors)
    where assets.id = given.id and assets.colors is null`.execute(db);
  return rows.length;
}
