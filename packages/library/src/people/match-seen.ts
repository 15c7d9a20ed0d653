import { type Box, faceDistance } from '@focal/core';
import { VECTOR_LENGTH } from './cluster-protocol.ts';
import { matchBoxes } from './match-boxes.ts';

export interface SeenFace {
  /** In which frame of a video; null of the one that stands for it, and of photos. */
  readonly atMs: number | null;
  readonly box: Box;
  /** What tells who it is. */
  readonly vector: ArrayLike<number> | null;
}

/** Faces of two frames that are so near are one: see `gatherScenes`, which keeps each once. */
const SAME_FACE = 0.45;

type Pair = readonly [number, number];

/**
 * Pairs of faces that were found before and now and that are one: those in the same place of the same picture, then,
 * of videos, those of other frames that are alike. Indices of both; each face in one pair at most.
 */
export function matchSeen(before: readonly SeenFace[], after: readonly SeenFace[]): readonly Pair[] {
  const here = [...new Set(after.map(({ atMs }) => atMs))].flatMap((atMs) => matchWithin(before, after, atMs));
  const [left, right] = [new Set(here.map(([i]) => i)), new Set(here.map(([, j]) => j))];
  const elsewhere: Pair[] = [];
  for (const { i, j } of listAlike(before, after)) {
    if (left.has(i) || right.has(j)) continue;
    left.add(i);
    right.add(j);
    elsewhere.push([i, j]);
  }
  return [...here, ...elsewhere];
}

function matchWithin(before: readonly SeenFace[], after: readonly SeenFace[], atMs: number | null): readonly Pair[] {
  const [old, now] = [indicesAt(before, atMs), indicesAt(after, atMs)];
  const boxes = (faces: readonly SeenFace[], indices: readonly number[]): readonly Box[] =>
    indices.map((i) => (faces[i] as SeenFace).box);
  return matchBoxes(boxes(before, old), boxes(after, now)).map(([i, j]) => [old[i] as number, now[j] as number]);
}

function indicesAt(faces: readonly SeenFace[], atMs: number | null): readonly number[] {
  return faces.flatMap((face, i) => (face.atMs === atMs ? [i] : []));
}

/** Of different frames, the most alike first. */
function listAlike(before: readonly SeenFace[], after: readonly SeenFace[]) {
  return before
    .flatMap((a, i) => after.map((b, j) => ({ i, j, distance: a.atMs === b.atMs ? 1 : distanceOf(a, b) })))
    .filter(({ distance }) => distance < SAME_FACE)
    .sort((a, b) => a.distance - b.distance);
}

function distanceOf({ vector: a }: SeenFace, { vector: b }: SeenFace): number {
  if (a?.length !== VECTOR_LENGTH || b?.length !== VECTOR_LENGTH) return 1;
  return faceDistance(Float32Array.from(a), Float32Array.from(b));
}
