import { FocalError, parseRecipe } from '@focal/core';
import type { Kysely } from 'kysely';
import { createMadePictures, type PictureFiles, type PictureKind } from '../files/picture-files.ts';
import type { MediaReader, MediaSource } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';

/** A version and the photo that it is of. */
export interface VersionToRender {
  readonly id: number;
  readonly asset_id: number;
  readonly sha256: string;
  readonly recipe: string;
  readonly tag: string;
  readonly width: number | null;
}

/** The small pictures of versions, made in the background one after the other, and made again where they are missing. */
export interface RenderedVersions {
  /** Path of a small picture. Throws what rendering throws. */
  picture(version: VersionToRender, kind: PictureKind): Promise<string>;
  /** Begins to make them where they are missing. */
  prepare(version: VersionToRender): void;
  /** How many are being made or wait for it. */
  readonly waiting: number;
  /** Those of a result that no version has any more. */
  remove(sha256: string, tag: string): Promise<void>;
  /** Stops what is under way. Idempotent. */
  close(): Promise<void>;
}

export interface RenderedVersionsOptions {
  readonly db: Kysely<Tables>;
  readonly files: PictureFiles;
  readonly media: MediaReader;
  /** The original. Throws `not-found`. */
  readonly sourceOf: (assetId: number) => Promise<MediaSource>;
  readonly onChange: () => void;
}

export function createRenderedVersions(options: RenderedVersionsOptions): RenderedVersions {
  const { db, media, sourceOf, onChange } = options;
  const pictures = createMadePictures(options.files, 'version');
  const stop = new AbortController();
  const running = new Map<string, Promise<void>>();
  let last: Promise<unknown> = Promise.resolve();

  const isThere = async ({ sha256, tag, width }: VersionToRender): Promise<boolean> =>
    width !== null && (await pictures.has(sha256, tag));

  /** One at a time: each holds a whole photo, and uses all threads. One that fails holds up none. */
  function make(version: VersionToRender): Promise<void> {
    const key = `${version.id} ${version.sha256} ${version.tag}`;
    const begun = running.get(key);
    if (begun !== undefined) return begun;
    const made = last
      .then(() => render(version))
      .finally(() => {
        running.delete(key);
        onChange();
      });
    last = made.catch(() => undefined);
    running.set(key, made);
    onChange();
    return made;
  }

  async function render(version: VersionToRender): Promise<void> {
    const { sha256, tag, recipe } = version;
    stop.signal.throwIfAborted();
    try {
      const source = await sourceOf(version.asset_id);
      const made = await media.renderSmall(source, parseRecipe(recipe), { signal: stop.signal });
      await pictures.write(sha256, tag, made);
      await keep(version, { width: made.width, height: made.height, warnings: made.warnings, problem: null });
    } catch (error) {
      if (!stop.signal.aborted && isAboutVersion(error)) await keep(version, { problem: error.message });
      throw error;
    }
  }

  /** Unless it became another one meanwhile. */
  async function keep(
    { id, tag, asset_id: assetId }: VersionToRender,
    facts: {
      readonly width?: number;
      readonly height?: number;
      readonly warnings?: readonly string[];
      readonly problem: string | null;
    },
  ): Promise<void> {
    const { width, height } = facts;
    await transact(db, async (trx) => {
      await trx
        .updateTable('versions')
        .set(facts)
        .where('id', '=', id)
        .where('tag', '=', tag)
        .where('asset_id', '=', assetId)
        .execute();
      if (width === undefined || height === undefined) return;
      await trx
        .updateTable('assets')
        .set({ version_width: width, version_height: height })
        .where('id', '=', assetId)
        .where('version_id', '=', id)
        .where('version_tag', '=', tag)
        .execute();
    });
  }

  return {
    async picture(version, kind) {
      if (!(await isThere(version))) await make(version);
      return pictures.path(version.sha256, version.tag, kind);
    },
    prepare(version) {
      // What goes wrong is kept with the version, and told to who asks for its picture.
      void isThere(version)
        .then((there) => (there ? undefined : make(version)))
        .catch(() => undefined);
    },
    get waiting() {
      return running.size;
    },
    remove: (sha256, tag) => pictures.remove(sha256, tag),
    async close() {
      stop.abort(new FocalError('closed', 'The library has been closed.'));
      await last;
    },
  };
}

/** Other errors are of the library or its machine, or say that the photo is away. */
function isAboutVersion(error: unknown): error is FocalError {
  if (!(error instanceof FocalError)) return false;
  return ['invalid-argument', 'corrupt-input', 'unsupported-format', 'too-large', 'model-missing'].includes(error.code);
}
