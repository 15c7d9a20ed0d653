import { createHash, randomBytes } from 'node:crypto';
import { FocalError } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import { createAttempts } from '../access/attempts.ts';
import { NotAllowedError } from '../access/not-allowed.ts';
import { hashPassword, isPassword } from '../access/passwords.ts';
import { noSuchAlbum } from '../albums/albums.ts';
import type { Unlocked } from '../assets/sight.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { lockedError } from './locked.ts';

/** What a client holds that has given passwords. */
export interface Key {
  readonly token: string;
  /** Ids of the albums that it opens. */
  readonly albums: Unlocked;
  /** It opens nothing any more when it was not used for so long. */
  readonly idleMs: number;
}

/**
 * Albums that have a password. Who has unlocked which is kept in memory only: when the process ends, all are locked.
 */
export interface Privacy {
  /** Makes an album private, or gives it another password; ends its links. Throws `invalid-argument` for a smart one. */
  protect(albumId: number, password: string, token?: string): Promise<Key>;
  /** Its photos are seen everywhere again. Throws {@link NotAllowedError} unless it is unlocked. */
  unprotect(albumId: number, token?: string): Promise<void>;
  /** Throws {@link NotAllowedError} for a wrong password, `TooManyAttemptsError` after several. */
  unlock(albumId: number, password: string, token?: string): Promise<Key>;
  /** This album for this client, or all of its albums. */
  lock(token: string, albumId?: number): void;
  /** What a client has unlocked; each use keeps it for longer. */
  unlockedBy(token: string | undefined): Unlocked;
}

const IDLE_MS = 15 * 60_000;
const WRONG = { most: 5, withinMs: 5 * 60_000 };
/** Beyond that the client that was idle for longest is locked out. */
const MOST_KEYS = 1000;

interface Held {
  readonly albums: Set<number>;
  usedAt: number;
}

/** @param onSight told when photos come into sight or go out of it */
export function createPrivacy(db: Kysely<Tables>, now: () => number, onSight: () => void): Privacy {
  const attempts = createAttempts({ ...WRONG, now });
  /** By the hash of the token, so that looking it up tells nothing of others. */
  const held = new Map<string, Held>();

  function holdOf(token: string | undefined): Held | undefined {
    if (token === undefined) return undefined;
    const name = hashOf(token);
    const hold = held.get(name);
    if (hold === undefined) return undefined;
    held.delete(name);
    const idle = now() - hold.usedAt;
    if (idle < 0 || idle >= IDLE_MS) return undefined;
    hold.usedAt = now();
    held.set(name, hold);
    return hold;
  }

  function give(albumId: number, token: string | undefined): Key {
    const hold = holdOf(token);
    if (hold !== undefined && token !== undefined) {
      hold.albums.add(albumId);
      return { token, albums: [...hold.albums], idleMs: IDLE_MS };
    }
    const fresh = randomBytes(24).toString('base64url');
    held.set(hashOf(fresh), { albums: new Set([albumId]), usedAt: now() });
    for (const [oldest] of held) {
      if (held.size <= MOST_KEYS) break;
      held.delete(oldest);
    }
    return { token: fresh, albums: [albumId], idleMs: IDLE_MS };
  }

  /** Nobody has it open any more. */
  function takeBack(albumId: number): void {
    for (const { albums } of held.values()) albums.delete(albumId);
  }

  async function find(id: number): Promise<{ readonly query: string | null; readonly password: string | null }> {
    const row = await db.selectFrom('albums').select(['query', 'password']).where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw noSuchAlbum(id);
    return row;
  }

  const unlockedBy = (token: string | undefined): Unlocked => [...(holdOf(token)?.albums ?? [])];

  return {
    async protect(albumId, password, token) {
      const { query, password: before } = await find(albumId);
      if (query !== null) {
        throw new FocalError('invalid-argument', 'A smart album cannot be private: what it finds changes.', {
          hint: 'Put its photos into an album of their own, and make that one private.',
        });
      }
      if (before !== null && !unlockedBy(token).includes(albumId)) throw lockedError();
      const kept = await hashPassword(password);
      await transact(db, async (trx) => {
        // Of two at once the second one finds it private.
        const { numUpdatedRows } = await trx
          .updateTable('albums')
          .set({ password: kept })
          .where('id', '=', albumId)
          .where(sql<boolean>`password is not distinct from ${before}::text`)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw lockedError();
        await trx
          .updateTable('shares')
          .set({ revoked_at: now() })
          .where('album_id', '=', albumId)
          .where('revoked_at', 'is', null)
          .execute();
      });
      takeBack(albumId);
      onSight();
      return give(albumId, token);
    },
    async unprotect(albumId, token) {
      const { password } = await find(albumId);
      if (password === null) return;
      if (!unlockedBy(token).includes(albumId)) throw lockedError();
      await db.updateTable('albums').set({ password: null }).where('id', '=', albumId).execute();
      takeBack(albumId);
      onSight();
    },
    async unlock(albumId, password, token) {
      const { password: kept } = await find(albumId);
      if (kept === null) throw new FocalError('invalid-argument', 'The album is not private.');
      const isRight = await attempts.attempt(String(albumId), async () =>
        (await isPassword(password, kept)) ? true : undefined,
      );
      if (isRight === undefined) throw new NotAllowedError('That is not the password of this album.', 'Try again.');
      return give(albumId, token);
    },
    lock(token, albumId) {
      const hold = holdOf(token);
      if (albumId !== undefined) hold?.albums.delete(albumId);
      if (albumId === undefined || hold?.albums.size === 0) held.delete(hashOf(token));
    },
    unlockedBy,
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
