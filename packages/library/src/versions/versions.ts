import { createHash } from 'node:crypto';
import { FocalError, parseRecipe } from '@focal/core';
import type { Kysely, Transaction } from 'kysely';
import { noSuchAsset } from '../assets/get-asset.ts';
import type { PictureKind } from '../files/picture-files.ts';
import { type MediaReader, type MediaSource, RENDER_VERSION, type RenderedFile, type RenderOptions } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import type { RenderedVersions, VersionToRender } from './rendered-versions.ts';
import { type AssetVersion, readVersions, showVersion } from './version.ts';

export interface NewVersion {
  /** JSON as data or text, checked down to each parameter. */
  readonly recipe: unknown;
  /** Default: `Version 2`, by how many there were. */
  readonly name?: string;
  /** Whether it is shown in place of the original from now on. Default true. */
  readonly isCurrent?: boolean;
}

export interface VersionChange {
  readonly name?: string;
  readonly recipe?: unknown;
}

/**
 * What was made of photos, as recipes beside the originals, which are only read. Corrections by hand are bound to the
 * content of the file that they were made for. All throw `not-found` for assets and versions that are not there, and
 * `invalid-argument` for what is no recipe of this photo.
 */
export interface Versions {
  /** The oldest first. */
  list(assetId: number): Promise<readonly AssetVersion[]>;
  get(assetId: number, id: number): Promise<AssetVersion>;
  /** Its recipe's JSON. */
  recipe(assetId: number, id: number): Promise<string>;
  create(assetId: number, version: NewVersion): Promise<AssetVersion>;
  /** What is not named stays. */
  change(assetId: number, id: number, change: VersionChange): Promise<AssetVersion>;
  /** It can be brought back for 30 days; where it was shown, the original is. */
  remove(assetId: number, id: number): Promise<void>;
  /** A deleted one, shown again where it was and nothing else is by now. */
  restore(assetId: number, id: number): Promise<AssetVersion>;
  /** Shows it in place of the original; with null, the original again. */
  show(assetId: number, id: number | null): Promise<readonly AssetVersion[]>;
  /** Path of a small picture of it, rendered where it is missing. Throws what is wrong with the photo, too. */
  picture(assetId: number, id: number, kind: PictureKind): Promise<{ readonly path: string; readonly tag: string }>;
  /** Rendered in full. */
  render(assetId: number, id: number, options?: RenderOptions): Promise<RenderedFile>;
}

const LONGEST_NAME = 200;
const MOST_VERSIONS = 200;
/** For so long a deleted one can be brought back. */
const KEPT_MS = 30 * 24 * 3600_000;

export interface VersionsOptions {
  readonly db: Kysely<Tables>;
  readonly media: MediaReader;
  readonly rendered: RenderedVersions;
  /** The original. Throws `not-found`. */
  readonly sourceOf: (assetId: number) => Promise<MediaSource>;
  readonly now: () => number;
  readonly onChange: () => void;
}

export function createVersions(options: VersionsOptions): Versions {
  const { db, media, rendered, sourceOf, now, onChange } = options;

  async function find(from: Kysely<Tables>, assetId: number, id: number, isDeleted = false) {
    const row = await from
      .selectFrom('versions')
      .innerJoin('assets', 'assets.id', 'versions.asset_id')
      .select([
        'versions.id',
        'versions.asset_id',
        'versions.recipe',
        'versions.tag',
        'versions.width',
        'versions.was_current',
        'assets.sha256',
        'assets.version_id',
      ])
      .where('versions.id', '=', id)
      .where('versions.asset_id', '=', assetId)
      .where('versions.deleted_at', isDeleted ? 'is not' : 'is', null)
      .executeTakeFirst();
    if (row === undefined) throw await noSuchVersion(from, assetId, id);
    return row;
  }

  async function get(assetId: number, id: number): Promise<AssetVersion> {
    const version = (await readVersions(db, assetId)).find((each) => each.id === id);
    if (version === undefined) throw await noSuchVersion(db, assetId, id);
    return version;
  }

  /** After a change: it is rendered, so that it is there when it is looked at. */
  async function told(assetId: number, id: number): Promise<AssetVersion> {
    rendered.prepare(await find(db, assetId, id));
    onChange();
    return get(assetId, id);
  }

  async function removeUnused(removed: readonly Pick<VersionToRender, 'sha256' | 'tag'>[]): Promise<void> {
    for (const { sha256, tag } of removed) {
      const other = await db
        .selectFrom('versions')
        .innerJoin('assets', 'assets.id', 'versions.asset_id')
        .select('versions.id')
        .where('versions.tag', '=', tag)
        .where('assets.sha256', '=', sha256)
        .executeTakeFirst();
      if (other === undefined) await rendered.remove(sha256, tag);
    }
  }

  /** Those that were deleted long ago. */
  async function forgetOld(): Promise<void> {
    const gone = await transact(db, async (trx) => {
      const old = await trx
        .selectFrom('versions')
        .innerJoin('assets', 'assets.id', 'versions.asset_id')
        .select(['versions.id', 'versions.tag', 'assets.sha256'])
        .where('versions.deleted_at', '<', now() - KEPT_MS)
        .execute();
      if (old.length === 0) return [];
      const ids = old.map(({ id }) => id);
      await trx.deleteFrom('versions').where('id', 'in', ids).execute();
      return old;
    });
    await removeUnused(gone);
  }

  return {
    async list(assetId) {
      await findPhoto(db, assetId);
      return readVersions(db, assetId);
    },
    get,
    async recipe(assetId, id) {
      return (await find(db, assetId, id)).recipe;
    },
    async create(assetId, { recipe, name, isCurrent = true }) {
      const given = name === undefined ? undefined : checkName(name);
      const id = await transact(db, async (trx) => {
        const { sha256 } = await findPhoto(trx, assetId);
        const text = bind(recipe, sha256);
        const { total } = await trx
          .selectFrom('versions')
          .select(({ fn }) => fn.countAll<number>().as('total'))
          .where('asset_id', '=', assetId)
          .executeTakeFirstOrThrow();
        if (Number(total) >= MOST_VERSIONS) {
          throw new FocalError('too-large', `Expected at most ${MOST_VERSIONS} versions of a photo.`, {
            hint: 'Delete some that are not needed; deleted ones count for 30 days.',
          });
        }
        const made = await trx
          .insertInto('versions')
          .values({
            asset_id: assetId,
            name: given ?? `Version ${Number(total) + 1}`,
            recipe: text,
            tag: toTag(text),
            created_at: now(),
            changed_at: now(),
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        if (isCurrent) await showVersion(trx, assetId, made.id);
        return made.id;
      });
      return told(assetId, id);
    },
    async change(assetId, id, { name, recipe }) {
      if (name === undefined && recipe === undefined) {
        throw new FocalError('invalid-argument', 'Expected something to change, got nothing.');
      }
      const given = name === undefined ? {} : { name: checkName(name) };
      const before = await transact(db, async (trx) => {
        const old = await find(trx, assetId, id);
        const text = recipe === undefined ? undefined : bind(recipe, old.sha256);
        const made =
          text === undefined || text === old.recipe
            ? {}
            : {
                recipe: text,
                tag: toTag(text),
                changed_at: now(),
                width: null,
                height: null,
                warnings: [],
                problem: null,
              };
        await trx
          .updateTable('versions')
          .set({ ...given, ...made, asset_id: assetId })
          .where('id', '=', id)
          .execute();
        if (old.version_id === id) await showVersion(trx, assetId, id);
        return old;
      });
      await removeUnused([before]);
      return told(assetId, id);
    },
    async remove(assetId, id) {
      await transact(db, async (trx) => {
        const { version_id: shown } = await find(trx, assetId, id);
        await trx
          .updateTable('versions')
          .set({ deleted_at: now(), was_current: shown === id })
          .where('id', '=', id)
          .execute();
        if (shown === id) await showVersion(trx, assetId, null);
      });
      await forgetOld();
      onChange();
    },
    async restore(assetId, id) {
      await transact(db, async (trx) => {
        const { version_id: shown, was_current: wasCurrent } = await find(trx, assetId, id, true);
        await trx.updateTable('versions').set({ deleted_at: null, was_current: false }).where('id', '=', id).execute();
        if (wasCurrent && shown === null) await showVersion(trx, assetId, id);
      });
      return told(assetId, id);
    },
    async show(assetId, id) {
      await transact(db, async (trx) => {
        if (id === null) await findPhoto(trx, assetId);
        else await find(trx, assetId, id);
        await showVersion(trx, assetId, id);
      });
      if (id !== null) rendered.prepare(await find(db, assetId, id));
      onChange();
      return readVersions(db, assetId);
    },
    async picture(assetId, id, kind) {
      const version = await find(db, assetId, id);
      const { sha256, tag } = version;
      return { path: await rendered.picture(version, kind), tag: `${sha256.slice(0, 16)}-${kind}-${tag}` };
    },
    async render(assetId, id, renderOptions = {}) {
      const { recipe } = await find(db, assetId, id);
      return media.renderFile(await sourceOf(assetId), parseRecipe(recipe), renderOptions);
    },
  };
}

/** The recipe's text, its corrections bound to this content. */
function bind(given: unknown, sha256: string): string {
  const recipe = parseRecipe(given);
  const { edits } = recipe;
  if (edits === undefined) return JSON.stringify(recipe);
  if (edits.picture !== undefined && edits.picture !== sha256) {
    throw new FocalError('invalid-argument', 'The corrections in this recipe were made for another picture.', {
      hint: 'Take the photo that they were made for, or leave "edits" out of the recipe.',
    });
  }
  return JSON.stringify({ ...recipe, edits: { ...edits, picture: sha256 } });
}

function toTag(recipe: string): string {
  return createHash('sha256').update(`${RENDER_VERSION} ${recipe}`).digest('hex').slice(0, 16);
}

function checkName(name: string): string {
  const text = name.trim();
  if (text !== '' && text.length <= LONGEST_NAME && !text.includes('\0')) return text;
  throw new FocalError('invalid-argument', `Expected a name of 1 to ${LONGEST_NAME} characters.`);
}

async function findPhoto(db: Kysely<Tables> | Transaction<Tables>, assetId: number) {
  const asset = await db.selectFrom('assets').select(['kind', 'sha256']).where('id', '=', assetId).executeTakeFirst();
  if (asset === undefined) throw noSuchAsset(assetId);
  if (asset.kind === 'photo') return asset;
  throw new FocalError('invalid-argument', 'Expected a photo, got a video: versions are of photos.');
}

async function noSuchVersion(db: Kysely<Tables>, assetId: number, id: number): Promise<FocalError> {
  const asset = await db.selectFrom('assets').select('id').where('id', '=', assetId).executeTakeFirst();
  if (asset === undefined) return noSuchAsset(assetId);
  return new FocalError('not-found', `There is no version ${id} of photo ${assetId}.`);
}
