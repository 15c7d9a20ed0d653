import { parseColor, type Rgb } from '@focal/core';
import { type RawBuilder, sql } from 'kysely';
import { COLOR_SHARE, colorBit } from './colors.ts';
import type { Resolved, ResolvedChip } from './resolve.ts';

type Part = RawBuilder<unknown>;

/** From so much on a face counts as smiling. */
export const SMILING = 0.6;
/** Parts of a colour may be so far apart. */
const COLOR_STEPS = 48;
const DAY_MS = 86_400_000;

/** A search as a condition on `assets`; what is not known of a photo does not fit, and so fits “not”. */
export function toSql(condition: Resolved): Part {
  switch (condition.kind) {
    case 'and':
      return condition.parts.length === 0 ? sql`true` : sql`(${sql.join(condition.parts.map(toSql), sql` and `)})`;
    case 'or':
      return condition.parts.length === 0 ? sql`false` : sql`(${sql.join(condition.parts.map(toSql), sql` or `)})`;
    case 'not':
      return sql`(${toSql(condition.part)}) is not true`;
    default:
      return ofChip(condition);
  }
}

function ofChip(chip: ResolvedChip): Part {
  switch (chip.kind) {
    case 'thing':
      return seesThing(chip.label);
    case 'people':
      return showsPeople(chip.ids);
    case 'cities':
      return sql`assets.city_id = any(${[...chip.ids]}::integer[])`;
    case 'albums':
      return isInAlbums(chip.ids, chip.isLarge);
    case 'text':
      return hasText(chip.text);
    case 'date':
      return takenWithin(
        chip.from === undefined ? undefined : Date.parse(chip.from),
        chip.to === undefined ? undefined : Date.parse(chip.to) + DAY_MS,
      );
    case 'box':
      return liesWithin(chip);
    case 'cameras':
      return sql`assets.camera = any(${[...chip.names]}::text[])`;
    case 'color':
      return hasColor(chip.color);
    case 'is':
      return IS[chip.what];
    case 'type':
      return isKind(chip.type);
    case 'orientation':
      return ORIENTATIONS[chip.orientation];
    case 'rating':
      return hasCount(sql`assets.rating`, chip);
    case 'faces':
      return hasCount(sql`assets.faces`, chip);
    case 'size':
      return hasSize(chip);
  }
}

const IS: Readonly<Record<Extract<ResolvedChip, { kind: 'is' }>['what'], Part>> = {
  favourite: sql`assets.is_favourite`,
  smiling: sql`assets.smile >= ${sql.lit(SMILING)}`,
  screenshot: sql`assets.is_screenshot`,
  edited: sql`assets.is_edited`,
  duplicate: sql`(assets.places > 1 or assets.id in (
    select asset_id from near_duplicates join assets other on other.id = other_id where other.is_shown
    union all select other_id from near_duplicates join assets one on one.id = asset_id where one.is_shown))`,
};

const ORIENTATIONS: Readonly<Record<Extract<ResolvedChip, { kind: 'orientation' }>['orientation'], Part>> = {
  landscape: sql`assets.width > assets.height`,
  portrait: sql`assets.width < assets.height`,
  square: sql`assets.width = assets.height`,
};

interface Range {
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

function between(value: Part, { least, most }: Range): Part {
  if (least !== undefined && most !== undefined) {
    return sql`${value} between ${least}::double precision and ${most}::double precision`;
  }
  return least !== undefined ? sql`${value} >= ${least}::double precision` : sql`${value} <= ${most}::double precision`;
}

const MOST_COUNT = 2 ** 31 - 1;

/** Of whole numbers: as such the database knows how rare they are. */
function hasCount(count: Part, { least, most }: Range): Part {
  const toWhole = (value: number): number => Math.max(-1, Math.min(value, MOST_COUNT));
  const parts = [
    ...(least === undefined ? [] : [sql`${count} >= ${toWhole(Math.ceil(least))}::integer`]),
    ...(most === undefined ? [] : [sql`${count} <= ${toWhole(Math.floor(most))}::integer`]),
  ];
  return least !== undefined && least === most && Number.isInteger(least)
    ? sql`${count} = ${toWhole(least)}::integer`
    : sql`(${sql.join(parts, sql` and `)})`;
}

/** A single number means about that many: files of “12 megapixels” hardly ever have just so many. */
function hasSize({ unit, least, most }: Range & { readonly unit: 'mp' | 'mb' }): Part {
  const value = unit === 'mb' ? sql`assets.bytes / 1e6` : sql`assets.width::double precision * assets.height / 1e6`;
  return least !== undefined && least === most
    ? between(value, { least: Math.max(0, least - ABOUT), most: most + ABOUT })
    : between(value, { least, most });
}

/** Megapixels or megabytes. */
const ABOUT = 0.5;

export function seesThing(label: string): Part {
  return sql`exists (select from things where things.asset_id = assets.id and things.label = ${label.toLowerCase()})`;
}

/** Any of these. */
export function showsPeople(ids: readonly number[]): Part {
  return sql`exists (select from faces where faces.asset_id = assets.id and faces.person_id = any(${[...ids]}::integer[]))`;
}

/** From so many photos on, looking through all photos in their order is sooner done than looking each up. */
const LARGE_ALBUM = 1000;

/** Whether the album of that id holds so many that {@link isInAlbums} should know. */
export function isLargeAlbum(id: Part): RawBuilder<boolean> {
  return sql<boolean>`exists (select from album_assets where album_id = ${id} offset ${sql.lit(LARGE_ALBUM)})`;
}

/**
 * @param areLarge reads what is in them once into a table of hashes: `is true` keeps the planner from turning it into a
 * join, for which it would look up each photo of the library or sort all that are found
 */
export function isInAlbums(ids: readonly number[], areLarge = false): Part {
  const albums = sql`album_assets.album_id = any(${[...ids]}::integer[])`;
  return areLarge
    ? sql`(assets.id in (select album_assets.asset_id from album_assets where ${albums})) is true`
    : sql`exists (select from album_assets where album_assets.asset_id = assets.id and ${albums})`;
}

export function hasText(text: string): Part {
  return sql`assets.search_text like ${toPattern(text)}`;
}

/** Milliseconds of the clock of the place as if UTC; `to` is not part of it. */
export function takenWithin(from: number | undefined, to: number | undefined): Part {
  const parts = [
    ...(from === undefined ? [] : [sql`assets.sort_time >= ${from}`]),
    ...(to === undefined ? [] : [sql`assets.sort_time < ${to}`]),
  ];
  return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`;
}

export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** Degrees; `west` may be greater than `east` across the date line. */
export function liesWithin({ south, west, north, east }: Bounds): Part {
  const between = sql`assets.latitude between ${south}::double precision and ${north}::double precision`;
  return west <= east
    ? sql`(${between} and assets.longitude between ${west}::double precision and ${east}::double precision)`
    : sql`(${between} and (assets.longitude >= ${west}::double precision or assets.longitude <= ${east}::double precision))`;
}

export function byCamera(text: string): Part {
  return sql`lower(assets.camera) like ${toPattern(text)}`;
}

export function isKind(kind: 'photo' | 'video'): Part {
  return sql`assets.kind = ${kind}`;
}

/** By its name as people use it, or near the colour that it stands for. */
function hasColor(color: string): Part {
  const bit = colorBit(color);
  return bit === undefined ? isNearColor(parseColor(color)) : sql`(assets.colors & ${sql.lit(bit)}) <> 0`;
}

export function isNearColor(color: Rgb): Part {
  const near = (channel: 0 | 1 | 2): Part =>
    sql`abs((part->'rgb'->>${sql.lit(channel)})::integer - ${color[channel]}::integer) <= ${sql.lit(COLOR_STEPS)}`;
  return sql`assets.palette is not null and exists (select from jsonb_array_elements(assets.palette) part
    where (part->>'share')::float >= ${sql.lit(COLOR_SHARE)} and ${near(0)} and ${near(1)} and ${near(2)})`;
}

/** Any text with this in it. */
function toPattern(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, (each) => `\\${each}`)}%`;
}
