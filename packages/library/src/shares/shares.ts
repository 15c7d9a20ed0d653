import { createHash, randomBytes } from 'node:crypto';
import { FocalError } from '@focal/core';
import type { Kysely, Selectable } from 'kysely';
import { NotAllowedError } from '../access/not-allowed.ts';
import { hashPassword, isPassword } from '../access/passwords.ts';
import type { Albums } from '../albums/albums.ts';
import { readSettings } from '../store/settings.ts';
import type { ShareTable, Tables } from '../store/tables.ts';
import { createPictureKeys, type PictureKeys } from './picture-keys.ts';

export type ShareState = 'open' | 'expired' | 'revoked';

/** An album that whoever has a link may look at. */
export interface Share {
  readonly id: number;
  readonly albumId: number;
  readonly albumName: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly hasPassword: boolean;
  readonly state: ShareState;
}

export interface NewShare {
  readonly albumId: number;
  /** Milliseconds since 1970. Default: in seven days. */
  readonly expiresAt?: number;
  readonly password?: string;
}

/** What a guest sees of a photo: nothing but itself. */
export interface SharedPhoto {
  readonly key: string;
  /** Upright, in pixels; only their ratio is that of what is shown. */
  readonly width: number;
  readonly height: number;
}

/** What a link leads to. */
export interface OpenedShare {
  readonly share: Share;
  isPassword(password: string): Promise<boolean>;
  photos(offset: number, limit: number): Promise<readonly SharedPhoto[]>;
  count(): Promise<number>;
  /** The photo of the album with this key. Throws `not-found` for any other. */
  find(key: string): Promise<number>;
}

/** Albums that are shared by links. Of a link only a hash is kept, so that it is told once. */
export interface Shares {
  /** Newest first: those that are open or were in the last 30 days; of this album, or of all. */
  list(albumId?: number): Promise<readonly Share[]>;
  /** Throws `NotAllowedError` where sharing is off, `not-found`, `invalid-argument`. */
  create(share: NewShare): Promise<{ readonly share: Share; readonly token: string }>;
  /** Ends it at once. Throws `not-found`. */
  revoke(id: number): Promise<Share>;
  /** What this link leads to, expired or revoked, too; undefined where there is no such link. */
  open(token: string): Promise<OpenedShare | undefined>;
}

const DAY_MS = 86_400_000;
const USUAL_DAYS = 7;
export const MOST_SHARE_DAYS = 366;
/** So long it is remembered that a link was there. */
const REMEMBERED_MS = 30 * DAY_MS;
/** 192 bits. */
const TOKEN_BYTES = 24;

export function createShares(db: Kysely<Tables>, now: () => number, albums: Albums): Shares {
  function toShare(row: ShareRow): Share {
    return {
      id: row.id,
      albumId: row.album_id,
      albumName: row.name,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      hasPassword: row.password !== null,
      state: row.revoked_at !== null ? 'revoked' : row.expires_at <= now() ? 'expired' : 'open',
    };
  }
  const select = () =>
    db
      .selectFrom('shares')
      .innerJoin('albums', 'albums.id', 'shares.album_id')
      .selectAll('shares')
      .select('albums.name');

  return {
    async list(albumId) {
      if (albumId !== undefined) await albums.get(albumId);
      const since = now() - REMEMBERED_MS;
      let query = select()
        .where('expires_at', '>', since)
        .where((or) => or.or([or('revoked_at', 'is', null), or('revoked_at', '>', since)]));
      if (albumId !== undefined) query = query.where('album_id', '=', albumId);
      return (await query.orderBy('shares.id', 'desc').execute()).map(toShare);
    },
    async create({ albumId, expiresAt = now() + USUAL_DAYS * DAY_MS, password }) {
      if (!(await readSettings(db)).isSharing) {
        throw new NotAllowedError(
          'Sharing is off for this library.',
          'Turn it on in the settings of the library, or with: focal albums sharing on',
        );
      }
      const album = await albums.get(albumId);
      if (album.isPrivate) {
        throw new FocalError('invalid-argument', 'A private album cannot be shared.', {
          hint: 'Take its password away first, or put what is to be shared into another album.',
        });
      }
      if (!Number.isSafeInteger(expiresAt) || expiresAt <= now() || expiresAt > now() + MOST_SHARE_DAYS * DAY_MS) {
        throw new FocalError('invalid-argument', `Expected a link to end within the next ${MOST_SHARE_DAYS} days.`);
      }
      await db
        .deleteFrom('shares')
        .where('expires_at', '<', now() - REMEMBERED_MS)
        .execute();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const { id } = await db
        .insertInto('shares')
        .values({
          album_id: albumId,
          token_hash: hashToken(token),
          password: password === undefined ? null : await hashPassword(password),
          created_at: now(),
          expires_at: expiresAt,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { share: toShare(await select().where('shares.id', '=', id).executeTakeFirstOrThrow()), token };
    },
    async revoke(id) {
      await db
        .updateTable('shares')
        .set({ revoked_at: now() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
      const row = await select().where('shares.id', '=', id).executeTakeFirst();
      if (row === undefined) throw new FocalError('not-found', `There is no shared link ${id}.`);
      return toShare(row);
    },
    async open(token) {
      if (!/^[\w-]{32}$/.test(token)) return undefined;
      const row = await select().where('token_hash', '=', hashToken(token)).executeTakeFirst();
      if (row === undefined) return undefined;
      return toOpened(toShare(row), row, albums, createPictureKeys(token));
    },
  };
}

type ShareRow = Selectable<ShareTable> & { readonly name: string };

function toOpened(share: Share, row: ShareRow, albums: Albums, keys: PictureKeys): OpenedShare {
  return {
    share,
    isPassword: async (password) => row.password === null || (await isPassword(password, row.password)),
    async photos(offset, limit) {
      const photos = await albums.listPhotos(share.albumId, { offset, limit });
      return photos.map(({ id, width, height }) => ({ key: keys.toKey(id), width, height }));
    },
    count: () => albums.countPhotos(share.albumId),
    async find(key) {
      const id = keys.fromKey(key);
      const [photo] =
        id === undefined || id >= 2 ** 31
          ? []
          : await albums.listPhotos(share.albumId, { offset: 0, limit: 1, only: id });
      if (photo === undefined) throw new FocalError('not-found', 'There is no such photo in this album.');
      return photo.id;
    },
  };
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
