import type { ErrorData, KnownFace, NearFace, PeopleChange, PeopleSuggestion } from '@focal/core';

/** A face as the database holds it; people and looks by number, 0 for none. */
export interface FaceRow {
  readonly id: number;
  readonly asset_id: number;
  readonly at_ms: number | null;
  readonly quality: number;
  readonly person: number;
  readonly look: number;
  readonly is_pinned: boolean;
  readonly not_people: readonly number[];
  /** As PostgreSQL sends arrays: see `readVector`. */
  readonly vector: Uint8Array;
}

export interface FreshFace {
  readonly id: number;
  readonly assetId: number;
  /** Of a video: which frame. Absent of the one that stands for it. */
  readonly atMs?: number;
  readonly quality: number;
  readonly vector: Uint8Array | Float32Array;
}

/** What was said that is not of single faces. */
export interface ClusterMemory {
  readonly nextPerson: number;
  readonly nextLook: number;
  /** Those of them that have no face that is compared are left out. */
  readonly kept: readonly number[];
  readonly apart: readonly (readonly [number, number])[];
  /** Ids of assets. */
  readonly doubles: readonly number[];
}

/** The actions of `People` in core, with ids as the database has them. */
export type ClusterAction =
  | { readonly kind: 'place'; readonly faces: readonly FreshFace[]; readonly gone: readonly number[] }
  | { readonly kind: 'put-back'; readonly faces: readonly (FreshFace & { readonly known: Omit<KnownFace, 'id'> })[] }
  | { readonly kind: 'remove'; readonly faces: readonly number[] }
  | { readonly kind: 'merge'; readonly into: number; readonly from: number; readonly allowDoubles: boolean }
  | { readonly kind: 'split'; readonly faces: readonly number[]; readonly as?: number }
  | { readonly kind: 'reject'; readonly face: number; readonly person?: number }
  | { readonly kind: 'confirm'; readonly face: number; readonly person: number }
  | { readonly kind: 'keep-apart'; readonly people: readonly [number, number] }
  | { readonly kind: 'keep'; readonly person: number }
  | { readonly kind: 'double'; readonly photo: string; readonly isDouble: boolean }
  | { readonly kind: 'recluster' }
  | { readonly kind: 'undo'; readonly change: PeopleChange };

export type ClusterQuestion =
  | { readonly kind: 'suggest'; readonly limit: number; readonly person?: number }
  | { readonly kind: 'nearest'; readonly vector: Float32Array; readonly limit: number }
  /** Which of these people have faces that are compared. */
  | { readonly kind: 'people'; readonly ids: readonly number[] }
  /** Which of these faces it has. */
  | { readonly kind: 'faces'; readonly ids: readonly number[] }
  | { readonly kind: 'reserve' };

export interface ClusterAnswers {
  readonly suggest: readonly PeopleSuggestion[];
  readonly nearest: readonly NearFace[];
  readonly people: readonly number[];
  readonly faces: readonly number[];
  readonly reserve: number;
}

/** What an action changed, and the numbers that come next. */
export interface ActionAnswer {
  readonly changes: readonly PeopleChange[];
  readonly next: { readonly person: number; readonly look: number };
}

export type ToCluster =
  | { readonly id: number; readonly type: 'begin' }
  | { readonly id: number; readonly type: 'load'; readonly rows: readonly FaceRow[] }
  | { readonly id: number; readonly type: 'end'; readonly memory: ClusterMemory }
  | { readonly id: number; readonly type: 'act'; readonly action: ClusterAction }
  | { readonly id: number; readonly type: 'ask'; readonly question: ClusterQuestion }
  /** Answered when all faces have been compared, or forgotten. */
  | { readonly id: number; readonly type: 'link' }
  | { readonly id: number; readonly type: 'forget' };

export type FromCluster =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorData };

/** What nobody is seen in twice: a photo, or a frame of a video. */
export function toPhotoKey(asset: number, atMs: number | null | undefined): string {
  return atMs === null || atMs === undefined ? `${asset}` : `${asset}@${atMs}`;
}

/** The photo or video of a key. */
export function toAssetId(key: string): number {
  return Number.parseInt(key, 10);
}

/** Length of the vectors that tell who people are. */
export const VECTOR_LENGTH = 128;
const HEADER_BYTES = 20;

/** The numbers of a `real[]` that was sent by `array_send`: a header, then of each its length and value. */
export function readVector(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vector = new Float32Array(Math.max(0, (bytes.byteLength - HEADER_BYTES) / 8));
  for (let i = 0; i < vector.length; i++) vector[i] = view.getFloat32(HEADER_BYTES + i * 8 + 4);
  return vector;
}
