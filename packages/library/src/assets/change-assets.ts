import { FocalError } from '@focal/core';
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { isSeen, type Unlocked } from './sight.ts';

/** What a user gives to photos. */
export interface AssetChange {
  readonly isFavourite?: boolean;
  /** 0 none to 5. */
  readonly rating?: number;
  readonly caption?: string;
  /** Thrown away, or brought back. Files stay where they are. */
  readonly isTrashed?: boolean;
}

const LONGEST_CAPTION = 5000;

/** Changes all of these at once; gives how many there are. Throws `invalid-argument`. */
export async function changeAssets(
  db: Kysely<Tables>,
  ids: readonly number[],
  change: AssetChange,
  { now, unlocked = [] }: { readonly now: number; readonly unlocked?: Unlocked },
): Promise<number> {
  const { isFavourite, rating, caption, isTrashed } = change;
  if (rating !== undefined && (!Number.isInteger(rating) || rating < 0 || rating > 5)) {
    throw new FocalError('invalid-argument', `Expected a whole number from 0 to 5 for rating, got ${rating}.`);
  }
  if (caption !== undefined && (caption.length > LONGEST_CAPTION || caption.includes('\0'))) {
    throw new FocalError('invalid-argument', `Expected a caption of at most ${LONGEST_CAPTION} characters of text.`);
  }
  if (ids.length === 0) return 0;
  const set = {
    ...(isFavourite !== undefined && { is_favourite: isFavourite }),
    ...(rating !== undefined && { rating }),
    ...(caption !== undefined && { caption }),
    ...(isTrashed !== undefined && { trashed_at: isTrashed ? now : null }),
  };
  if (Object.keys(set).length === 0)
    throw new FocalError('invalid-argument', 'Expected something to change, got nothing.');
  return transact(db, async (trx) => {
    if (isTrashed === true) await assertNonePrivate(trx, ids, unlocked);
    const { numUpdatedRows } = await trx
      .updateTable('assets')
      .set(set)
      .where('id', 'in', [...ids])
      .where(isSeen(unlocked))
      .executeTakeFirst();
    return Number(numUpdatedRows);
  });
}

/** The trash does not show what is private: it could not be brought back. */
async function assertNonePrivate(trx: Kysely<Tables>, ids: readonly number[], unlocked: Unlocked): Promise<void> {
  const row = await trx
    .selectFrom('assets')
    .select('id')
    .where('id', 'in', [...ids])
    .where('is_private', '=', true)
    .where(isSeen(unlocked))
    .executeTakeFirst();
  if (row === undefined) return;
  throw new FocalError('invalid-argument', 'A photo in a private album cannot be thrown away.', {
    hint: 'Take it out of the private album first.',
  });
}
