import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { countryName } from './country-name.ts';

/** A city near which photos were taken. */
export interface LibraryPlace {
  /** Of GeoNames. */
  readonly id: number;
  readonly name: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly countryName: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly count: number;
  /** The newest photo. */
  readonly coverId: number;
}

/** Cities with how many photos and videos were taken near each, the most frequent first. */
export async function listPlaces(db: Kysely<Tables>): Promise<readonly LibraryPlace[]> {
  const { rows } = await sql<Omit<LibraryPlace, 'countryName' | 'coverId'> & { cover: number }>`
    select cities.id, name, country, cities.latitude, cities.longitude, found.count,
      (select assets.id from assets where city_id = cities.id and is_shown
        order by sort_time desc, assets.id desc limit 1) as cover
    from (select city_id, count(*)::integer as count from assets
      where city_id is not null and is_shown group by city_id) found
    join cities on cities.id = found.city_id order by count desc, name, cities.id`.execute(db);
  return rows.map(({ cover, ...row }) => ({ ...row, countryName: countryName(row.country), coverId: cover }));
}
