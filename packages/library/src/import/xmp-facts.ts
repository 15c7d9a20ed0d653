import { readFile } from 'node:fs/promises';
import type { InspectedFile } from '@focal/core';
import type { Transaction } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { readXmp, type XmpFacts } from '../xmp/read-xmp.ts';
import { isOrientation, toUpright } from '../xmp/regions.ts';
import type { FoundFile } from './walk.ts';

/** A sidecar that is larger is none. */
const MOST_BYTES = 16 * 2 ** 20;

/** What XMP beside a file tells, and where that says nothing, XMP within it. XMP that is broken counts as none. */
export async function readXmpOf(file: FoundFile, inspected: InspectedFile): Promise<XmpFacts | undefined> {
  const within = inspected.xmp === undefined ? undefined : parse(inspected.xmp);
  const bytes = file.xmp === undefined ? undefined : await readFile(file.xmp);
  const beside = bytes === undefined || bytes.length > MOST_BYTES ? undefined : parse(bytes.toString('utf8'));
  return within === undefined && beside === undefined ? undefined : { ...within, ...beside };
}

function parse(text: string): XmpFacts | undefined {
  try {
    return readXmp(text.replaceAll('\0', ''));
  } catch {
    return undefined;
  }
}

/** Regions over the upright photo, of one that has none yet. */
export async function insertRegions(
  trx: Transaction<Tables>,
  assetId: number,
  xmp: XmpFacts | undefined,
  orientation: number | undefined,
): Promise<void> {
  const regions = xmp?.regions ?? [];
  if (regions.length === 0) return;
  const turn = isOrientation(orientation) ? orientation : 1;
  await trx
    .insertInto('regions')
    .values(regions.map(({ name, type, box }) => ({ asset_id: assetId, name, type, ...toUpright(box, turn) })))
    .execute();
}

/** Brings an asset in line with what its XMP says other than before. */
export async function takeOver(
  trx: Transaction<Tables>,
  assetId: number,
  {
    before,
    now,
    orientation,
  }: { readonly before: XmpFacts; readonly now: XmpFacts; readonly orientation?: number | undefined },
): Promise<void> {
  const isOther = (name: keyof XmpFacts): boolean =>
    now[name] !== undefined && JSON.stringify(now[name]) !== JSON.stringify(before[name]);
  const change = {
    ...(isOther('rating') && { rating: now.rating as number }),
    ...(isOther('caption') && { caption: now.caption as string }),
    ...(isOther('isFavourite') && { is_favourite: now.isFavourite as boolean }),
    ...(isOther('keywords') && { keywords: [...(now.keywords as readonly string[])] }),
  };
  if (Object.keys(change).length > 0) {
    await trx.updateTable('assets').set(change).where('id', '=', assetId).execute();
  }
  if (!isOther('regions')) return;
  await trx.deleteFrom('regions').where('asset_id', '=', assetId).execute();
  await insertRegions(trx, assetId, now, orientation);
}
