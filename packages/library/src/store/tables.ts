import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { XmpFacts } from '../xmp/read-xmp.ts';

/** What holds JSON: written as text, read as data. */
type Json<T> = ColumnType<T, string, string>;
/** Milliseconds since 1970, as a number: `bigint` is read so on both kinds of database. */
type Milliseconds = number;

export interface FolderTable {
  id: GeneratedAlways<number>;
  path: string;
  added_at: Milliseconds;
  scanned_at: Milliseconds | null;
  /** Whether it was there when it was last looked for. */
  is_online: Generated<boolean>;
}

export interface AssetTable {
  id: GeneratedAlways<number>;
  sha256: string;
  kind: 'photo' | 'video';
  format: string;
  bytes: number;
  width: number;
  height: number;
  duration_ms: number | null;
  added_at: Milliseconds;
  /** The clock of the place as ISO text, with its offset where it is known; null where nothing tells when. */
  taken_at: string | null;
  taken_source: 'exif' | 'sidecar' | 'name' | null;
  /** What views are sorted by: the clock of the place, counted as if it were UTC; of files without a date their own. */
  sort_time: Milliseconds;
  /** Of `sort_time`: 202307. */
  month: number;
  latitude: number | null;
  longitude: number | null;
  altitude: number | null;
  camera_make: string | null;
  camera_model: string | null;
  lens: string | null;
  exposure_seconds: number | null;
  aperture: number | null;
  iso: number | null;
  focal_length_mm: number | null;
  caption: Generated<string>;
  rating: Generated<number>;
  is_favourite: Generated<boolean>;
  trashed_at: Milliseconds | null;
  /** Kept by triggers: files that are there, whether it shows in views, and names and caption in lower case. */
  places: GeneratedAlways<number>;
  /** EXIF orientation, 1..8; null of what was imported before this was kept. */
  orientation: number | null;
  keywords: Generated<readonly string[]>;
  is_shown: GeneratedAlways<boolean>;
  /** Thrown away, and not in a private album. */
  is_trashed: GeneratedAlways<boolean>;
  /** Kept by triggers: whether it is in a private album. */
  is_private: GeneratedAlways<boolean>;
  search_text: Generated<string>;
  /** 64 bits of the perceptual hash. */
  hash: string | null;
  placeholder: string | null;
  palette: Json<readonly { rgb: readonly [number, number, number]; share: number }[]> | null;
  /** Which version of the thumbnails and of the scene there is; 0 none. */
  thumbnail_version: Generated<number>;
  scene_version: Generated<number>;
  focal_x: number | null;
  focal_y: number | null;
  faces: number | null;
  /** Of the face that smiles most, 0..1. */
  smile: number | null;
  /** The city it was taken near, and with which version of the list it was looked up; 0 not yet. */
  city_id: number | null;
  city_version: Generated<number>;
  /** Bits of the colours that it has much of. */
  colors: number | null;
  /** Maker and model. */
  camera: GeneratedAlways<string | null>;
  /** By its name. */
  is_screenshot: GeneratedAlways<boolean>;
  is_edited: GeneratedAlways<boolean>;
  /** The version that is shown in place of the original, and what grids need of it; its size once it was rendered. */
  version_id: number | null;
  version_tag: string | null;
  version_width: number | null;
  version_height: number | null;
}

/** What somebody made of a photo: a recipe beside the original. */
export interface VersionTable {
  id: GeneratedAlways<number>;
  asset_id: number;
  name: string;
  /** JSON as it is written. */
  recipe: string;
  /** Tells one result from another. */
  tag: string;
  created_at: Milliseconds;
  changed_at: Milliseconds;
  /** Deleted ones stay for a while, so that they can be brought back. */
  deleted_at: Milliseconds | null;
  /** Whether it was the one that is shown when it was deleted. */
  was_current: Generated<boolean>;
  /** Of the result in full; null until it was rendered. */
  width: number | null;
  height: number | null;
  warnings: Generated<readonly string[]>;
  /** Why it could not be rendered. */
  problem: string | null;
}

export interface CityTable {
  /** Of GeoNames. */
  id: number;
  name: string;
  /** ISO 3166-1, two letters. */
  country: string;
  latitude: number;
  longitude: number;
  /** Names by which it is found, in small letters without accents. */
  keys: string[];
}

export interface PlaceTable {
  id: GeneratedAlways<number>;
  folder_id: number;
  asset_id: number;
  path: string;
  name: string;
  /** Tells whether the file changed: size, time of change, inode, and those of its sidecar. */
  stamp: string;
  /** What XMP told when the file was last read. */
  xmp: Json<XmpFacts> | null;
}

export interface BadFileTable {
  path: string;
  folder_id: number;
  /** Where the file is in the library, and only what is in it could not be made out. */
  asset_id: number | null;
  stamp: string;
  code: string;
  message: string;
  hint: string | null;
  failed_at: Milliseconds;
  tries: Generated<number>;
}

export interface ThingTable {
  asset_id: number;
  /** Of a video: in which frame, from the start; null the one that stands for it. */
  at_ms: number | null;
  label: string;
  score: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface FaceTable {
  id: GeneratedAlways<number>;
  asset_id: number;
  /** As that of things. */
  at_ms: number | null;
  x: number;
  y: number;
  width: number;
  height: number;
  score: number;
  roll_degrees: number;
  quality: number;
  smile: number | null;
  expression: string | null;
  vector: number[] | null;
  person_id: number | null;
  /** What the clustering remembers of it: see `KnownFace` in core. */
  look: Generated<number>;
  is_pinned: Generated<boolean>;
  not_people: Generated<number[]>;
  /** Whether a user said who it is. */
  is_confirmed: Generated<boolean>;
  /** False where a user said that it is none; kept so that it is not found again. */
  is_face: Generated<boolean>;
  is_drawn: Generated<boolean>;
  /** Raised with a new vector; `placed_revision` is the one that the clustering has, 0 for none. */
  revision: Generated<number>;
  placed_revision: Generated<number>;
}

export interface PersonTable {
  /** Given by the clustering, never used twice. */
  id: number;
  /** Empty where it has none. */
  name: Generated<string>;
  is_hidden: Generated<boolean>;
  is_favourite: Generated<boolean>;
  /** Whether it came from a region in XMP; one that the user gave holds against those. */
  is_name_imported: Generated<boolean>;
  /** Whether the user knows this person: never merged without being asked. */
  is_kept: Generated<boolean>;
  cover_face_id: number | null;
  /** Kept by triggers: faces in photos that show. */
  faces: GeneratedAlways<number>;
  created_at: Milliseconds;
}

/** Pairs who were said to be two people, the smaller id first. */
export interface ApartTable {
  one_id: number;
  other_id: number;
}

/** Photos in which one person may be seen twice: mirrors, collages. */
export interface DoubleTable {
  asset_id: number;
}

export interface PeopleActionTable {
  id: GeneratedAlways<number>;
  kind: string;
  person_id: number | null;
  acted_at: Milliseconds;
  undo: Json<unknown>;
}

/** One row. */
export interface PeopleStateTable {
  number: number;
  /** Raised with every change of who is who: what a process remembers holds as long as it is the same. */
  version: number;
  next_person: number;
  next_look: number;
}

/** Faces that were deleted and that the clustering still has; filled by a trigger. */
export interface GoneFaceTable {
  face_id: number;
}

export interface HashBandTable {
  asset_id: number;
  band: number;
  value: number;
}

export interface NearDuplicateTable {
  /** The smaller id of the two. */
  asset_id: number;
  other_id: number;
  /** Bits in which they differ. */
  distance: number;
}

export interface MonthTable {
  month: number;
  assets: number;
}

export interface AlbumTable {
  id: GeneratedAlways<number>;
  name: string;
  description: Generated<string>;
  cover_id: number | null;
  /** What a smart album searches for; null for one that is filled by hand. */
  query: string | null;
  created_at: Milliseconds;
  position: Generated<number>;
  /** Of a private one: as `hashPassword` gives it. */
  password: string | null;
}

export interface AlbumAssetTable {
  album_id: number;
  asset_id: number;
  position: number;
}

/** Albums that are shared by a link. */
export interface ShareTable {
  id: GeneratedAlways<number>;
  album_id: number;
  /** SHA-256 in hex: who reads the database learns no link from it. */
  token_hash: string;
  /** As `hashPassword` gives it; null where the link is enough. */
  password: string | null;
  created_at: Milliseconds;
  expires_at: Milliseconds;
  revoked_at: Milliseconds | null;
  /** Whether guests see faces covered. */
  is_covered: Generated<boolean>;
}

/** Whose faces stay where a link covers them. */
export interface SharePersonTable {
  share_id: number;
  person_id: number;
  /** What they were called when the link was made; empty where they had no name. */
  name: string;
}

/** In fractions of the upright photo. */
export interface RegionTable {
  asset_id: number;
  name: string;
  /** Face, Pet, Focus, BarCode or another. */
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Whether what it says of a face was taken over. */
  is_applied: Generated<boolean>;
}

export interface SettingTable {
  name: string;
  value: Json<unknown>;
}

export interface MigrationTable {
  number: number;
  name: string;
  sha256: string;
  applied_at: Milliseconds;
}

export interface FingerprintTable {
  lines: Json<readonly string[]>;
}

/** The tables of a library. */
export interface Tables {
  folders: FolderTable;
  assets: AssetTable;
  cities: CityTable;
  places: PlaceTable;
  bad_files: BadFileTable;
  things: ThingTable;
  faces: FaceTable;
  people: PersonTable;
  people_apart: ApartTable;
  people_doubles: DoubleTable;
  people_actions: PeopleActionTable;
  people_state: PeopleStateTable;
  faces_gone: GoneFaceTable;
  hash_bands: HashBandTable;
  near_duplicates: NearDuplicateTable;
  months: MonthTable;
  albums: AlbumTable;
  album_assets: AlbumAssetTable;
  shares: ShareTable;
  share_people: SharePersonTable;
  regions: RegionTable;
  versions: VersionTable;
  settings: SettingTable;
  migrations: MigrationTable;
  fingerprint: FingerprintTable;
}
