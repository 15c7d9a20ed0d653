import type { CameraFacts } from '@focal/core';

/** What the library answers: the shapes of `/v1/library`. */
export interface AssetSummary {
  readonly id: number;
  readonly kind: 'photo' | 'video';
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly durationMs?: number;
  readonly takenAt?: string;
  /** Milliseconds of the clock of the place, as if UTC. */
  readonly sortTime: number;
  readonly isFavourite: boolean;
  readonly rating: number;
  /** WebP of a dozen pixels, in base64. */
  readonly placeholder?: string;
  readonly focalPoint?: { readonly x: number; readonly y: number };
  readonly isIndexed: boolean;
  readonly version: string;
  readonly trashedAt?: number;
  /** The version that is shown in place of the original; its size once it was rendered. */
  readonly shown?: { readonly versionId: number; readonly size?: Size };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What was made of a photo, kept as a recipe beside the original. */
export interface AssetVersion {
  readonly id: number;
  readonly name: string;
  readonly changedAt: number;
  readonly isCurrent: boolean;
  readonly tag: string;
  readonly size?: Size;
  readonly warnings: readonly string[];
  readonly problem?: string;
}

export interface DeletedVersion extends AssetVersion {
  readonly deletedAt: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface AssetDetails extends AssetSummary {
  readonly sha256: string;
  readonly format: string;
  readonly bytes: number;
  readonly addedAt: number;
  readonly takenFrom?: 'exif' | 'sidecar' | 'name';
  readonly caption: string;
  readonly location?: { readonly latitude: number; readonly longitude: number; readonly altitude?: number };
  /** That it was taken near. */
  readonly city?: { readonly id: number; readonly name: string; readonly countryName: string };
  readonly camera: CameraFacts;
  readonly isAnalysed: boolean;
  /** Why its small pictures, or what is seen, could not be made. */
  readonly problem?: string;
  readonly things: readonly {
    readonly label: string;
    readonly score: number;
    /** Of a video: in which frame, in milliseconds from its start. */
    readonly atMs?: number;
    readonly box: Box;
  }[];
  readonly faces: readonly SeenFace[];
  /** Whether one person may be seen twice in it. */
  readonly isDouble: boolean;
  readonly isPrivate: boolean;
  /** Its files; none where the last one is gone. */
  readonly places: readonly {
    readonly folderId: number;
    readonly path: string;
    /** Whether its folder was there when it was last looked for. */
    readonly isOnline: boolean;
    /** Whether the file itself is there now. */
    readonly isThere: boolean;
  }[];
  readonly albums: readonly { readonly id: number; readonly name: string }[];
  /** The oldest first. */
  readonly versions: readonly AssetVersion[];
  /** Those that can be brought back, the last deleted first. */
  readonly deletedVersions: readonly DeletedVersion[];
}

/** A face in a photo, and who it is where that is known; the name may be empty. */
export interface SeenFace {
  readonly id: number;
  readonly atMs?: number;
  readonly smile?: number;
  readonly box: Box;
  readonly person?: { readonly id: number; readonly name: string };
  readonly isConfirmed: boolean;
  readonly isDrawn: boolean;
  readonly version: string;
}

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly isFavourite: boolean;
  readonly isHidden: boolean;
  readonly faces: number;
  readonly coverFaceId?: number;
  readonly coverVersion?: string;
}

export interface PersonFace {
  readonly id: number;
  readonly assetId: number;
  readonly personId?: number;
  readonly isConfirmed: boolean;
  readonly isDrawn: boolean;
  readonly version: string;
}

/** Who a face in a picture may be, the nearest first. */
export interface FaceSearch {
  readonly box: Box;
  /** All faces of the picture, the largest first. */
  readonly boxes: readonly Box[];
  readonly people: readonly { readonly person: Person; readonly distance: number }[];
  readonly faces: readonly { readonly face: PersonFace; readonly distance: number }[];
}

export type Suggestion =
  | { readonly kind: 'same-person'; readonly people: readonly [Person, Person] }
  | { readonly kind: 'is-person'; readonly face: PersonFace; readonly person: Person };

export interface AssetPage {
  readonly assets: readonly AssetSummary[];
  readonly next?: string;
  /** Of first pages. */
  readonly total?: { readonly count: number; readonly isExact: boolean };
}

/** A part of a search that can be taken out of it. */
export interface SearchPart {
  readonly offset: number;
  readonly length: number;
  /** As a chip that is read the same again: `thing:dog`. */
  readonly chip: string;
  readonly kind: string;
  /** For people. */
  readonly label: string;
}

/** A page of what a search finds; the first one tells what it was understood as. */
export interface SearchPage extends AssetPage {
  readonly parts?: readonly SearchPart[];
}

export interface SearchSuggestion {
  readonly kind: 'person' | 'thing' | 'place' | 'album' | 'camera' | 'word' | 'date' | 'key';
  readonly label: string;
  /** What to write in place of the letters from `offset` on, `length` of them. */
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  readonly count?: number;
}

export interface SearchHelp {
  readonly suggestions: readonly SearchSuggestion[];
  /** None where there is a problem. */
  readonly parts: readonly SearchPart[];
  /** Why the search cannot be understood, and by which part. */
  readonly problem?: {
    readonly detail: string;
    readonly hint?: string;
    readonly offset: number;
    readonly length: number;
  };
  /** The search as it was probably meant, where words of it are spelled wrong. */
  readonly meant?: string;
}

/** Degrees; `west` may be greater than `east` across the date line. */
export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** What was taken close to each other. */
export interface MapCell {
  readonly count: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly bounds: Bounds;
  readonly coverId: number;
}

export interface LibraryPlace {
  readonly id: number;
  readonly name: string;
  readonly countryName: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly count: number;
  readonly coverId: number;
}

export interface AssetChange {
  readonly isFavourite?: boolean;
  readonly rating?: number;
  readonly caption?: string;
  readonly isTrashed?: boolean;
}

export interface TimelineMonth {
  /** `2023-07` */
  readonly month: string;
  readonly count: number;
}

export interface Thing {
  readonly label: string;
  readonly count: number;
}

export interface LibraryFolder {
  readonly id: number;
  readonly path: string;
  readonly isOnline: boolean;
  readonly scannedAt?: number;
  readonly count: number;
  /** Of those: whose picture cannot be made, or of which a part is missing. */
  readonly damaged: number;
  /** Files beside those that could not be read at all. */
  readonly bad: number;
}

interface JobCounts {
  readonly waiting: number;
  readonly running: number;
}

export interface LibraryProgress {
  readonly scans: readonly {
    readonly folderId: number;
    readonly isRunning: boolean;
    readonly report?: { readonly found: number; readonly added: number; readonly bad: number };
  }[];
  readonly jobs: { readonly thumbnails: JobCounts; readonly scene: JobCounts };
  /** Faces of whom it is not known yet who they are like. */
  readonly faces: { readonly waiting: number };
  /** Versions that are being rendered, or wait for it. */
  readonly versions: { readonly waiting: number };
  readonly isPaused: boolean;
  /** Folders that are watched for changes, and how. */
  readonly watching: readonly {
    readonly folderId: number;
    readonly mode: 'events' | 'polling' | 'offline';
    readonly reason?: string;
  }[];
  readonly assets: number;
  readonly photos: number;
  readonly videos: number;
  readonly trashed: number;
  /** Of the photos and videos: whose picture cannot be made, or of which a part is missing. */
  readonly damaged: number;
  /** Files beside those that could not be read at all. */
  readonly bad: number;
}

export interface LibrarySettings {
  /** Whether folders are watched for changes. */
  readonly isWatching: boolean;
  /** Whether albums may be shared by links on the local network. */
  readonly isSharing: boolean;
}

export interface BadFile {
  readonly path: string;
  /** Where it is in the library all the same. */
  readonly assetId?: number;
  readonly folderId: number;
  readonly message: string;
  readonly hint?: string;
  readonly tries: number;
}

export interface Album {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly coverId?: number;
  /** Of a smart album. */
  readonly query?: string;
  readonly count: number;
  readonly isExact: boolean;
  /** Why a smart album finds nothing. */
  readonly problem?: string;
  readonly isPrivate: boolean;
  /** Private, and not opened by this page: only its name is told. */
  readonly isLocked: boolean;
}

/** Whether guests can reach shared albums. */
export interface Sharing {
  readonly isSharing: boolean;
  readonly isListening: boolean;
  readonly origins: readonly string[];
  readonly problem?: string;
}

export interface Share {
  readonly id: number;
  readonly albumName: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly hasPassword: boolean;
  readonly state: 'open' | 'expired' | 'revoked';
  /** Whose faces stay where all others are covered. */
  readonly cover?: {
    readonly except: readonly { readonly id: number; readonly name: string; readonly isSpared: boolean }[];
  };
}

export type StoredPart =
  | 'database'
  | 'thumbnails'
  | 'pictures'
  | 'covered'
  | 'shared'
  | 'backups'
  | 'uploads'
  | 'incoming';

/** What the library keeps beside the files of folders. */
export interface LibraryUsage {
  readonly folder: string;
  /** `isSpare`: it is made again when it is asked for. */
  readonly parts: readonly { readonly part: StoredPart; readonly bytes: number; readonly isSpare: boolean }[];
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** What models run on, and what was tried before that. */
export interface DeviceReport {
  readonly device: string;
  readonly threads: number;
  readonly profile: string;
  readonly tried: readonly { readonly device: string; readonly reason: string }[];
}

export interface ModelInfo {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  readonly bytes: number;
  /** `available`: not installed, but there to be had. */
  readonly state: 'ready' | 'missing' | 'available';
  readonly hint?: string;
}

/** What was done with people. */
export interface PeopleAction {
  readonly action: number;
  readonly kind: string;
  readonly actedAt: number;
  readonly people: number;
  /** What those of them are called now who have a name. */
  readonly names: readonly string[];
}

/** What goes out of photos that are shown edited: the original only, both, or the edited one only. */
export type EditsChoice = 'none' | 'beside' | 'instead';

/** What a link is to be. */
export interface ShareChoice {
  readonly expiresAt: number;
  /** Empty for none. */
  readonly password: string;
  /** Faces are covered, but for those of these people. */
  readonly cover: { readonly except: readonly number[] } | undefined;
}

/** A link that was just made: it is told once. */
export interface NewShare {
  readonly share: Share;
  readonly links: readonly string[];
  /** Rows of 0 and 1. */
  readonly qr?: readonly string[];
}

export interface DuplicateGroup {
  /** The largest first. */
  readonly assets: readonly (AssetSummary & {
    readonly bytes: number;
    readonly places: number;
    readonly paths: readonly string[];
  })[];
  /** One content in several files. */
  readonly isExact: boolean;
}
