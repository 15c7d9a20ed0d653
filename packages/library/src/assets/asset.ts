import { type CameraFacts, posterMs } from '@focal/core';
import type { Selectable } from 'kysely';
import type { AssetTable } from '../store/tables.ts';
import type { AssetVersion, DeletedVersion } from '../versions/version.ts';
import type { XmpRegion } from '../xmp/regions.ts';

/** A photo or video as grids show it. */
export interface AssetSummary {
  readonly id: number;
  readonly kind: 'photo' | 'video';
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly durationMs?: number;
  /** The clock of the place, with its offset where it is known. */
  readonly takenAt?: string;
  /** What views are sorted by, milliseconds of that clock as if UTC. */
  readonly sortTime: number;
  readonly isFavourite: boolean;
  readonly rating: number;
  /** WebP of a dozen pixels, in base64. */
  readonly placeholder?: string;
  /** Where the eye should rest, in fractions. */
  readonly focalPoint?: { readonly x: number; readonly y: number };
  /** Whether there is a thumbnail. */
  readonly isIndexed: boolean;
  /** Tells one content of thumbnail and preview from another, and one version: goes into their addresses. */
  readonly version: string;
  readonly trashedAt?: number;
  /** The version that is shown in place of the original. */
  readonly shown?: ShownVersion;
}

export interface ShownVersion {
  readonly versionId: number;
  /** Upright, in pixels; absent until it was rendered. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** All that is known of a photo or video. */
export interface AssetDetails extends AssetSummary {
  readonly sha256: string;
  readonly format: string;
  readonly bytes: number;
  readonly addedAt: number;
  /** What the date rests on. */
  readonly takenFrom?: 'exif' | 'sidecar' | 'name';
  readonly caption: string;
  /** What XMP says that it shows. */
  readonly keywords: readonly string[];
  /** Who and what XMP says is where. */
  readonly regions: readonly XmpRegion[];
  readonly location?: { readonly latitude: number; readonly longitude: number; readonly altitude?: number };
  /** That it was taken near. */
  readonly city?: {
    readonly id: number;
    readonly name: string;
    readonly country: string;
    readonly countryName: string;
  };
  readonly camera: CameraFacts;
  readonly palette: readonly { readonly rgb: readonly [number, number, number]; readonly share: number }[];
  /** Whether who and what is seen has been looked for. */
  readonly isAnalysed: boolean;
  /** Why its small pictures, or what is seen, could not be made; absent where nothing went wrong. */
  readonly problem?: string;
  readonly things: readonly FoundThing[];
  readonly faces: readonly FoundFace[];
  /** Whether one person may be seen twice in it: it was said to be a mirror or a collage. */
  readonly isDouble: boolean;
  /** Whether it is in a private album. */
  readonly isPrivate: boolean;
  readonly places: readonly AssetPlace[];
  readonly albums: readonly { readonly id: number; readonly name: string }[];
  /** What was made of it, the oldest first. */
  readonly versions: readonly AssetVersion[];
  /** Those that can be brought back, the last deleted first. */
  readonly deletedVersions: readonly DeletedVersion[];
}

export interface FoundThing {
  readonly label: string;
  readonly score: number;
  /** Of a video: in which frame, in milliseconds from its start. */
  readonly atMs?: number;
  /** Fractions of the upright photo, or frame. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface FoundFace extends Omit<FoundThing, 'label'> {
  readonly id: number;
  /** 0 useless to 1 as good as it gets. */
  readonly quality: number;
  readonly smile?: number;
  readonly expression?: string;
  /** Who it is; the name is empty where the user gave none. */
  readonly person?: { readonly id: number; readonly name: string };
  /** Whether the user said who it is. */
  readonly isConfirmed: boolean;
  readonly isDrawn: boolean;
  /** Tells one picture of the face from another. */
  readonly version: string;
}

/** In which frame something is seen; nothing of photos. */
export function toFrame(
  { kind, duration_ms }: { readonly kind: 'photo' | 'video'; readonly duration_ms: number | null },
  atMs: number | null,
): { readonly atMs?: number } {
  return kind === 'video' ? { atMs: atMs ?? posterMs(duration_ms ?? 0) } : {};
}

/** A file of an asset. */
export interface AssetPlace {
  readonly folderId: number;
  readonly path: string;
  /** Whether its folder was there when it was last looked for. */
  readonly isOnline: boolean;
  /** Whether the file itself is there now. */
  readonly isThere: boolean;
}

/** Columns of {@link AssetSummary}. */
export const SUMMARY_COLUMNS = [
  'assets.id',
  'assets.kind',
  'assets.width',
  'assets.height',
  'assets.duration_ms',
  'assets.taken_at',
  'assets.sort_time',
  'assets.is_favourite',
  'assets.rating',
  'assets.placeholder',
  'assets.focal_x',
  'assets.focal_y',
  'assets.thumbnail_version',
  'assets.sha256',
  'assets.trashed_at',
  'assets.version_id',
  'assets.version_tag',
  'assets.version_width',
  'assets.version_height',
] as const;

type SummaryRow = Pick<
  Selectable<AssetTable>,
  | 'id'
  | 'kind'
  | 'width'
  | 'height'
  | 'duration_ms'
  | 'taken_at'
  | 'sort_time'
  | 'is_favourite'
  | 'rating'
  | 'placeholder'
  | 'focal_x'
  | 'focal_y'
  | 'thumbnail_version'
  | 'sha256'
  | 'trashed_at'
  | 'version_id'
  | 'version_tag'
  | 'version_width'
  | 'version_height'
>;

export function toSummary(row: SummaryRow): AssetSummary {
  return {
    id: row.id,
    kind: row.kind,
    width: row.width,
    height: row.height,
    ...(row.duration_ms !== null && { durationMs: row.duration_ms }),
    ...(row.taken_at !== null && { takenAt: row.taken_at }),
    sortTime: row.sort_time,
    isFavourite: row.is_favourite,
    rating: row.rating,
    ...(row.placeholder !== null && { placeholder: row.placeholder }),
    ...(row.focal_x !== null && row.focal_y !== null && { focalPoint: { x: row.focal_x, y: row.focal_y } }),
    isIndexed: row.thumbnail_version > 0,
    version: `${row.sha256.slice(0, 12)}-${row.thumbnail_version}${row.version_tag === null ? '' : `-${row.version_tag}`}`,
    ...(row.trashed_at !== null && { trashedAt: row.trashed_at }),
    ...(row.version_id !== null && { shown: toShown(row.version_id, row.version_width, row.version_height) }),
  };
}

function toShown(versionId: number, width: number | null, height: number | null): ShownVersion {
  return { versionId, ...(width !== null && height !== null && { size: { width, height } }) };
}
