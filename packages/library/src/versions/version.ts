import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Tables, VersionTable } from '../store/tables.ts';

/** What somebody made of a photo, kept beside the original as a recipe. */
export interface AssetVersion {
  readonly id: number;
  readonly assetId: number;
  readonly name: string;
  readonly createdAt: number;
  /** When its recipe was last replaced. */
  readonly changedAt: number;
  /** Whether it is shown in place of the original. */
  readonly isCurrent: boolean;
  /** Tells one result from another: goes into the addresses of its pictures. */
  readonly tag: string;
  /** Of the result in full, in pixels; absent until it was rendered. */
  readonly size?: { readonly width: number; readonly height: number };
  /** What of the recipe could not be done with the photo as it is now. */
  readonly warnings: readonly string[];
  /** Why it could not be rendered. */
  readonly problem?: string;
}

/** One that can still be brought back. */
export interface DeletedVersion extends AssetVersion {
  readonly deletedAt: number;
}

type Row = Omit<Selectable<VersionTable>, 'recipe' | 'was_current' | 'deleted_at'> & {
  readonly is_current: boolean | null;
};

/** The versions of an asset that are not deleted, the oldest first. */
export async function readVersions(db: Kysely<Tables>, assetId: number): Promise<readonly AssetVersion[]> {
  const rows = await selectVersions(db, assetId)
    .where('versions.deleted_at', 'is', null)
    .orderBy('versions.id')
    .execute();
  return rows.map(toVersion);
}

/** The last deleted first. */
export async function readDeletedVersions(db: Kysely<Tables>, assetId: number): Promise<readonly DeletedVersion[]> {
  const rows = await selectVersions(db, assetId)
    .select('versions.deleted_at')
    .where('versions.deleted_at', 'is not', null)
    .orderBy('versions.deleted_at', 'desc')
    .orderBy('versions.id', 'desc')
    .execute();
  return rows.map((row) => ({ ...toVersion(row), deletedAt: row.deleted_at ?? 0 }));
}

function selectVersions(db: Kysely<Tables>, assetId: number) {
  return db
    .selectFrom('versions')
    .innerJoin('assets', 'assets.id', 'versions.asset_id')
    .select([
      'versions.id',
      'versions.asset_id',
      'versions.name',
      'versions.tag',
      'versions.created_at',
      'versions.changed_at',
      'versions.width',
      'versions.height',
      'versions.warnings',
      'versions.problem',
      sql<boolean | null>`assets.version_id = versions.id`.as('is_current'),
    ])
    .where('versions.asset_id', '=', assetId);
}

function toVersion(row: Row): AssetVersion {
  return {
    id: row.id,
    assetId: row.asset_id,
    name: row.name,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    isCurrent: row.is_current === true,
    tag: row.tag,
    ...(row.width !== null && row.height !== null && { size: { width: row.width, height: row.height } }),
    warnings: row.warnings,
    ...(row.problem !== null && { problem: row.problem }),
  };
}

/** Shows a version in place of the original, or with null the original again. */
export async function showVersion(trx: Transaction<Tables>, assetId: number, versionId: number | null): Promise<void> {
  if (versionId === null) {
    await trx
      .updateTable('assets')
      .set({ version_id: null, version_tag: null, version_width: null, version_height: null })
      .where('id', '=', assetId)
      .execute();
    return;
  }
  await sql`update assets set version_id = versions.id, version_tag = versions.tag, version_width = versions.width,
      version_height = versions.height
    from versions where versions.id = ${versionId} and assets.id = ${assetId}`.execute(trx);
}

/**
 * Versions go over to the file that took the place of their photo. Their recipes stay as they are: what was corrected by
 * hand in the other file is left out, with a warning, when they are rendered.
 */
export async function handOverVersions(trx: Transaction<Tables>, oldId: number, newId: number): Promise<void> {
  const old = await trx.selectFrom('assets').select('version_id').where('id', '=', oldId).executeTakeFirst();
  await trx
    .updateTable('versions')
    .set({ asset_id: newId, width: null, height: null, warnings: [], problem: null })
    .where('asset_id', '=', oldId)
    .execute();
  const shown = old?.version_id ?? null;
  if (shown === null) return;
  await showVersion(trx, oldId, null);
  await showVersion(trx, newId, shown);
}
