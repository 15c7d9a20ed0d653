import { sql, type Transaction } from 'kysely';
import { type MadeThumbnails, THUMBNAIL_VERSION } from '../media.ts';
import { colorBitsOf } from '../query/colors.ts';
import type { Tables } from '../store/tables.ts';
import { keepHashes } from './near-duplicates.ts';

/** Keeps what was made of photos together with their small pictures, and which photos look the same. */
export async function keepThumbnails(
  trx: Transaction<Tables>,
  photos: readonly { readonly id: number; readonly made: Omit<MadeThumbnails, 'grid'> }[],
): Promise<void> {
  if (photos.length === 0) return;
  const rows = photos.map(({ id, made }) => ({
    id,
    width: made.width,
    height: made.height,
    hash: made.hash,
    placeholder: Buffer.from(made.placeholder).toString('base64'),
    palette: made.palette.map(({ rgb, share }) => ({ rgb, share: Math.round(share * 1000) / 1000 })),
    colors: colorBitsOf(made.palette),
  }));
  await sql`update assets set width = made.width, height = made.height, hash = made.hash, placeholder = made.placeholder,
      palette = made.palette, colors = made.colors, thumbnail_version = ${THUMBNAIL_VERSION}
    from json_populate_recordset(null::assets, ${JSON.stringify(rows)}::json) made
    where assets.id = made.id`.execute(trx);
  await keepHashes(
    trx,
    photos.map(({ id, made: { hash } }) => ({ id, hash })),
  );
}
