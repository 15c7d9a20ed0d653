import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { FocalError, toErrorData } from '@focal/core';
import {
  type AssetDetails,
  type AssetPage,
  type AssetVersion,
  type LibraryFolder,
  placeFile,
  type SidecarReport,
  toEditedName,
} from '@focal/library';
import type { ExitCode } from './exit-codes.ts';
import { Interruption } from './interruption.ts';
import { type LibraryClient, withLibrary } from './library-client.ts';
import type { ExportRequest } from './library-program.ts';
import { ProgressLine } from './progress-line.ts';
import { showText } from './show-text.ts';

const PAGE = 200;
const run = promisify(execFile);

interface Tally {
  written: number;
  unchanged: number;
  failed: number;
}

/** `focal library export`: copies with XMP beside or in them, edited photos, or XMP beside the originals. */
export async function runLibraryExport(request: ExportRequest): Promise<ExitCode> {
  const { json, quiet, folder, embed } = request;
  if (embed) await assertExiftool();
  const line = new ProgressLine(process.stderr, !quiet && !json);
  using interruption = new Interruption(() => line.clear());
  const tally: Tally = { written: 0, unchanged: 0, failed: 0 };
  const fail = (path: string, error: { readonly message: string; readonly code: string }): void => {
    tally.failed++;
    line.clear();
    if (json) process.stdout.write(`${JSON.stringify({ type: 'error', path, error })}\n`);
    else process.stderr.write(`${showText(path)}: ${showText(error.message)}\n`);
  };
  await withLibrary({ focal: request.focal, works: false }, async (client) => {
    const { folders } = await client.ask<{ folders: readonly LibraryFolder[] }>('GET', '/v1/library/folders');
    let done = 0;
    for await (const { ids, total } of pagesOf(client, request.query)) {
      if (folder === undefined) {
        const report = await client.ask<SidecarReport>('POST', '/v1/library/sidecars', { ids });
        tally.written += report.written;
        tally.unchanged += report.unchanged;
        for (const { path, error } of report.failed) fail(path, error);
        done += ids.length;
        line.draw(total === 0 ? 1 : done / total, `${done} of ${total}`);
      } else {
        for (const id of ids) {
          if (interruption.signal.aborted) return;
          const asset = await client.ask<AssetDetails>('GET', `/v1/library/assets/${id}`);
          try {
            const target = toTarget(resolve(folder), asset, folders);
            const version = request.edits === 'none' ? undefined : asset.versions.find(({ isCurrent }) => isCurrent);
            const copies = [
              ...(version === undefined || request.edits === 'beside'
                ? [() => copyOne(client, asset, target, request)]
                : []),
              ...(version === undefined ? [] : [() => saveEdited(client, version, target, request)]),
            ];
            for (const copy of copies) {
              if (await copy()) tally.written++;
              else tally.unchanged++;
            }
          } catch (error) {
            fail(asset.places[0]?.path ?? `asset ${id}`, toErrorData(error));
          }
          line.draw(total === 0 ? 1 : ++done / total, `${done} of ${total}`);
        }
      }
      if (interruption.signal.aborted) return;
    }
  });
  line.clear();
  if (json) process.stdout.write(`${JSON.stringify({ type: 'summary', ...tally })}\n`);
  else if (!quiet) {
    const parts = [`${tally.written} written`, `${tally.unchanged} as they were`];
    process.stdout.write(`${[...parts, ...(tally.failed > 0 ? [`${tally.failed} failed`] : [])].join(', ')}.\n`);
  }
  if (interruption.signal.aborted) return interruption.exitCode;
  return tally.failed > 0 ? 1 : 0;
}

async function* pagesOf(
  client: LibraryClient,
  query: string,
): AsyncGenerator<{ readonly ids: readonly number[]; readonly total: number }> {
  let cursor: string | undefined;
  let total = 0;
  do {
    const options = new URLSearchParams({ limit: String(PAGE), ...(query !== '' && { q: query }) });
    if (cursor !== undefined) options.set('cursor', cursor);
    const path = `/v1/library/${query === '' ? 'assets' : 'search'}?${options.toString()}`;
    const page = await client.ask<AssetPage & { readonly total?: { readonly count: number } }>('GET', path);
    total = page.total?.count ?? total;
    if (page.assets.length > 0) yield { ids: page.assets.map(({ id }) => id), total };
    cursor = page.next;
  } while (cursor !== undefined);
}

/** Copies lie as the originals do: by the name of their folder of the library, and by their way within it. */
function toTarget(target: string, { id, places }: AssetDetails, folders: readonly LibraryFolder[]): string {
  const place = places.find(({ isThere }) => isThere) ?? places[0];
  if (place === undefined) throw new FocalError('not-found', `Asset ${id} has no file.`);
  const folder = folders.find((each) => each.id === place.folderId);
  if (folder === undefined) return join(target, basename(place.path));
  // Two folders of one name are told apart by their numbers.
  const isTwice = folders.some((each) => each.id !== folder.id && basename(each.path) === basename(folder.path));
  const name = isTwice ? `${basename(folder.path)} ${folder.id}` : basename(folder.path);
  return join(target, name, relative(folder.path, place.path));
}

/** False where it was there already. */
async function copyOne(
  client: LibraryClient,
  asset: AssetDetails,
  path: string,
  { force, embed }: ExportRequest,
): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const facts = await stat(path).catch(() => undefined);
  // With metadata within it has another size.
  const isThere = facts !== undefined && !force && (facts.size === asset.bytes || embed);
  const xmp = await new Response(await client.read(`/v1/library/assets/${asset.id}/xmp`)).text();
  if (!isThere) {
    const body = await client.read(`/v1/library/assets/${asset.id}/original`);
    const source = await findOriginal(asset);
    await placeFile(path, { overwrite: force }, async (temporary) => {
      await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(temporary));
      if (embed) await embedXmp(temporary, xmp);
      if (source !== undefined) await utimes(temporary, source.atime, source.mtime);
    });
  }
  if (!embed) {
    await placeFile(`${path}.xmp`, { overwrite: true }, (temporary) => writeFile(temporary, xmp));
  }
  return !isThere;
}

/** By the answer's type. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/avif': '.avif',
  'image/tiff': '.tif',
};

/**
 * Under the original's name, with the version's behind it where the original lies beside. Its time is that of the last
 * change, which tells whether it is there already: then gives false.
 */
async function saveEdited(
  client: LibraryClient,
  version: AssetVersion,
  original: string,
  { edits, metadata, force }: ExportRequest,
): Promise<boolean> {
  const name = toEditedName(basename(original), version.name, edits);
  const changedAt = Math.floor(version.changedAt / 1000);
  const pathWith = (extension: string): string => join(dirname(original), `${name}${extension}`);
  for (const extension of force ? [] : Object.values(EXTENSIONS)) {
    const facts = await stat(pathWith(extension)).catch(() => undefined);
    if (facts !== undefined && Math.floor(facts.mtimeMs / 1000) === changedAt) return false;
  }
  const query = new URLSearchParams({ metadata });
  const root = `/v1/library/assets/${version.assetId}/versions/${version.id}`;
  const { bytes, type } = await client.load(`${root}/picture?${query.toString()}`);
  const path = pathWith(EXTENSIONS[type] ?? extname(original));
  await mkdir(dirname(path), { recursive: true });
  await placeFile(path, { overwrite: force }, async (temporary) => {
    await writeFile(temporary, bytes);
    await utimes(temporary, changedAt, changedAt);
  });
  return true;
}

async function findOriginal({ places }: AssetDetails) {
  for (const { path } of places) {
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined) return facts;
  }
  return undefined;
}

async function embedXmp(path: string, xmp: string): Promise<void> {
  const sidecar = `${path}.xmp`;
  await writeFile(sidecar, xmp);
  try {
    await run('exiftool', ['-overwrite_original', '-q', '-tagsfromfile', sidecar, '-xmp:all', '--', path]);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new FocalError('unsupported-format', `exiftool could not write into the copy: ${said}`, {
      hint: 'Leave --embed out: it is written beside the file then.',
      cause: error,
    });
  } finally {
    await rm(sidecar, { force: true });
  }
}

async function assertExiftool(): Promise<void> {
  try {
    await run('exiftool', ['-ver']);
  } catch (cause) {
    throw new FocalError('not-found', 'Expected exiftool for --embed, and it is not installed.', {
      hint: 'Install it (Debian: sudo apt install libimage-exiftool-perl; macOS: brew install exiftool), or leave --embed out.',
      cause,
    });
  }
}
