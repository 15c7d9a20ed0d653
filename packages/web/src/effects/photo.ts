import type { createCorrector, Edits, KnownPerson, Matte, Picture, ResolvedSelection, Scene } from '@focal/core';
import type { PlanRunner } from '../threads/plan-runner.ts';
import type { KeptRuns } from './kept-runs.ts';

/** Everything the worker knows of the open photo. */
export interface Photo {
  readonly picture: Picture;
  subject: Subject;
  /** The photo in the sizes that were asked for, by long side. */
  readonly stages: Map<number, Stage>;
}

/** The photo in one size. */
export interface Stage {
  readonly picture: Promise<Picture>;
}

/** Who is in the photo, and what was computed from that: made anew wherever the scene or who is known changes. */
export interface Subject {
  readonly scene: Scene;
  /** Who is spared by what acts on unknown faces. */
  readonly known: readonly KnownPerson[];
  /** What selectors mean in this scene, by their short form; a sentence where nobody is there. */
  readonly selections: Map<string, ResolvedSelection | string>;
  /** What picks by hand mean in this scene, by their place. */
  readonly picks: Map<string, Matte | undefined>;
  /** The newest corrections by hand. */
  corrections: { readonly text: string; readonly edits: Edits; readonly correct: Correct } | undefined;
  readonly kept: WeakMap<Stage, KeptRuns>;
}

type Correct = ReturnType<typeof createCorrector>;

export function createSubject(scene: Scene, known: readonly KnownPerson[]): Subject {
  return { scene, known, selections: new Map(), picks: new Map(), corrections: undefined, kept: new WeakMap() };
}

/** What was found of a photo, with the matte that it has already; whatever else was known of it is gone. */
export function addScene({ matte }: Scene, found: Scene): Scene {
  if (matte === undefined) return found;
  return { ...found, facts: [...new Set([...found.facts, 'matte' as const])], matte };
}

/** Of stages together: the sizes of a screen and of its drafts, and one or two for a zoom. */
const MOST_STAGE_PIXELS = 32_000_000;

/** The photo no larger than `longSide`, made once for each size; those that were not asked for of late are forgotten. */
export function getStage({ picture, stages }: Photo, longSide: number, runner: PlanRunner): Stage {
  const full = Math.max(picture.width, picture.height);
  const size = Math.min(full, Math.max(1, Math.round(longSide)));
  const stage = stages.get(size) ?? { picture: fitPicture(picture, size, runner) };
  // The map's order is that in which they were asked for.
  stages.delete(size);
  const pixelsOf = (side: number): number => (picture.width * picture.height * side ** 2) / full ** 2;
  let left = MOST_STAGE_PIXELS - pixelsOf(size);
  for (const side of [...stages.keys()].reverse()) {
    left -= pixelsOf(side);
    if (left < 0) stages.delete(side);
  }
  stages.set(size, stage);
  return stage;
}

/** The picture with its longer side brought down to so many pixels; itself where it is no longer than that. */
export async function fitPicture(
  picture: Picture,
  longSide: number,
  runner: PlanRunner,
  signal?: AbortSignal,
): Promise<Picture> {
  const { width, height } = picture;
  const share = Math.max(1, Math.round(longSide)) / Math.max(width, height);
  if (share >= 1) return picture;
  const size = { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
  return runner.run({ kind: 'resize', picture, ...size }, { signal });
}
