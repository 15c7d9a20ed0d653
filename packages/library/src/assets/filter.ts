import { FocalError, type Rgb } from '@focal/core';
import { type RawBuilder, sql } from 'kysely';
import {
  type Bounds,
  byCamera,
  hasText,
  isInAlbums,
  isKind,
  isNearColor,
  liesWithin,
  SMILING,
  seesThing,
  showsPeople,
  takenWithin,
  toSql,
} from '../query/conditions.ts';
import type { Resolved } from '../query/resolve.ts';
import { isSeenNow, type Unlocked } from './sight.ts';

/** Which assets are meant. An asset has to satisfy all members that are there. */
export interface AssetFilter {
  /** What a search asks for; see `library.understand`. */
  readonly where?: Resolved;
  readonly kind?: 'photo' | 'video';
  readonly isFavourite?: boolean;
  /** At least so many stars. */
  readonly rating?: number;
  /** Labels of things that are all seen. */
  readonly things?: readonly string[];
  /** Words that are all in file names or the caption, as parts of words. */
  readonly words?: readonly string[];
  /** By the clock of the place, milliseconds as if UTC; `to` is not part of it. */
  readonly from?: number;
  readonly to?: number;
  /** Part of the camera's maker or model. */
  readonly camera?: string;
  readonly albumId?: number;
  readonly folderId?: number;
  /** Somebody smiles. */
  readonly isSmiling?: boolean;
  /** So many faces at least and at most. */
  readonly faces?: { readonly least?: number; readonly most?: number };
  /** Degrees; `west` may be greater than `east` across the date line. */
  readonly bounds?: Bounds;
  /** A colour that much of the photo has about. */
  readonly color?: Rgb;
  /** Ids of people who are all seen. */
  readonly people?: readonly number[];
  /** Ids of people of whom one at least is seen. */
  readonly anyPeople?: readonly number[];
  readonly ids?: readonly number[];
  /** What was thrown away, in place of what is shown. */
  readonly isTrashed?: boolean;
  /** Private albums whose photos are meant, too. */
  readonly unlocked?: Unlocked;
}

/** The filter as a condition on `assets`. Throws `invalid-argument` for what no asset could satisfy by mistake. */
export function toCondition(filter: AssetFilter): RawBuilder<boolean> {
  const parts: RawBuilder<unknown>[] = [
    filter.isTrashed === true ? sql`assets.is_trashed` : isSeenNow(filter.unlocked ?? []),
  ];
  const { kind, isFavourite, rating, from, to, camera, albumId, folderId, isSmiling, faces, bounds, color, ids } =
    filter;
  if (filter.where !== undefined) parts.push(toSql(filter.where));
  if (kind !== undefined) parts.push(isKind(kind));
  if (isFavourite !== undefined) parts.push(isFavourite ? sql`assets.is_favourite` : sql`not assets.is_favourite`);
  if (rating !== undefined) parts.push(sql`assets.rating >= ${rating}`);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new FocalError('invalid-argument', 'Expected a time that begins before it ends.');
  }
  if (from !== undefined || to !== undefined) parts.push(takenWithin(from, to));
  for (const thing of filter.things ?? []) parts.push(seesThing(thing));
  for (const word of filter.words ?? []) parts.push(hasText(word));
  if (camera !== undefined) parts.push(byCamera(camera));
  if (albumId !== undefined) parts.push(isInAlbums([albumId]));
  if (folderId !== undefined) {
    parts.push(sql`exists (select from places where places.asset_id = assets.id and folder_id = ${folderId})`);
  }
  if (isSmiling !== undefined) {
    parts.push(isSmiling ? sql`assets.smile >= ${SMILING}` : sql`assets.faces > 0 and assets.smile < ${SMILING}`);
  }
  if (faces?.least !== undefined) parts.push(sql`assets.faces >= ${faces.least}`);
  if (faces?.most !== undefined) parts.push(sql`assets.faces <= ${faces.most}`);
  if (bounds !== undefined) parts.push(liesWithin(bounds));
  if (color !== undefined) parts.push(isNearColor(color));
  for (const person of filter.people ?? []) parts.push(showsPeople([person]));
  if (filter.anyPeople !== undefined) parts.push(showsPeople(filter.anyPeople));
  if (ids !== undefined) parts.push(sql`assets.id = any(${[...ids]}::integer[])`);
  return sql<boolean>`(${sql.join(parts, sql` and `)})`;
}
