import { type Kysely, sql } from 'kysely';
import { type AssetFilter, toCondition } from '../assets/filter.ts';
import { type Bounds, liesWithin } from '../query/conditions.ts';
import type { Tables } from '../store/tables.ts';

export interface MapOptions {
  readonly filter?: AssetFilter;
  /** What the map shows; all of the earth by default. */
  readonly bounds?: Bounds;
  /** Degrees of longitude that a cell is wide; on a map after Mercator cells are squares. */
  readonly cellDeg: number;
  /** Default 2000. */
  readonly most?: number;
}

/** Photos and videos that were taken close to each other. */
export interface MapCell {
  readonly count: number;
  /** The middle of where they were taken. */
  readonly latitude: number;
  readonly longitude: number;
  readonly bounds: Bounds;
  /** One of them. */
  readonly coverId: number;
}

/** Farther north and south a map after Mercator shows nothing. */
const MOST_LATITUDE = 85;

/** What was taken where, in cells, the fullest first. */
export async function listCells(db: Kysely<Tables>, options: MapOptions): Promise<readonly MapCell[]> {
  const { filter = {}, bounds, cellDeg, most = 2000 } = options;
  const clipped = sql`greatest(-${sql.lit(MOST_LATITUDE)}, least(${sql.lit(MOST_LATITUDE)}, assets.latitude))`;
  const { rows } = await sql<{
    count: number;
    latitude: number;
    longitude: number;
    south: number;
    west: number;
    north: number;
    east: number;
    cover: number;
  }>`select count(*)::integer as count, avg(latitude) as latitude, avg(longitude) as longitude,
      min(latitude) as south, min(longitude) as west, max(latitude) as north, max(longitude) as east,
      max(assets.id) as cover
    from assets where ${toCondition(filter)} and assets.latitude is not null and assets.longitude is not null
      ${bounds === undefined ? sql`` : sql`and ${liesWithin(bounds)}`}
    group by floor(assets.longitude / ${cellDeg}::double precision),
      floor(degrees(ln(tan(pi() / 4 + radians(${clipped}) / 2))) / ${cellDeg}::double precision)
    order by count desc, cover desc limit ${most}`.execute(db);
  return rows.map(({ count, latitude, longitude, south, west, north, east, cover }) => ({
    count,
    latitude,
    longitude,
    bounds: { south, west, north, east },
    coverId: cover,
  }));
}
