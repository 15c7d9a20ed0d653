// The library

// Who may see what
export { type Attempts, createAttempts, TooManyAttemptsError } from './access/attempts.ts';
export { NotAllowedError } from './access/not-allowed.ts';
export { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './access/passwords.ts';
// Photos and videos
export type { Album, AlbumChange, Albums, NewAlbum } from './albums/albums.ts';
export type { AssetDetails, AssetPlace, AssetSummary, FoundFace, FoundThing, ShownVersion } from './assets/asset.ts';
export type { AssetChange } from './assets/change-assets.ts';
export type { AssetFilter } from './assets/filter.ts';
export { type AssetPage, MOST_ASSETS, type PageOptions } from './assets/list-assets.ts';
export type { AssetSort } from './assets/orders.ts';
export type { DuplicateGroup, DuplicatePage, TimelineMonth } from './assets/overview.ts';
export type { Unlocked } from './assets/sight.ts';
// Backups
export type { BackupOptions, Backups, KeptBackup } from './backup/backups.ts';
export { BACKUP_EXTENSION, type BackupInfo } from './backup/format.ts';
export { readBackup } from './backup/read-backup.ts';
export { type Restored, type RestoreOptions, restoreLibrary } from './backup/restore.ts';
export type { PictureKind } from './files/picture-files.ts';
export { placeFile } from './files/place-file.ts';
// Import
export type { BadFile } from './import/bad-files.ts';
export type { ScanReport } from './import/scan.ts';
export type { FolderWatch } from './import/watch.ts';
export type { IndexFiles } from './jobs/index-files.ts';
export { createServedFiles, type ServedFilesOptions } from './jobs/served-files.ts';
export {
  type Library,
  type LibraryFolder,
  type LibraryOptions,
  type LibraryProgress,
  type OriginalFile,
  openLibrary,
  type PictureFile,
  type SearchHelp,
} from './library.ts';
// What it asks of files
export {
  type FilePath,
  type MediaReader,
  type MediaSource,
  RENDER_FORMATS,
  type RenderedFile,
  type RenderFormat,
  type RenderOptions,
} from './media.ts';
export { lockPath } from './open-own-store.ts';
// People
export type { LibraryPeople } from './people/people.ts';
export type {
  ActionKind,
  Answer,
  FacePage,
  FaceSearch,
  PeopleActed,
  PeopleAction,
  PeopleListOptions,
  PeoplePage,
  Person,
  PersonChange,
  PersonFace,
  Suggestion,
} from './people/person.ts';
// Places
export type { LibraryPlace } from './places/list-places.ts';
export type { MapCell, MapOptions } from './places/map-cells.ts';
export type { Key, Privacy } from './private/privacy.ts';
// Searches
export { type Chip, type Condition, chipSchema, type Query, QueryError, querySchema, SORTS } from './query/ast.ts';
export { formatChip, type QueryOptions } from './query/chips.ts';
export { formatQuery, parseQuery } from './query/parse-query.ts';
export type { UnderstoodPart, UnderstoodSearch } from './query/searches.ts';
export type { QueryProblem, SearchSuggestion } from './query/suggest.ts';
export {
  MOST_SHARE_DAYS,
  type NewShare,
  type OpenedShare,
  type Share,
  type SharedPhoto,
  type ShareState,
  type Shares,
} from './shares/shares.ts';
// What a library keeps
export {
  type LibraryStorage,
  type LibraryUsage,
  STORED_PARTS,
  type StoredPart,
  type StoredUsage,
} from './storage/storage.ts';
// Who holds a library
export { findHolder, type Holder, LibraryHeldError } from './store/embedded/folder-lock.ts';
// For measuring: the embedded database itself
export { openEmbeddedStore } from './store/embedded/open-embedded-store.ts';
export type { LibrarySettings } from './store/settings.ts';
// Uploads
export {
  ChecksumError,
  type NewUpload,
  UPLOAD_HASHES,
  type Upload,
  type UploadHash,
  type Uploads,
} from './uploads/uploads.ts';
// Versions of photos
export { EDITS_CHOICES, type EditsChoice, toEditedName } from './versions/edited-name.ts';
export type { AssetVersion, DeletedVersion } from './versions/version.ts';
export type { NewVersion, VersionChange, Versions } from './versions/versions.ts';
// XMP
export type { XmpRegion } from './xmp/regions.ts';
export type { SidecarReport, Sidecars } from './xmp/sidecars.ts';
