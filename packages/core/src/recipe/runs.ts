import { getEffect } from '../effects/index.ts';
import type { ResolvedSelection, ResolvedStep } from './resolve.ts';

// [Note: runs of a recipe] A recipe has two phases, what hides and the rest. The edges of all selections of a phase are
// those of the picture that it starts from, so that no step moves the edges of another. Within a phase, steps form runs:
// shaders that follow each other are computed together, every other effect by itself. A run starts from the rounded
// result of the one before; a plan of a run alone, given the alphas of its phase, gives the bytes that it has within the
// whole. So a studio keeps what runs gave, and computes anew from the first one that changed.
//
// What is cut out of the picture, too, is handed on: most effects change only what is behind the selected, so that these
// alone are the same after a run as before it, or what its earlier shaders made of them. That is exact, where colours
// taken from a finished picture would be a guess; and it is most of the work of small pictures.

/** Steps that are computed together, in their order. */
export interface RecipeRun {
  readonly steps: readonly ResolvedStep[];
  /** Whether they hide: the first phase. */
  readonly hides: boolean;
}

export function recipeRuns(steps: readonly ResolvedStep[]): readonly RecipeRun[] {
  const runs: { steps: ResolvedStep[]; hides: boolean; open: boolean }[] = [];
  for (const step of steps) {
    const effect = getEffect(step.effect);
    const hides = effect.order === 'first';
    const isRow = effect.shade !== undefined;
    const last = runs.at(-1);
    // What it reads beyond its own row has to be there, rounded.
    const joins = isRow && last?.open === true && last.hides === hides;
    if (joins && effect.readsPicture?.(step.params as never) !== true) last.steps.push(step);
    else runs.push({ steps: [step], hides, open: isRow });
  }
  return runs;
}

/** Equal for selections of the same pixels: what kept work goes by. */
export function selectionKey({ key, inverted, corrected }: ResolvedSelection): string {
  const name = corrected === undefined ? key : `${key} corrected ${corrected.mark}`;
  return inverted ? `not ${name}` : name;
}

/** Whether a step needs the selected alone. */
export function takesCut({ effect, selection }: ResolvedStep): boolean {
  return selection.matte !== undefined && getEffect(effect).takes === 'cut';
}

/** Whether those of a selection, by its {@link selectionKey}, alone are after the step what they were before. */
export function leavesCut({ effect, selection }: ResolvedStep, key: string): boolean {
  const { paintsBehind, takes } = getEffect(effect);
  if (selection.matte === undefined) return false;
  if (paintsBehind === true) return selectionKey(selection) === key;
  return takes === 'alpha' && selectionKey({ ...selection, inverted: !selection.inverted }) === key;
}

/**
 * What becomes of those of a selection alone in a run: they stay the `same`, are `shaded` by steps before its last one
 * that takes them, or nobody knows.
 */
type Fate = 'same' | 'shaded' | undefined;

function fateOf(run: RecipeRun, key: string): Fate {
  let fate: Fate = 'same';
  for (const step of run.steps) {
    const takes = takesCut(step) && selectionKey(step.selection) === key;
    // From here on they are known as the shaders before left them.
    if (takes && fate === undefined) fate = 'shaded';
    if (!leavesCut(step, key)) fate = undefined;
  }
  return fate;
}

/** The cuts that a run hands on to later ones of its recipe, by the keys of their selections. */
export interface HandedCuts {
  /** Those that stay what they were. */
  readonly same: ReadonlySet<string>;
  /** The one, if any, that the run's shaders change. */
  readonly shaded?: string;
}

/** For each run of a recipe the cuts that it hands on. */
export function handedCuts(runs: readonly RecipeRun[]): readonly HandedCuts[] {
  const handed = runs.map((): { same: Set<string>; shaded?: string } => ({ same: new Set() }));
  for (const [index, { steps, hides }] of runs.entries()) {
    for (const key of new Set(steps.filter(takesCut).map(({ selection }) => selectionKey(selection)))) {
      const fates: ('same' | 'shaded')[] = [];
      for (let from = index - 1; from >= 0; from--) {
        const run = runs[from] as RecipeRun;
        const fate = run.hides === hides ? fateOf(run, key) : undefined;
        if (fate === undefined) break;
        fates.unshift(fate);
        if (!run.steps.some((step) => takesCut(step) && selectionKey(step.selection) === key)) continue;
        for (const [i, each] of handed.slice(from, index).entries()) {
          if (fates[i] === 'same') each.same.add(key);
          else each.shaded = key;
        }
        break;
      }
    }
  }
  return handed;
}
