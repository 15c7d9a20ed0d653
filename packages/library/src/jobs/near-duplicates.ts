import { sql, type Transaction } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** Photos whose hashes differ in no more bits look the same but for size, compression or small edits. */
const NEAR_BITS = 6;
const BANDS = 4;
const BAND_BITS = 16;
/** Of an advisory lock. Just a number that nobody else is likely to take. */
const HASHES_LOCK = 0x46_6f_68_61;

/**
 * Keeps which photos are near these by their hashes, which their assets hold by now. Of two hashes that differ in at most
 * 7 bits, one of four pieces of 16 bits differs in at most one: so pieces that do are looked up, and only what has one is
 * compared.
 */
export async function keepHashes(
  trx: Transaction<Tables>,
  photos: readonly { readonly id: number; readonly hash: string }[],
): Promise<void> {
  if (photos.length === 0) return;
  // Of two that are kept at once neither would see the other.
  await sql`select pg_advisory_xact_lock(${HASHES_LOCK})`.execute(trx);
  const ids = photos.map(({ id }) => id);
  await sql`delete from hash_bands where asset_id = any(${ids}::integer[])`.execute(trx);
  await sql`delete from near_duplicates
    where asset_id = any(${ids}::integer[]) or other_id = any(${ids}::integer[])`.execute(trx);
  // A picture of one colour has no pattern to compare by.
  const bands = photos
    .filter(({ hash }) => !isFlat(hash))
    .flatMap(({ id, hash }) => toBands(hash).map((value, band) => ({ id, band, value })));
  if (bands.length === 0) return;
  await sql`insert into hash_bands (asset_id, band, value) select * from unnest(
    ${bands.map(({ id }) => id)}::integer[], ${bands.map(({ band }) => band)}::smallint[],
    ${bands.map(({ value }) => value)}::integer[])`.execute(trx);
  const near = bands.flatMap(({ id, band, value }) => FLIPS.map((bit) => ({ id, band, value: value ^ bit })));
  await sql`insert into near_duplicates (asset_id, other_id, distance)
    select least(id, other_id), greatest(id, other_id), distance from (
      select near.id, others.id as other_id,
        bit_count(('x' || others.hash)::bit(64) # ('x' || mine.hash)::bit(64)) as distance
      from unnest(${near.map(({ id }) => id)}::integer[], ${near.map(({ band }) => band)}::smallint[],
        ${near.map(({ value }) => value)}::integer[]) as near (id, band, value)
      join hash_bands on hash_bands.band = near.band and hash_bands.value = near.value and hash_bands.asset_id <> near.id
      join assets others on others.id = hash_bands.asset_id
      join assets mine on mine.id = near.id
    ) found where distance <= ${NEAR_BITS} on conflict do nothing`.execute(trx);
}

/** Nothing, and each bit of a piece. */
const FLIPS: readonly number[] = [0, ...Array.from({ length: BAND_BITS }, (_, bit) => 1 << bit)];

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
