import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { FocalError, throwIfAborted } from '@focal/core';
import { toDiskError } from '../files/disk-error.ts';
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupEnd,
  type BackupHeader,
  type BackupInfo,
  brokenBackup,
  endSchema,
  headerSchema,
  rowSchema,
  tableSchema,
  toInfo,
} from './format.ts';

/** What the lines of a backup say, in their order. */
export interface BackupReader {
  onHeader(header: BackupHeader): Promise<void> | void;
  onTable(table: string, columns: readonly string[]): Promise<void> | void;
  onRow(row: readonly (string | null)[]): Promise<void> | void;
}

/** A line longer than this is none of ours: a row with a vector has some thousand characters. */
const LONGEST_LINE = 64 * 2 ** 20;

/**
 * Reads a backup to its end, and checks that it is whole. Throws `not-found`, `unsupported-format` for another kind of
 * file and for a backup of a newer Focal, `corrupt-input`.
 */
export async function readBackup(
  path: string,
  reader: Partial<BackupReader>,
  signal?: AbortSignal,
): Promise<BackupInfo> {
  let bytes: number;
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new FocalError('invalid-argument', `Expected a backup, got the folder ${path}.`);
    bytes = facts.size;
  } catch (error) {
    throw toDiskError(error, path);
  }
  const hash = createHash('sha256');
  const counts: Record<string, number> = {};
  let header: BackupHeader | undefined;
  let end: BackupEnd | undefined;
  let table: { readonly name: string; readonly columns: number } | undefined;
  for await (const line of linesOf(path)) {
    throwIfAborted(signal);
    if (header === undefined) {
      header = parseHeader(line);
      await reader.onHeader?.(header);
    } else if (end !== undefined) throw brokenBackup('something follows its end');
    else if (line.startsWith('[')) {
      const row = rowSchema.safeParse(parse(line));
      if (!row.success || row.data.length !== table?.columns) throw brokenBackup('a row is not as its table says');
      counts[table.name] = (counts[table.name] ?? 0) + 1;
      await reader.onRow?.(row.data);
    } else {
      const json = parse(line);
      const asTable = tableSchema.safeParse(json);
      if (asTable.success) {
        const { table: name, columns } = asTable.data;
        table = { name, columns: columns.length };
        counts[name] = 0;
        await reader.onTable?.(name, columns);
      } else {
        const asEnd = endSchema.safeParse(json);
        if (!asEnd.success) throw brokenBackup('it has a line that says nothing');
        end = asEnd.data;
        if (end.sha256 !== hash.digest('hex')) throw brokenBackup('its checksum differs');
      }
    }
    if (end === undefined) hash.update(`${line}\n`);
  }
  if (header === undefined) throw notABackup();
  if (end === undefined) throw brokenBackup('its end is missing');
  for (const [name, count] of Object.entries(counts)) {
    if (end.rows[name] !== count) throw brokenBackup(`rows of ${name} are missing`);
  }
  return toInfo(header, end, bytes);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let isFirst = true;
  try {
    for await (const chunk of file.pipe(gunzip)) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      isFirst = false;
      if (rest.length > LONGEST_LINE) throw brokenBackup('a line is too long');
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } catch (error) {
    if (error instanceof FocalError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'Z_DATA_ERROR' && isFirst) throw notABackup(error);
    if (code === 'Z_BUF_ERROR') throw brokenBackup('it ends too early', error);
    if (code.startsWith('Z_') || code.startsWith('ERR_ENCODING'))
      throw brokenBackup('a part of it is not readable', error);
    throw toDiskError(error, path);
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw brokenBackup('a line is no JSON', error);
  }
}

function parseHeader(line: string): BackupHeader {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw notABackup(error);
  }
  if ((json as { format?: unknown } | null)?.format !== BACKUP_FORMAT) throw notABackup();
  const version = (json as { version?: unknown }).version;
  if (typeof version === 'number' && version > BACKUP_VERSION) {
    throw new FocalError('unsupported-format', `The backup was made by a newer Focal (format ${version}).`, {
      hint: 'Restore it with that version of Focal.',
    });
  }
  const { success, data } = headerSchema.safeParse(json);
  if (!success) throw brokenBackup('its first line is not as expected');
  return data;
}

function notABackup(cause?: unknown): FocalError {
  return new FocalError('unsupported-format', 'Expected a backup of a library, got another kind of file.', {
    hint: 'Backups are made by focal library backup.',
    ...(cause !== undefined && { cause }),
  });
}
