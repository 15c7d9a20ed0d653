import {
  getEffect,
  type HandedCuts,
  handedCuts,
  type KeptWork,
  type Matte,
  type Picture,
  type RecipeRun,
  type ResolvedSelection,
  type ResolvedStep,
  recipeRuns,
  type Scene,
  selectionKey,
  throwIfAborted,
} from '@focal/core';
import { isOpaquePicture } from '../canvas/opaque.ts';
import type { RecipeJob } from '../threads/plan-job.ts';
import type { PlanRunner, RunJobOptions } from '../threads/plan-runner.ts';

/** What was computed of a photo in one size, by what it is: the newest of each, and what that was made for. */
export type KeptRuns = Map<string, { readonly key: string; readonly result: Promise<unknown> }>;

export interface RunInput {
  readonly picture: Picture;
  readonly scene: Scene;
  readonly steps: readonly ResolvedStep[];
  /** By the names that the steps use. */
  readonly pictures: Readonly<Record<string, Picture>>;
  /** What the texts are written in, where that is not the bundled font: tells texts of the same words apart. */
  readonly font?: string | undefined;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly background?: boolean | undefined;
  /** Told of milliseconds that went into what the next render of the same steps finds kept. */
  readonly onPrepared?: ((ms: number) => void) | undefined;
}

/** Above this size, results of runs and steps would take more memory than they save time. */
const MAX_KEPT_PIXELS = 4_200_000;

/**
 * A recipe over a picture, run by run, with what is kept of the time before: only what follows from a change is computed
 * anew. The bytes are those of one plan of the whole. [Note: runs of a recipe] The result may be the picture itself, or
 * lie in what is kept: it must not be changed.
 */
export async function runRecipe(
  input: RunInput,
  kept: KeptRuns,
  runner: PlanRunner,
  options: RunOptions,
): Promise<Picture> {
  const { scene, steps, pictures } = input;
  const { signal, background } = options;
  const isSmall = input.picture.width * input.picture.height <= MAX_KEPT_PIXELS;
  const used = new Set<string>();
  const passing: KeptRuns = new Map();

  function take<T>(slot: string, key: string, isKept: boolean, make: () => Promise<T>): Promise<T> {
    const store = isKept ? kept : passing;
    used.add(slot);
    const known = store.get(slot);
    if (known?.key === key) return known.result as Promise<T>;
    const started = performance.now();
    const result = make();
    store.set(slot, { key, result });
    // What is made anew in a slot may be so with every event of a slider.
    if (isKept && known === undefined) {
      result.then(
        () => options.onPrepared?.(performance.now() - started),
        () => undefined,
      );
    }
    result.catch(() => {
      if (store.get(slot)?.result === result) store.delete(slot);
    });
    return result;
  }

  const takeAlpha = async (
    base: Picture,
    baseKey: string,
    selection: ResolvedSelection,
  ): Promise<Matte | undefined> => {
    const { matte, inverted, corrected, ...plain } = selection;
    if (matte === undefined) return undefined;
    const slot = `alpha ${selectionKey(selection)}`;
    if (inverted) {
      const alpha = (await takeAlpha(base, baseKey, { ...selection, inverted: false })) as Matte;
      return take(slot, baseKey, true, () => runner.run({ kind: 'inverse', matte: alpha }, { background }));
    }
    if (corrected === undefined) {
      return take(slot, baseKey, true, () => runner.run({ kind: 'alpha', picture: base, matte }, { background }));
    }
    const alpha = (await takeAlpha(base, baseKey, { ...plain, matte, inverted })) as Matte;
    const { corrections } = corrected;
    return take(slot, baseKey, true, () =>
      runner.run({ kind: 'correct', picture: base, alpha, corrections }, { background }),
    );
  };

  const takeKept = async (
    run: RecipeRun,
    at: Place,
    base: { readonly picture: Picture; readonly key: string },
    handed: CutsByKey,
  ): Promise<KeptWork & { readonly cuts: CutsByKey }> => {
    const alphas: Record<string, Matte> = {};
    const cuts: Record<string, Picture> = {};
    for (const { effect, selection } of run.steps) {
      const { takes } = getEffect(effect);
      const alpha = takes === undefined ? undefined : await takeAlpha(base.picture, base.key, selection);
      if (alpha === undefined) continue;
      const name = selectionKey(selection);
      alphas[name] = alpha;
      if (takes !== 'cut') continue;
      const isKept = isSmall || at.index === 0;
      cuts[name] =
        handed[name] ??
        (await take(`cut ${at.index} ${name}`, `${base.key}|${at.key}`, isKept, () =>
          runner.run({ kind: 'cut', picture: at.picture, alpha }, { background }),
        ));
    }
    const steps: Readonly<Record<string, unknown>>[] = [];
    for (const [i, step] of run.steps.entries()) {
      steps.push(await takeSteps(step, `${at.index}.${i}`, at, { alphas, cuts }));
    }
    return { alphas, cuts, steps };
  };

  const takeSteps = async (
    step: ResolvedStep,
    place: string,
    at: Place,
    before: KeptWork,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const results: Record<string, unknown> = {};
    if (!isSmall) return results;
    for (const { name, by, of } of getEffect(step.effect).steps ?? []) {
      const values = by.map((parameter) => step.params[parameter]);
      const from = of === 'selection' ? at.shapeKey : at.key;
      const key = `${from}|${selectionKey(step.selection)}|${JSON.stringify([values, step.assets])}`;
      results[name] = await take(`step ${place} ${step.effect} ${name}`, key, true, () => {
        const job = { scene, steps: [step], pictures, kept: { ...before, steps: [{ ...results }] } };
        return runner.run({ kind: 'step', name, picture: at.picture, ...job }, { background });
      });
    }
    return results;
  };

  let current = input.picture;
  let key = '';
  let base = { picture: current, key, hides: true };
  let isOpaque = isSmall && (await take('opaque', '', true, async () => isOpaquePicture(current)));
  const runs = recipeRuns(steps);
  const fates = handedCuts(runs);
  /** By the run before. */
  let handed: CutsByKey = {};
  for (const [index, run] of runs.entries()) {
    throwIfAborted(signal);
    if (base.hides && !run.hides) base = { picture: current, key, hides: false };
    const picture = current;
    // Selections have the edges that they had before the steps, for as long as nothing of the picture is see-through.
    isOpaque &&= !runs[index - 1]?.steps.some(mayClearPicture);
    const work = await takeKept(run, { index, picture, key, shapeKey: isOpaque ? base.key : key }, base, handed);
    const isLast = index === runs.length - 1;
    const { same, shaded } = fates[index] as HandedCuts;
    const runIt = (own: RunJobOptions): Promise<RunResult> =>
      runRun({ picture, scene, steps: run.steps, pictures, kept: work }, shaded, runner, own);
    key = `${key}>${describeRun(run, input.font)}`;
    let result: RunResult;
    if (isLast || !isSmall) {
      const onProgress = (done: number) => options.onProgress?.((index + done) / runs.length);
      result = await runIt({ signal, background, onProgress });
    } else {
      result = await take(`run ${index}`, `${key}|${shaded}`, true, () => runIt({ background }));
    }
    current = result.picture;
    const known = { ...handed, ...work.cuts };
    handed = Object.fromEntries(Object.entries(known).filter(([name]) => same.has(name)));
    if (shaded !== undefined && result.cut !== undefined) handed = { ...handed, [shaded]: result.cut };
    passing.clear();
  }
  for (const slot of kept.keys()) if (!used.has(slot) && !slot.startsWith(SHOWN)) kept.delete(slot);
  return current;
}

type CutsByKey = Readonly<Record<string, Picture>>;

interface RunResult {
  readonly picture: Picture;
  /** Those of the selection that the run hands on shaded. */
  readonly cut?: Picture;
}

async function runRun(
  job: RecipeJob,
  cutOf: string | undefined,
  runner: PlanRunner,
  options: RunJobOptions,
): Promise<RunResult> {
  if (cutOf !== undefined) return runner.run({ ...job, kind: 'run', cutOf }, options);
  return { picture: await runner.run({ ...job, kind: 'recipe' }, options) };
}

/** Where in a recipe a run is, and what it starts from. */
interface Place {
  readonly index: number;
  readonly picture: Picture;
  readonly key: string;
  /** Of all that the edges of selections in the picture depend on. */
  readonly shapeKey: string;
}

function mayClearPicture({ effect, params }: ResolvedStep): boolean {
  return getEffect(effect).clears?.(params as never) ?? false;
}

/** Slots of edges that were asked for by themselves: those that a recipe keeps may be of what hides left. */
const SHOWN = 'shown ';

/** How much of each pixel of the picture a selection with a matte means. It may be kept: it must not be changed. */
export async function runSelection(
  picture: Picture,
  { matte, key, corrected }: ResolvedSelection & { readonly matte: Matte },
  kept: KeptRuns,
  runner: PlanRunner,
): Promise<Matte> {
  const slot = `${SHOWN}${key}`;
  const inRecipe = kept.get(`alpha ${key}`);
  const known = inRecipe?.key === '' ? inRecipe : kept.get(slot);
  const result = (known?.result as Promise<Matte> | undefined) ?? runner.run({ kind: 'alpha', picture, matte });
  kept.set(slot, { key: '', result });
  result.catch(() => kept.delete(slot));
  const alpha = await result;
  if (corrected === undefined) return alpha;
  return runner.run({ kind: 'correct', picture, alpha, corrections: corrected.corrections });
}

/** All that a run's result depends on beside the picture that it starts from and the scene. */
function describeRun({ steps }: RecipeRun, font: string | undefined): string {
  return JSON.stringify(
    steps.map(({ effect, params, assets, opacity, selection, text }) => [
      effect,
      params,
      assets,
      opacity,
      selectionKey(selection),
      ...(text === undefined || font === undefined ? [] : [font]),
    ]),
  );
}
