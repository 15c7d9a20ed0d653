import { createHash, randomBytes } from 'node:crypto';
import { FocalError } from '@focal/core';
import { type Kysely, type Selectable, sql } from 'kysely';
import { NotAllowedError } from '../access/not-allowed.ts';
import { hashPassword, isPassword } from '../access/passwords.ts';
import type { AlbumPhoto, Albums } from '../albums/albums.ts';
import { isPersonSeen } from '../assets/sight.ts';
import type { PictureKind } from '../files/picture-files.ts';
import { getPerson } from '../people/list-people.ts';
import type { Person } from '../people/person.ts';
import { readSettings } from '../store/settings.ts';
import type { ShareTable, Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import type { CoveredPictures, CoveredState } from './covered-pictures.ts';
import { isStillSpared } from './covering.ts';
import { createPictureKeys, type PictureKeys } from './picture-keys.ts';
import type { SharedVideo } from './shared-videos.ts';

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
  /** Absent where guests see photos as they are. */
  readonly cover?: { readonly except: readonly SharePerson[] };
}

/** Somebody whose face stays where a link covers all others. */
export interface SharePerson {
  readonly id: number;
  /** What they were called when the link was made; empty where they had no name, or are not there any more. */
  readonly name: string;
  /** False once they were merged into somebody else or are called otherwise: then they are covered, too. */
  readonly isSpared: boolean;
}

export interface NewShare {
  readonly albumId: number;
  /** Milliseconds since 1970. Default: in seven days. */
  readonly expiresAt?: number;
  readonly password?: string;
  /** Faces are covered for guests, but for those of these people. */
  readonly cover?: { readonly except: readonly number[] };
}

/** What a guest sees of a photo: nothing but itself. */
export interface SharedPhoto {
  readonly key: string;
  /** Upright, in pixels; only their ratio is that of what is shown. */
  readonly width: number;
  readonly height: number;
  /** Whether it can be shown; where faces are covered it may have to be made first. */
  readonly state: CoveredState;
  /** Then the picture is a frame of it, and {@link OpenedShare.video} plays. */
  readonly isVideo: boolean;
}

/** What a link leads to. */
export interface OpenedShare {
  readonly share: Share;
  isPassword(password: string): Promise<boolean>;
  photos(offset: number, limit: number): Promise<readonly SharedPhoto[]>;
  count(): Promise<number>;
  /** Those of them that are videos. */
  countVideos(): Promise<number>;
  /** Videos that guests see nothing of, as their faces are not covered. */
  countLeftOut(): Promise<number>;
  /** The photo of the album with this key. Throws `not-found` for any other. */
  find(key: string): Promise<number>;
  /**
   * Path of a small picture of the photo with this key, as guests may see it; undefined while that is made. Throws
   * `not-found`, and what is wrong with the photo.
   */
  picture(key: string, kind: PictureKind): Promise<SmallPicture | undefined>;
  /**
   * The video with this key without anything but pictures and sound, once it is copied. Throws `not-found`, also for
   * photos, `unsupported-format` for what no browser plays, and what is wrong with the file.
   */
  video(key: string): Promise<SharedVideo>;
}

interface SmallPicture {
  readonly path: string;
  /** Tells versions of it apart. */
  readonly tag: string;
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

/** Photos of a new link that are covered before anybody comes. */
const FIRST_PHOTOS = 120;
const MOST_EXCEPTED = 100;

export interface SharesOptions {
  readonly db: Kysely<Tables>;
  readonly now: () => number;
  readonly albums: Albums;
  /** Whether photos are covered as soon as there is a link, before guests ask for them. */
  readonly prepares: boolean;
  readonly covered: CoveredPictures;
  /** A small picture as it is shown in the library. */
  readonly plain: (assetId: number, kind: PictureKind) => Promise<SmallPicture>;
  readonly video: (assetId: number) => Promise<SharedVideo>;
}

export function createShares(options: SharesOptions): Shares {
  const { db, now, albums, prepares, covered } = options;

  async function toShares(rows: readonly ShareRow[]): Promise<readonly Share[]> {
    const ids = rows.filter((row) => row.is_covered).map(({ id }) => id);
    const people = ids.length === 0 ? [] : await readExcepted(db, ids);
    return rows.map((row) => {
      const except = people.flatMap(({ share_id, ...person }) => (share_id === row.id ? [person] : []));
      return { ...toShare(row), ...(row.is_covered && { cover: { except } }) };
    });
  }

  async function toOneShare(row: ShareRow): Promise<Share> {
    const [share] = await toShares([row]);
    if (share === undefined) throw new Error('Expected the share that was given.');
    return share;
  }

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
      return toShares(await query.orderBy('shares.id', 'desc').execute());
    },
    async create({ albumId, expiresAt = now() + USUAL_DAYS * DAY_MS, password, cover }) {
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
      const except = cover === undefined ? [] : await checkPeople(db, cover.except);
      await db
        .deleteFrom('shares')
        .where('expires_at', '<', now() - REMEMBERED_MS)
        .execute();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const hash = password === undefined ? null : await hashPassword(password);
      const id = await transact(db, async (trx) => {
        const made = await trx
          .insertInto('shares')
          .values({
            album_id: albumId,
            token_hash: hashToken(token),
            password: hash,
            created_at: now(),
            expires_at: expiresAt,
            is_covered: cover !== undefined,
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        const people = except.map((person) => ({ share_id: made.id, person_id: person.id, name: person.name }));
        if (people.length > 0) await trx.insertInto('share_people').values(people).execute();
        return made.id;
      });
      if (cover !== undefined && prepares) {
        const first = await albums.listShown(albumId, { offset: 0, limit: FIRST_PHOTOS, hasVideos: false });
        await covered.states(
          id,
          first.map((photo) => photo.id),
        );
      }
      return { share: await toOneShare(await select().where('shares.id', '=', id).executeTakeFirstOrThrow()), token };
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
      return toOneShare(row);
    },
    async open(token) {
      if (!/^[\w-]{32}$/.test(token)) return undefined;
      const row = await select().where('token_hash', '=', hashToken(token)).executeTakeFirst();
      if (row === undefined) return undefined;
      return toOpened(await toOneShare(row), row, options, createPictureKeys(token));
    },
  };
}

type ShareRow = Selectable<ShareTable> & { readonly name: string };

function toOpened(
  share: Share,
  row: ShareRow,
  { albums, covered, plain, video }: SharesOptions,
  keys: PictureKeys,
): OpenedShare {
  const hasVideos = !row.is_covered;
  async function findOne(key: string): Promise<AlbumPhoto> {
    const id = keys.fromKey(key);
    const [photo] =
      id === undefined || id >= 2 ** 31
        ? []
        : await albums.listShown(share.albumId, { offset: 0, limit: 1, only: id, hasVideos });
    if (photo === undefined) throw new FocalError('not-found', 'There is no such photo in this album.');
    return photo;
  }
  return {
    share,
    isPassword: async (password) => row.password === null || (await isPassword(password, row.password)),
    async photos(offset, limit) {
      const photos = await albums.listShown(share.albumId, { offset, limit, hasVideos });
      const states = row.is_covered
        ? await covered.states(
            share.id,
            photos.map(({ id }) => id),
          )
        : [];
      return photos.map(({ id, width, height, kind }, i) => {
        const state = row.is_covered ? (states[i] ?? 'failed') : 'ready';
        return { key: keys.toKey(id), width, height, state, isVideo: kind === 'video' };
      });
    },
    count: () => albums.countShown(share.albumId, { hasVideos }),
    async countVideos() {
      if (!hasVideos) return 0;
      const all = await albums.countShown(share.albumId, { hasVideos });
      return all - (await albums.countShown(share.albumId, { hasVideos: false }));
    },
    async countLeftOut() {
      if (hasVideos) return 0;
      const all = await albums.countShown(share.albumId, { hasVideos: true });
      return all - (await albums.countShown(share.albumId, { hasVideos }));
    },
    find: async (key) => (await findOne(key)).id,
    async video(key) {
      const { id, kind } = await findOne(key);
      if (kind === 'video') return video(id);
      throw new FocalError('not-found', 'There is no such video in this album.');
    },
    async picture(key, kind) {
      const { id } = await findOne(key);
      return row.is_covered ? covered.picture(share.id, id, kind) : plain(id, kind);
    },
  };
}

async function readExcepted(
  db: Kysely<Tables>,
  shares: readonly number[],
): Promise<readonly (SharePerson & { readonly share_id: number })[]> {
  const { rows } = await sql<SharePerson & { readonly share_id: number }>`select share_id, person_id as id,
      case when people.id is null or not ${isPersonSeen} then '' else share_people.name end as name,
      people.id is not null and ${isStillSpared} as "isSpared"
    from share_people left join people on people.id = share_people.person_id
    where share_id = any(${[...shares]}::integer[]) order by lower(share_people.name), person_id`.execute(db);
  return rows;
}

/** People who may be known, with their names. Throws `not-found`, `invalid-argument`. */
async function checkPeople(db: Kysely<Tables>, given: readonly number[]): Promise<readonly Person[]> {
  const ids = [...new Set(given)];
  if (ids.length > MOST_EXCEPTED) {
    throw new FocalError('invalid-argument', `Expected at most ${MOST_EXCEPTED} people whose faces stay.`);
  }
  const people: Person[] = [];
  for (const id of ids) people.push(await getPerson(db, id));
  return people;
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
