import { FocalError } from '@focal/core';
import { z } from 'zod';

/**
 * [Note: backups] A backup is text, gzipped: a line of JSON with what it is, then for each table a line with its name and
 * columns and a line for each row, then a line with the SHA-256 of all lines before. Values are what PostgreSQL writes
 * as text, so that any PostgreSQL reads them, whichever one wrote them. Small pictures and jobs are left out: they are
 * made again.
 */
export const BACKUP_FORMAT = 'focal-library-backup';
export const BACKUP_VERSION = 1;
/** Of the files. */
export const BACKUP_EXTENSION = '.focal-backup';

export const headerSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  version: z.int(),
  createdAt: z.number(),
  migrations: z.array(z.object({ number: z.int(), name: z.string(), sha256: z.string() })),
});
export const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()).min(1) });
export const rowSchema = z.array(z.string().nullable());
export const endSchema = z.object({ end: z.literal(true), rows: z.record(z.string(), z.int()), sha256: z.string() });

export type BackupHeader = z.infer<typeof headerSchema>;
export type BackupEnd = z.infer<typeof endSchema>;

/** What a backup holds. */
export interface BackupInfo {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Of the file. */
  readonly bytes: number;
  /** Photos and videos. */
  readonly assets: number;
  readonly albums: number;
  /** Of all lines before the last, in hex. */
  readonly sha256: string;
}

export function toInfo({ createdAt }: BackupHeader, { rows, sha256 }: BackupEnd, bytes: number): BackupInfo {
  return { createdAt, bytes, assets: rows.assets ?? 0, albums: rows.albums ?? 0, sha256 };
}

export function brokenBackup(why: string, cause?: unknown): FocalError {
  return new FocalError('corrupt-input', `The backup is broken or cut short: ${why}.`, {
    hint: 'Copy it again from where it was kept, or use an older one.',
    ...(cause !== undefined && { cause }),
  });
}
