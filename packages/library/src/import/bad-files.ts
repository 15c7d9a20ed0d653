import { toErrorData } from '@focal/core';
import type { Kysely } from 'kysely';
import { isBadFileSeen } from '../assets/sight.ts';
import type { Tables } from '../store/tables.ts';
import { showPath } from './path-key.ts';

/** A file that could not be read, and why. */
export interface BadFile {
  readonly path: string;
  readonly folderId: number;
  /** Where it is in the library all the same. */
  readonly assetId?: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly failedAt: number;
  readonly tries: number;
}

export async function listBadFiles(
  db: Kysely<Tables>,
  offset: number,
  limit: number,
): Promise<{ readonly files: readonly BadFile[]; readonly total: number }> {
  const rows = await db
    .selectFrom('bad_files')
    .selectAll()
    .where(isBadFileSeen)
    .orderBy('path')
    .offset(offset)
    .limit(limit)
    .execute();
  const { total } = await db
    .selectFrom('bad_files')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where(isBadFileSeen)
    .executeTakeFirstOrThrow();
  return {
    total: Number(total),
    files: rows.map(({ path, folder_id, asset_id, code, message, hint, failed_at, tries }) => ({
      path: showPath(path),
      folderId: folder_id,
      ...(asset_id !== null && { assetId: asset_id }),
      code,
      message,
      ...(hint !== null && { hint }),
      failedAt: failed_at,
      tries,
    })),
  };
}

/** Writes down that a file could not be read. What is known of its asset stays. */
export async function noteBadFile(
  db: Kysely<Tables>,
  file: { readonly path: string; readonly folderId: number; readonly stamp: string; readonly assetId?: number },
  error: unknown,
  now: number,
): Promise<void> {
  const { code, message, hint } = toErrorData(error);
  await db
    .insertInto('bad_files')
    .values({
      path: file.path,
      folder_id: file.folderId,
      asset_id: file.assetId ?? null,
      stamp: file.stamp,
      code,
      // PostgreSQL keeps no zero characters in text.
      message: message.replaceAll('\0', ''),
      hint: hint ?? null,
      failed_at: now,
    })
    .onConflict((conflict) =>
      conflict.column('path').doUpdateSet((eb) => ({
        asset_id: eb.fn.coalesce('excluded.asset_id', 'bad_files.asset_id'),
        stamp: eb.ref('excluded.stamp'),
        code: eb.ref('excluded.code'),
        message: eb.ref('excluded.message'),
        hint: eb.ref('excluded.hint'),
        failed_at: eb.ref('excluded.failed_at'),
        tries: eb('bad_files.tries', '+', 1),
      })),
    )
    .execute();
}
