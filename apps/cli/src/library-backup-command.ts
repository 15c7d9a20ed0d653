import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FocalError } from '@focal/core';
import {
  BACKUP_EXTENSION,
  type BackupInfo,
  type KeptBackup,
  placeFile,
  readBackup,
  restoreLibrary,
} from '@focal/library';
import { createFocal } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { Interruption } from './interruption.ts';
import { withLibrary } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { ProgressLine } from './progress-line.ts';
import { showText } from './show-text.ts';

/** `focal library backup`: a file with all that cannot be made again, checked before it gets its name. */
export async function runLibraryBackup(
  request: LibraryRequest & { readonly target: string; readonly force: boolean },
): Promise<ExitCode> {
  const { json, quiet, force } = request;
  const path = await toTarget(request.target);
  if (!force && (await isThere(path))) throw alreadyThere(path);
  const made = await withLibrary({ focal: request.focal, works: false }, async (client) => {
    const { name } = await client.ask<KeptBackup>('POST', '/v1/library/backups');
    try {
      const body = await client.read(`/v1/library/backups/${name}`);
      return await placeFile(path, { overwrite: force }, async (temporary) => {
        const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
        await pipeline(source, createWriteStream(temporary, { flags: 'wx', mode: 0o600 }));
        return readBackup(temporary, {});
      });
    } finally {
      await client.ask('DELETE', `/v1/library/backups/${name}`);
    }
  });
  if (json) process.stdout.write(`${JSON.stringify({ path, ...made })}\n`);
  else if (!quiet) process.stdout.write(`${showText(path)}\n${describe(made)}\n`);
  return 0;
}

/** `focal library restore`: into the library that nobody has open. */
export async function runLibraryRestore(
  request: LibraryRequest & { readonly file: string; readonly force: boolean },
): Promise<ExitCode> {
  const { json, quiet, force } = request;
  await using focal = await createFocal(request.focal);
  const { dataFolder } = await focal.about();
  const databaseUrl = process.env.DATABASE_URL || undefined;
  const line = new ProgressLine(process.stderr, !quiet && !json);
  using interruption = new Interruption(() => undefined);
  try {
    const restored = await restoreLibrary({
      folder: join(dataFolder, 'library'),
      backup: resolve(request.file),
      overwrite: force,
      signal: interruption.signal,
      onProgress: (rows) => line.draw(0, `${rows} rows`),
      ...(databaseUrl !== undefined && { databaseUrl }),
    });
    line.clear();
    if (json) process.stdout.write(`${JSON.stringify(restored)}\n`);
    else if (!quiet) {
      process.stdout.write(`${describe(restored)}\n`);
      if (restored.before !== undefined)
        process.stdout.write(`The library that was there is kept: ${restored.before}\n`);
    }
    return 0;
  } catch (error) {
    line.clear();
    if (interruption.signal.aborted) return interruption.exitCode;
    throw error;
  }
}

function describe({ assets, albums, createdAt }: BackupInfo): string {
  const items = assets === 1 ? '1 photo or video' : `${assets} photos and videos`;
  const lists = albums === 1 ? '1 album' : `${albums} albums`;
  return `${items}, with those in the trash or gone, and ${lists}, as of ${new Date(createdAt).toLocaleString()}.`;
}

async function toTarget(target: string): Promise<string> {
  const path = resolve(target);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() !== true) return path;
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return join(path, `focal-library-${stamp}${BACKUP_EXTENSION}`);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function alreadyThere(path: string): FocalError {
  return new FocalError('exists', `There is a file ${path} already.`, { hint: 'Choose another name, or use --force.' });
}
