import { hash } from '../../anonymise/hash.ts';
import { runPlan } from '../../async/plan.ts';
import { FocalError } from '../../errors.ts';
import type { Matte } from '../../picture/matte.ts';
import { allocateLocal, type Picture } from '../../picture/picture.ts';
import { resizeMatte } from '../../picture/resize.ts';
import type { Point } from '../../scene/geometry.ts';
import { pickSubject } from '../../scene/pick.ts';
import type { Scene } from '../../scene/scene.ts';
import { joinRegions } from '../regions.ts';
import type { ResolvedSelection } from '../resolve.ts';
import type { Selector } from '../selector.ts';
import { type Correction, correctionsOf, type Edits, edgeOf } from './edits.ts';
import { planCoarseCorrections, type ResolvedCorrection } from './plan.ts';

/** Long side of {@link CorrectedSelection.matte}. */
const SIDE = 512;

/** What was done to a selection by hand. Plain data. */
export interface CorrectedSelection {
  /** Equal for the same corrections of the same picture. */
  readonly mark: string;
  readonly corrections: readonly ResolvedCorrection[];
  /** The selection's matte as it is then, roughly: for what asks where the selected is. */
  readonly matte: Matte;
}

/** Where mattes of picks come from and lie, for whoever resolves the same picture again and again. */
export interface CorrectorOptions {
  /** Default: {@link pickMatte} each time. */
  readonly pickAt?: (point: Point) => Matte | undefined;
  /** The same matte on other memory. */
  readonly share?: (matte: Matte) => Matte;
}

/** A selection as corrections leave it, and a sentence about each pick at which nothing is: it is left out. */
export interface Corrected {
  readonly selection: ResolvedSelection;
  readonly missed: readonly string[];
}

/**
 * What corrects the selections of one picture and scene; each edge is resolved once. What it gives throws
 * `invalid-argument` where the scene lacks a fact that a pick goes by.
 */
export function createCorrector(
  edits: Edits | undefined,
  picture: Picture,
  scene: Scene,
  options: CorrectorOptions = {},
): (selection: ResolvedSelection, selector: Selector) => Corrected {
  const known = new Map<string, ReturnType<typeof resolveCorrections>>();
  return (selection, selector) => {
    const corrections = selection.matte === undefined ? [] : correctionsOf(edits, selector);
    if (selection.matte === undefined || corrections.length === 0) return { selection, missed: [] };
    const name = edgeOf(selector);
    const resolved = known.get(name) ?? resolveCorrections(corrections, selection.matte, picture, scene, options);
    known.set(name, resolved);
    const { missed, ...corrected } = resolved;
    return { selection: { ...selection, corrected }, missed };
  };
}

function resolveCorrections(
  corrections: readonly Correction[],
  matte: Matte,
  picture: Picture,
  scene: Scene,
  { pickAt = (point) => pickMatte(picture, scene, point), share = (own) => own }: CorrectorOptions,
): CorrectedSelection & { readonly missed: readonly string[] } {
  const missed: string[] = [];
  const resolved: ResolvedCorrection[] = [];
  for (const correction of corrections) {
    if (correction.kind !== 'pick') {
      const { on: _, ...rest } = correction;
      resolved.push(rest);
      continue;
    }
    const { mode, x, y } = correction;
    const pick = pickAt({ x, y });
    if (pick === undefined) missed.push(`There is nothing to ${mode} at ${x}, ${y}.`);
    else resolved.push({ kind: 'pick', mode, matte: share(pick) });
  }
  const { width, height } = scene;
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const small = resizeMatte(matte, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  return {
    mark: toMark(corrections),
    corrections: resolved,
    missed,
    matte: share(runPlan(planCoarseCorrections(small, resolved, allocateLocal))),
  };
}

/**
 * What a pick at this point adds or takes away, made like the matte of a selection; nothing where nothing is. Throws
 * `invalid-argument` where the scene lacks a fact that it goes by. Some 100 ms where it has to be grown.
 */
export function pickMatte(picture: Picture, scene: Scene, point: Point): Matte | undefined {
  const fact = (['subjects', 'matte'] as const).find((each) => scene[each] === undefined);
  if (fact !== undefined) {
    throw new FocalError('invalid-argument', `Expected a scene that holds the fact ${fact}, got one without.`, {
      hint: 'Analyse the picture for what the recipe needs first (recipeNeeds).',
    });
  }
  const pick = pickSubject(picture, scene, point);
  if (pick === undefined) return undefined;
  const all = scene.subjects?.subjects.map((subject) => subject.matte) ?? [];
  return joinRegions([pick.matte], { all, matte: scene.matte?.matte, aspect: scene.width / scene.height });
}

function toMark(corrections: readonly Correction[]): string {
  const text = JSON.stringify(corrections);
  let [a, b] = [1, 2];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = hash(a, code, i);
    b = hash(b, code, i, 1);
  }
  return `${corrections.length}-${a.toString(36)}-${b.toString(36)}`;
}
