import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { FocalError, parseRecipe } from '@focal/core';
import { type AssetDetails, type AssetVersion, type DeletedVersion, placeFile } from '@focal/library';
import type { ExitCode } from './exit-codes.ts';
import { findPhoto } from './find-photo.ts';
import type { LibraryClient } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { runLibraryTask, type TaskOutput } from './library-task.ts';
import { toTableLines } from './models-command.ts';
import { toReadError } from './read-error.ts';
import type { VersionsTask } from './versions-program.ts';

/** What tells also with `--quiet`. */
const READS: ReadonlySet<VersionsTask['do']> = new Set(['list', 'recipe']);

/** `focal library versions`. */
export async function runVersions(request: LibraryRequest & { readonly task: VersionsTask }): Promise<ExitCode> {
  return runLibraryTask(request, READS, perform);
}

async function perform(client: LibraryClient, task: VersionsTask): Promise<TaskOutput> {
  const photo = await findPhoto(client, task.photo);
  const root = `/v1/library/assets/${photo.id}/versions`;
  switch (task.do) {
    case 'list':
      return { lines: toTable(photo), values: [...photo.versions, ...photo.deletedVersions] };
    case 'add': {
      const { name, isCurrent } = task;
      const recipe = await readRecipe(task.recipe);
      const body = { recipe, isCurrent, ...(name !== undefined && { name }) };
      const made = await client.ask<AssetVersion>('POST', root, body);
      return said(made, `Kept as ${made.name} beside the original${isCurrent ? ', and shown in its place' : ''}.`);
    }
    case 'use': {
      const version = task.version === undefined ? null : findVersion(photo.versions, task.version);
      const { versions } = await client.ask<{ versions: readonly AssetVersion[] }>('PUT', `${root}/current`, {
        version: version?.id ?? null,
      });
      return { lines: [`${version?.name ?? 'The original'} is shown now.`], values: versions };
    }
    case 'restore': {
      const { id } = findVersion(photo.deletedVersions, task.version, 'deleted version');
      const version = await client.ask<AssetVersion>('POST', `${root}/${id}/restore`);
      return said(version, `${version.name} is back.`);
    }
    case 'replace': {
      const { id } = findVersion(photo.versions, task.version);
      const version = await client.ask<AssetVersion>('PATCH', `${root}/${id}`, {
        recipe: await readRecipe(task.recipe),
      });
      return said(version, `${version.name} has the new recipe.`);
    }
    case 'rename': {
      const { id } = findVersion(photo.versions, task.version);
      const version = await client.ask<AssetVersion>('PATCH', `${root}/${id}`, { name: task.name });
      return said(version, `It is called ${version.name} now.`);
    }
    case 'recipe': {
      const { id } = findVersion(photo.versions, task.version);
      const recipe = await client.ask<object>('GET', `${root}/${id}/recipe`);
      return { lines: JSON.stringify(recipe, null, 2).split('\n'), values: [recipe] };
    }
    case 'save': {
      const version = findVersion(photo.versions, task.version);
      await save(client, `${root}/${version.id}`, task);
      return said({ ...version, file: resolve(task.file) }, `Saved ${task.file}.`);
    }
    case 'remove': {
      const version = findVersion(photo.versions, task.version);
      await client.ask('DELETE', `${root}/${version.id}`);
      return said(
        { removed: version.id },
        `${version.name} is deleted. To bring it back: focal library versions restore ${photo.id} ${version.id}`,
      );
    }
  }
}

/** Formats by the names' ends. */
const FORMATS: Readonly<Record<string, string>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};

async function save(
  client: LibraryClient,
  root: string,
  { file, quality, metadata, force }: Extract<VersionsTask, { do: 'save' }>,
): Promise<void> {
  const format = FORMATS[extname(file).toLowerCase()];
  if (format === undefined) {
    throw new FocalError('invalid-argument', `Expected a file that ends in ${Object.keys(FORMATS).join(', ')}.`, {
      hint: `Such as ${basename(file, extname(file))}.jpg.`,
    });
  }
  const query = new URLSearchParams({ format, metadata, ...(quality !== undefined && { quality: String(quality) }) });
  await placeFile(resolve(file), { overwrite: force }, async (temporary) => {
    const body = await client.read(`${root}/picture?${query.toString()}`);
    await writeFile(temporary, Buffer.from(await new Response(body).arrayBuffer()));
  });
}

function said(value: object, sentence: string): TaskOutput {
  return { lines: [sentence], values: [value] };
}

function toTable({ versions, deletedVersions }: AssetDetails): readonly string[] {
  if (versions.length + deletedVersions.length === 0) return ['It has no versions: only the original.'];
  const rows = [...versions, ...deletedVersions].map((version: AssetVersion & Partial<DeletedVersion>) => [
    String(version.id),
    version.name,
    new Date(version.deletedAt ?? version.changedAt).toISOString().slice(0, 16).replace('T', ' '),
    version.deletedAt === undefined ? (version.isCurrent ? 'shown' : '') : 'deleted',
    version.problem ?? version.warnings.join(' '),
  ]);
  return toTableLines([['id', 'name', 'changed', '', ''], ...rows]);
}

async function readRecipe(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw toReadError(error, 'recipe', path);
  });
  return parseRecipe(text);
}

/** By its id, or by its name in any case. */
function findVersion(versions: readonly AssetVersion[], wanted: string, what = 'version'): AssetVersion {
  const byId = versions.find(({ id }) => String(id) === wanted);
  const named = versions.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const [version, ...more] = byId === undefined ? named : [byId];
  if (version !== undefined && more.length === 0) return version;
  if (version !== undefined) {
    throw new FocalError('invalid-argument', `Several ${what}s are called ${wanted}.`, {
      hint: `Name one by its id: ${named.map(({ id }) => id).join(', ')}.`,
    });
  }
  throw new FocalError('not-found', `The photo has no ${what} ${wanted}.`, {
    hint:
      versions.length === 0
        ? 'It has none.'
        : `It has ${versions.map(({ id, name }) => `${name} (${id})`).join(', ')}.`,
  });
}
