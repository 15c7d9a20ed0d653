import type { Kysely } from 'kysely';
import { isSeen } from '../assets/sight.ts';
import type { PictureFiles } from '../files/picture-files.ts';
import type { MediaReader, MediaSource } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { noSuchFace } from './face-rows.ts';

/** A face at least so high in a preview is taken from there, which spares decoding the photo. */
const ENOUGH_PX = 110;
/** The longest side of a preview. */
const PREVIEW_SIDE = 1440;

export interface FaceFileParts {
  readonly db: Kysely<Tables>;
  readonly files: PictureFiles;
  readonly media: MediaReader;
  /** What is looked at of an asset: of a video, this frame. */
  readonly sourceOf: (id: number, atMs: number | null) => Promise<MediaSource>;
}

/** The square picture of a face, made where it is missing. */
export async function readFaceFile(
  { db, files, media, sourceOf }: FaceFileParts,
  id: number,
): Promise<{ readonly path: string; readonly tag: string }> {
  const row = await db
    .selectFrom('faces')
    .innerJoin('assets', 'assets.id', 'faces.asset_id')
    .select(['faces.x', 'faces.y', 'faces.width', 'faces.height', 'faces.at_ms', 'faces.revision'])
    .select(['assets.id as asset_id', 'assets.sha256'])
    .select(['assets.width as full_width', 'assets.height as full_height'])
    .where('faces.id', '=', id)
    .where('faces.is_face', '=', true)
    .where(isSeen())
    .executeTakeFirst();
  if (row === undefined) throw noSuchFace(id);
  const { sha256, x, y, width, height } = row;
  const name = `face-${id}-${row.revision}` as const;
  if (!(await files.has(sha256, name))) {
    const scale = Math.min(1, PREVIEW_SIDE / Math.max(row.full_width, row.full_height));
    const isEnough = Math.max(width * row.full_width, height * row.full_height) * scale >= ENOUGH_PX;
    const source: MediaSource =
      row.at_ms === null && (isEnough || scale === 1) && (await files.has(sha256, 'preview'))
        ? { path: files.path(sha256, 'preview'), kind: 'photo' }
        : await sourceOf(row.asset_id, row.at_ms);
    await files.write(sha256, name, await media.facePicture(source, { x, y, width, height }));
  }
  return { path: files.path(sha256, name), tag: `${sha256.slice(0, 16)}-${name}` };
}
