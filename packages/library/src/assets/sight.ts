import { type RawBuilder, sql } from 'kysely';

/**
 * [Note: what may be seen] What is in a private album is told to nobody but who has unlocked that album. The tables say
 * so once: `is_shown`, which views go by, and `is_trashed`, which the trash goes by, are false of private photos. What
 * is asked for by its id goes by {@link isSeen}; faces and people by the two below. Whoever adds a view or a route takes
 * one of these, and `apps/server/src/library/private.test.ts` goes through all of them.
 */
export type Unlocked = readonly number[];

/** Whether an asset may be known at all, by who has unlocked these private albums. */
export function isSeen(unlocked: Unlocked = []): RawBuilder<boolean> {
  if (unlocked.length === 0) return sql`not assets.is_private`;
  return sql`(not assets.is_private or exists (select from album_assets join albums on albums.id = album_assets.album_id
    where album_assets.asset_id = assets.id and albums.password is not null
      and albums.id = any(${[...unlocked]}::integer[])))`;
}

/** What may be known of it, and is neither thrown away nor gone. */
export function isSeenNow(unlocked: Unlocked): RawBuilder<boolean> {
  return unlocked.length === 0
    ? sql`assets.is_shown`
    : sql`(assets.places > 0 and assets.trashed_at is null and ${isSeen(unlocked)})`;
}

/** {@link isSeenNow} of what is in an album, by `album_assets` alone: few are hidden, and asked for once. */
export function isMemberSeenNow(unlocked: Unlocked): RawBuilder<boolean> {
  return unlocked.length === 0
    ? sql`album_assets.asset_id not in (select id from assets where not is_shown)`
    : sql`exists (select from assets where assets.id = album_assets.asset_id and ${isSeenNow(unlocked)})`;
}

/** Whether a face is in a photo that may be known; private albums do not tell of faces. */
export const isFaceSeen: RawBuilder<boolean> = sql`exists (select from assets where assets.id = faces.asset_id
  and ${isSeen()})`;

/** Whether a person is seen elsewhere than in private photos only. */
export const isPersonSeen: RawBuilder<boolean> = sql`(people.faces > 0 or not exists (
  select from faces where faces.person_id = people.id and not ${isFaceSeen}))`;

/** Whether a bad file is none of a private photo. */
export const isBadFileSeen: RawBuilder<boolean> = sql`(bad_files.asset_id is null or exists (
  select from assets where assets.id = bad_files.asset_id and ${isSeen()}))`;
