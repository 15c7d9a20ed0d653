import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { FocalError, METADATA_CHOICES, type MetadataChoice } from '@focal/core';
import { EDITS_CHOICES, type EditsChoice, type Library } from '@focal/library';
import { makeZip } from 'client-zip';
import { Hono } from 'hono';
import { toChoice, toNumber, toSwitch } from '../option-values.ts';
import type { LibraryDoor } from './door.ts';
import { nameOf, nameOfEdited } from './file-names.ts';
import { readQuery } from './read-request.ts';
import { NEVER_KEPT, unlockedOf } from './unlocked.ts';

/** What is taken of each, and by whom it is asked for. */
interface ExportChoice {
  readonly edits: EditsChoice;
  /** Of edited photos; originals are copied as they are. */
  readonly metadata: MetadataChoice;
  readonly hasSidecars: boolean;
  readonly unlocked: readonly number[] | undefined;
  readonly signal: AbortSignal;
}

/** As many as fit into an address. */
const MOST_EXPORTED = 1000;
/** By the kind of file that was written. */

/** `/v1/library/export`: files as one ZIP, made while it is sent. */
export function exportRoutes(door: LibraryDoor): Hono {
  const app = new Hono();
  app.get('/v1/library/export', async (context) => {
    const query = readQuery(context, ['ids', 'edits', 'metadata', 'sidecars']);
    const ids = readIds(query.one('ids'));
    const library = await door.open();
    const choice: ExportChoice = {
      edits: toChoice('edits', EDITS_CHOICES, query.one('edits')) ?? 'none',
      metadata: toChoice('metadata', METADATA_CHOICES, query.one('metadata')) ?? 'none',
      hasSidecars: toSwitch('sidecars', query.one('sidecars')) ?? false,
      unlocked: unlockedOf(context, library),
      signal: context.req.raw.signal,
    };
    // Whoever asks is told of what is not there, while that can still be told.
    for (const id of ids) await library.look(id, choice.unlocked);
    const zip: unknown = makeZip(readFiles(library, ids, choice), { buffersAreUTF8: true });
    return new Response(zip as ConstructorParameters<typeof Response>[0], {
      headers: {
        'content-type': 'application/zip',
        'content-disposition': 'attachment; filename="focal-photos.zip"',
        'cache-control': NEVER_KEPT,
      },
    });
  });
  return app;
}

function readIds(text: string | undefined): readonly number[] {
  const ids = (text ?? '').split(',').map((each) => toNumber('ids', each, { min: 1, max: 2 ** 31 - 1, isWhole: true }));
  if (ids.length <= MOST_EXPORTED) return [...new Set(ids as readonly number[])];
  throw new FocalError('too-large', `Expected at most ${MOST_EXPORTED} items at a time, got ${ids.length}.`, {
    hint: 'Take fewer, or use the command: focal library export FOLDER',
  });
}

type Zipped = { readonly name: string; readonly lastModified?: Date } & (
  | { readonly input: ReadableStream<Uint8Array>; readonly size: number }
  | { readonly input: Uint8Array<ArrayBuffer> | string }
);

/** One after the other. What cannot be had is told in a file of its own at the end. */
async function* readFiles(
  library: Library,
  ids: readonly number[],
  choice: ExportChoice,
): AsyncGenerator<Zipped, void, undefined> {
  const toFree = createNames();
  const missing: string[] = [];
  for (const id of ids) {
    for (const read of await plan(library, id, choice)) {
      choice.signal.throwIfAborted();
      try {
        const file = await read.get();
        yield { ...file, name: toFree(file.name) };
      } catch (error) {
        if (choice.signal.aborted || !(error instanceof FocalError)) throw error;
        missing.push(`${read.what}: ${error.message}`);
      }
    }
  }
  if (missing.length > 0) yield { name: toFree('Not saved.txt'), input: `${missing.join('\n')}\n` };
}

interface ToRead {
  readonly what: string;
  readonly get: () => Promise<Zipped>;
}

async function plan(library: Library, id: number, choice: ExportChoice): Promise<readonly ToRead[]> {
  const { edits, unlocked, hasSidecars } = choice;
  const asset = await library.get(id, unlocked);
  const version = edits === 'none' ? undefined : asset.versions.find(({ isCurrent }) => isCurrent);
  const name = nameOf(asset);
  const original = { what: name, get: () => readOriginal(library, id, choice) };
  const sidecar = {
    what: `${name}.xmp`,
    get: async () => ({ name: `${name}.xmp`, input: await library.sidecars.text(id, unlocked) }),
  };
  const originals = [original, ...(hasSidecars ? [sidecar] : [])];
  if (version === undefined) return originals;
  const edited = {
    what: `${name} (${version.name})`,
    get: async () => {
      const { metadata, signal } = choice;
      const made = await library.versionsFor(unlocked ?? []).render(id, version.id, { metadata, signal });
      return {
        name: nameOfEdited(name, version.name, edits, made.format),
        input: Uint8Array.from(made.bytes),
        lastModified: new Date(version.changedAt),
      };
    },
  };
  return edits === 'beside' ? [...originals, edited] : [edited];
}

async function readOriginal(library: Library, id: number, { unlocked }: ExportChoice): Promise<Zipped> {
  const { path, name } = await library.original(id, unlocked);
  const systemPath = typeof path === 'string' ? path : Buffer.from(path);
  const { mtime, size } = await stat(systemPath);
  const input = Readable.toWeb(createReadStream(systemPath, { highWaterMark: 256 * 1024 }));
  return { name, input: input as ReadableStream<Uint8Array>, size, lastModified: mtime };
}

/** Gives names that no file before had, whatever the system makes of upper and lower case. */
function createNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const dot = name.lastIndexOf('.');
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${stem} (${number})${extension}`;
    taken.add(free.toLowerCase());
    return free;
  };
}
