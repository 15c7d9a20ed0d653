import { FocalError } from '@focal/core';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type AssetFilter, toCondition } from '../assets/filter.ts';
import { countAssets } from '../assets/list-assets.ts';
import { type AssetSort, toOrder } from '../assets/orders.ts';
import { isMemberSeenNow, isSeen, isSeenNow, type Unlocked } from '../assets/sight.ts';
import { lockedError } from '../private/locked.ts';
import type { Searches } from '../query/searches.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';

export interface Album {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** The cover that was chosen, else the newest photo; absent of an empty album. */
  readonly coverId?: number;
  /** What a smart album searches for. */
  readonly query?: string;
  /** Photos and videos; of a smart album counted up to 10,000. */
  readonly count: number;
  /** False where there are more than were counted. */
  readonly isExact: boolean;
  /** Why nothing is found by a smart album, such as one that searches in itself. */
  readonly problem?: string;
  /** Whether it has a password. What is in it is then told only to who has unlocked it. */
  readonly isPrivate: boolean;
  /** Whether it is private, and whoever asks has not unlocked it. */
  readonly isLocked: boolean;
  readonly createdAt: number;
}

/** A photo, or the frame that stands for a video, as somebody else is shown it. */
export interface AlbumPhoto {
  readonly id: number;
  readonly kind: 'photo' | 'video';
  readonly width: number;
  readonly height: number;
}

export interface NewAlbum {
  readonly name: string;
  readonly description?: string;
  /** Makes it a smart album: what the search finds, at any time. */
  readonly query?: string;
}

export interface AlbumChange {
  readonly name?: string;
  readonly description?: string;
  /** Of a smart album. */
  readonly query?: string;
  /** One of its photos; null takes the newest again. */
  readonly coverId?: number | null;
}

/**
 * Albums: filled by hand in an order of their own, or by a search. `unlocked`: private albums that whoever asks has the
 * password of; all but their names is refused for others, by a `NotAllowedError`.
 */
export interface Albums {
  /** In their order. Of private ones that are locked the name is told, nothing else. */
  list(unlocked?: Unlocked): Promise<readonly Album[]>;
  get(id: number, unlocked?: Unlocked): Promise<Album>;
  create(album: NewAlbum): Promise<Album>;
  change(id: number, change: AlbumChange, unlocked?: Unlocked): Promise<Album>;
  /** The album only: its photos stay in the library. */
  remove(id: number, unlocked?: Unlocked): Promise<void>;
  /** Puts albums in this order; those that are not named come after. */
  arrange(ids: readonly number[]): Promise<void>;
  /** At the end, in this order; those that are in it already stay where they are. Gives how many came in. */
  addAssets(id: number, assetIds: readonly number[], unlocked?: Unlocked): Promise<number>;
  removeAssets(id: number, assetIds: readonly number[], unlocked?: Unlocked): Promise<number>;
  /** Puts these first, in this order. */
  arrangeAssets(id: number, assetIds: readonly number[], unlocked?: Unlocked): Promise<void>;
  /** Ids in the album's order; of a smart album, in that of its search. */
  listAssets(id: number, offset: number, limit: number, unlocked?: Unlocked): Promise<readonly number[]>;
  /** Photos, or photos and videos, that everybody may see, in the same order; nothing of a private album. */
  listShown(id: number, part: AlbumPart): Promise<readonly AlbumPhoto[]>;
  countShown(id: number, options: Pick<AlbumPart, 'hasVideos'>): Promise<number>;
}

export interface AlbumPart {
  readonly offset: number;
  readonly limit: number;
  /** Videos, too. */
  readonly hasVideos: boolean;
  /** This one alone. */
  readonly only?: number;
}

const LONGEST_NAME = 200;

const MOST_COUNTED = 10_000;

/**
 * @param searches what smart albums search for
 * @param onSight told when photos of a private album come into sight or go out of it
 */
export function createAlbums(db: Kysely<Tables>, now: () => number, searches: Searches, onSight: () => void): Albums {
  async function find(id: number, unlocked: Unlocked = []): Promise<PlainAlbum> {
    const [album] = await readAlbums(db, unlocked, id);
    if (album === undefined) throw noSuchAlbum(id);
    return album;
  }
  /** Throws where it is private and locked. */
  async function findOpen(id: number, unlocked: Unlocked = []): Promise<PlainAlbum> {
    const album = await find(id, unlocked);
    if (album.isPrivate && !unlocked.includes(id)) throw lockedError();
    return album;
  }
  const get = async (id: number, unlocked?: Unlocked): Promise<Album> => fill(await find(id, unlocked));
  async function searchFor(album: { readonly name: string; readonly query: string }): Promise<{
    readonly filter: AssetFilter;
    readonly sort: AssetSort;
  }> {
    const { query, where } = await searches.understandAlbum(album);
    return { filter: where === undefined ? {} : { where }, sort: query.sort ?? 'newest' };
  }
  async function listFound(album: { readonly name: string; readonly query: string }, offset: number, limit: number) {
    const { filter, sort } = await searchFor(album);
    const rows = await db
      .selectFrom('assets')
      .select('assets.id')
      .where(toCondition(filter))
      .orderBy(toOrder(sort))
      .offset(offset)
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }
  /** With what a smart album finds now. */
  async function fill(album: PlainAlbum): Promise<Album> {
    const { name, query, coverId, chosenCoverId } = album;
    const { chosenCoverId: _, ...rest } = album;
    if (query === undefined) return { ...rest, isExact: true };
    try {
      const { filter } = await searchFor({ name, query });
      const [newest] = chosenCoverId === undefined ? await listFound({ name, query }, 0, 1) : [coverId];
      return {
        ...rest,
        ...(newest !== undefined && { coverId: newest }),
        ...(await countAssets(db, filter, MOST_COUNTED)),
      };
    } catch (error) {
      if (!(error instanceof FocalError)) throw error;
      return { ...rest, count: 0, isExact: true, problem: error.message };
    }
  }
  async function shownOf(
    id: number,
    hasVideos: boolean,
  ): Promise<{ readonly from: RawBuilder<unknown>; readonly order: RawBuilder<unknown> }> {
    const { name, query } = await find(id);
    const kinds: AssetFilter = hasVideos ? {} : { kind: 'photo' };
    if (query === undefined) {
      return {
        from: sql`from album_assets join assets on assets.id = album_assets.asset_id
          where album_assets.album_id = ${id} and ${toCondition(kinds)}`,
        order: sql`album_assets.position, assets.id`,
      };
    }
    const { filter, sort } = await searchFor({ name, query });
    return { from: sql`from assets where ${toCondition(filter)} and ${toCondition(kinds)}`, order: toOrder(sort) };
  }
  async function getPlain(id: number, unlocked: Unlocked | undefined): Promise<PlainAlbum> {
    const album = await findOpen(id, unlocked);
    if (album.query === undefined) return album;
    throw new FocalError('invalid-argument', 'A smart album holds what its search finds.', {
      hint: 'Change its search, or make an album of its own.',
    });
  }
  return {
    async list(unlocked = []) {
      const albums: Album[] = [];
      for (const album of await readAlbums(db, unlocked)) albums.push(await fill(album));
      return albums;
    },
    get,
    async create({ name, description = '', query }) {
      const checked = checkName(name);
      if (query !== undefined) await searches.check(query, checked);
      const { id } = await db
        .insertInto('albums')
        .values({
          name: checked,
          description: checkText('description', description),
          query: query ?? null,
          created_at: now(),
          position: sql<number>`(select coalesce(max(position), 0) + 1 from albums)`,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return get(id);
    },
    async change(id, { name, description, query, coverId }, unlocked) {
      const before = await findOpen(id, unlocked);
      if (query !== undefined) {
        if (before.query === undefined) {
          throw new FocalError('invalid-argument', 'An album that is filled by hand has no search.');
        }
        await searches.check(query, name ?? before.name);
      } else if (name !== undefined && before.query !== undefined) {
        await searches.understandAlbum({ name, query: before.query });
      }
      if (coverId !== undefined && coverId !== null) {
        await (before.query === undefined ? assertIn(db, id, coverId) : assertAssets(db, [coverId], unlocked));
      }
      const set = {
        ...(name !== undefined && { name: checkName(name) }),
        ...(description !== undefined && { description: checkText('description', description) }),
        ...(query !== undefined && { query }),
        ...(coverId !== undefined && { cover_id: coverId }),
      };
      if (Object.keys(set).length === 0)
        throw new FocalError('invalid-argument', 'Expected something to change, got nothing.');
      await db.updateTable('albums').set(set).where('id', '=', id).execute();
      return get(id, unlocked);
    },
    async remove(id, unlocked) {
      // Without it its photos would be seen again.
      const { isPrivate } = await findOpen(id, unlocked);
      const { numDeletedRows } = await db.deleteFrom('albums').where('id', '=', id).executeTakeFirst();
      if (numDeletedRows === 0n) throw noSuchAlbum(id);
      if (isPrivate) onSight();
    },
    async arrange(ids) {
      await transact(db, async (trx) => {
        await sql`update albums set position = coalesce(array_position(${[...ids]}::integer[], id), position + ${ids.length})`.execute(
          trx,
        );
      });
    },
    async addAssets(id, assetIds, unlocked) {
      const { isPrivate } = await getPlain(id, unlocked);
      const count = await transact(db, async (trx) => {
        await assertAssets(trx, assetIds, unlocked);
        const { numAffectedRows = 0n } = await sql`insert into album_assets (album_id, asset_id, position)
          select ${id}, given.id, given.place + (select coalesce(max(position), 0) from album_assets where album_id = ${id})
          from unnest(${[...assetIds]}::integer[]) with ordinality as given(id, place)
          on conflict do nothing`.execute(trx);
        return Number(numAffectedRows);
      });
      if (isPrivate) onSight();
      return count;
    },
    async removeAssets(id, assetIds, unlocked) {
      const { isPrivate } = await getPlain(id, unlocked);
      const count = await transact(db, async (trx) => {
        const { numAffectedRows = 0n } =
          await sql`delete from album_assets where album_id = ${id} and asset_id = any(${[...assetIds]}::integer[])`.execute(
            trx,
          );
        await sql`update albums set cover_id = null where id = ${id} and cover_id = any(${[...assetIds]}::integer[])`.execute(
          trx,
        );
        return Number(numAffectedRows);
      });
      if (isPrivate) onSight();
      return count;
    },
    async arrangeAssets(id, assetIds, unlocked) {
      await getPlain(id, unlocked);
      await sql`update album_assets set position = arranged.place from (
          select asset_id, row_number() over (
            order by array_position(${[...assetIds]}::integer[], asset_id) nulls last, position, asset_id) as place
          from album_assets where album_id = ${id}
        ) arranged where album_assets.album_id = ${id} and album_assets.asset_id = arranged.asset_id`.execute(db);
    },
    async listAssets(id, offset, limit, unlocked = []) {
      const { name, query } = await findOpen(id, unlocked);
      if (query !== undefined) return listFound({ name, query }, offset, limit);
      const rows = await db
        .selectFrom('album_assets')
        .select('asset_id')
        .where('album_id', '=', id)
        .where(isMemberSeenNow(unlocked))
        .orderBy('position')
        .orderBy('asset_id')
        .offset(offset)
        .limit(limit)
        .execute();
      return rows.map(({ asset_id }) => asset_id);
    },
    async listShown(id, { offset, limit, only, hasVideos }) {
      const { from, order } = await shownOf(id, hasVideos);
      const { rows } =
        await sql<AlbumPhoto>`select assets.id, assets.kind, coalesce(version_width, assets.width) as width,
          coalesce(version_height, assets.height) as height ${from}
        ${only === undefined ? sql`` : sql`and assets.id = ${only}`}
        order by ${order} offset ${offset} limit ${limit}`.execute(db);
      return rows;
    },
    async countShown(id, { hasVideos }) {
      const { from } = await shownOf(id, hasVideos);
      const { rows } = await sql<{ count: number }>`select count(*)::integer as count ${from}`.execute(db);
      return rows[0]?.count ?? 0;
    },
  };
}

/** What the database tells of an album, without what a search finds. */
interface PlainAlbum extends Omit<Album, 'isExact' | 'problem'> {
  readonly chosenCoverId?: number;
}

async function readAlbums(db: Kysely<Tables>, unlocked: Unlocked, id?: number): Promise<readonly PlainAlbum[]> {
  const isSeenHere = isSeenNow(unlocked);
  const { rows } = await sql<{
    id: number;
    name: string;
    description: string;
    query: string | null;
    created_at: number;
    cover: number | null;
    cover_id: number | null;
    count: number;
    is_private: boolean;
  }>`select albums.id, name, description, query, created_at, cover_id, password is not null as is_private,
      coalesce(
        (select assets.id from assets where assets.id = cover_id and ${isSeen(unlocked)}),
        (select assets.id from album_assets member join assets on assets.id = member.asset_id
          where member.album_id = albums.id and ${isSeenHere} order by sort_time desc, assets.id desc limit 1)
      ) as cover,
      (select count(*)::integer from album_assets member join assets on assets.id = member.asset_id
        where member.album_id = albums.id and ${isSeenHere}) as count
    from albums ${id === undefined ? sql`` : sql`where albums.id = ${id}`} order by position, albums.id`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.is_private && !unlocked.includes(row.id) ? '' : row.description,
    ...(row.cover !== null && { coverId: row.cover }),
    ...(row.cover_id !== null && { chosenCoverId: row.cover_id }),
    ...(row.query !== null && { query: row.query }),
    count: row.count,
    isPrivate: row.is_private,
    isLocked: row.is_private && !unlocked.includes(row.id),
    createdAt: row.created_at,
  }));
}

async function assertIn(db: Kysely<Tables>, albumId: number, assetId: number): Promise<void> {
  const row = await db
    .selectFrom('album_assets')
    .select('asset_id')
    .where('album_id', '=', albumId)
    .where('asset_id', '=', assetId)
    .executeTakeFirst();
  if (row === undefined) throw new FocalError('invalid-argument', 'Expected a photo of the album as its cover.');
}

async function assertAssets(
  trx: Kysely<Tables>,
  ids: readonly number[],
  unlocked: Unlocked | undefined,
): Promise<void> {
  const { rows } = await sql<{ id: number }>`select given.id from unnest(${[...ids]}::integer[]) as given(id)
    where not exists (select from assets where assets.id = given.id and ${isSeen(unlocked)}) limit 1`.execute(trx);
  const [missing] = rows;
  if (missing !== undefined) {
    throw new FocalError('not-found', `There is no photo or video ${missing.id} in the library.`);
  }
}

export function noSuchAlbum(id: number): FocalError {
  return new FocalError('not-found', `There is no album ${id}.`);
}

function checkName(name: string): string {
  const text = checkText('name', name).trim();
  if (text !== '' && text.length <= LONGEST_NAME) return text;
  throw new FocalError('invalid-argument', `Expected a name of 1 to ${LONGEST_NAME} characters.`);
}

function checkText(what: string, text: string): string {
  if (text.length <= 5000 && !text.includes('\0')) return text;
  throw new FocalError('invalid-argument', `Expected a ${what} of at most 5000 characters of text.`);
}
