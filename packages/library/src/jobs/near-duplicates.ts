import { sql, type Transaction } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** Photos whose hashes differ in no more bits look the same but for size, compression or small edits. */
const NEAR_BITS = 6;
const BANDS = 4;
const BAND_BITS = 16;
/** Of an advisory lock. Just a number that nobody else is likely to take. */
const HASHES_LOCK = 0x46_6f_68_61;

/**
 * Keeps the hash of a photo and which others are near it. Of two hashes that differ in at most 7 bits, one of four
 * pieces of 16 bits differs in at most one: so pieces that do are looked up, and only what has one is compared.
 */
export async function keepHash(trx: Transaction<Tables>, id: number, hash: string): Promise<void> {
  // Of two that are kept at once neither would see the other.
  await sql`select pg_advisory_xact_lock(${HASHES_LOCK})`.execute(trx);
  await trx.deleteFrom('hash_bands').where('asset_id', '=', id).execute();
  await sql`delete from near_duplicates where asset_id = ${id} or other_id = ${id}`.execute(trx);
  // A picture of one colour has no pattern to compare by.
  if (isFlat(hash)) return;
  const bands = toBands(hash);
  const near = bands.flatMap((value, band) =>
    [value, ...Array.from({ length: BAND_BITS }, (_, bit) => value ^ (1 << bit))].map((each) => ({
      band,
      value: each,
    })),
  );
  await sql`insert into near_duplicates (asset_id, other_id, distance)
    select least(${id}::integer, others.id), greatest(${id}::integer, others.id), others.distance from (
      select assets.id, bit_count(('x' || assets.hash)::bit(64) # ('x' || ${hash}::text)::bit(64)) as distance
      from unnest(${near.map(({ band }) => band)}::smallint[], ${near.map(({ value }) => value)}::integer[])
        as near (band, value)
      join hash_bands on hash_bands.band = near.band and hash_bands.value = near.value
      join assets on assets.id = hash_bands.asset_id
    ) others where others.distance <= ${NEAR_BITS} and others.id <> ${id} on conflict do nothing`.execute(trx);
  await trx
    .insertInto('hash_bands')
    .values(bands.map((value, band) => ({ asset_id: id, band, value })))
    .execute();
}

function toBands(hash: string): readonly number[] {
  return Array.from({ length: BANDS }, (_, band) => Number.parseInt(hash.slice(band * 4, band * 4 + 4), 16));
}

function isFlat(hash: string): boolean {
  const ones = Array.from(hash).reduce(
    (sum, digit) => sum + (Number.parseInt(digit, 16).toString(2).match(/1/g)?.length ?? 0),
    0,
  );
  return ones < 8;
}
