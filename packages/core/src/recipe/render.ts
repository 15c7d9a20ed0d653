import type { Pass, Plan } from '../async/plan.ts';
import type { ThreadCache } from '../async/thread-cache.ts';
import type { Effect, EffectInput, Selection } from '../effects/effect.ts';
import { getEffect } from '../effects/index.ts';
import { planShadeRun, type ShadedCut, type ShadeStep } from '../effects/shade.ts';
import { FocalError } from '../errors.ts';
import { planCutAlong } from '../matte/cut.ts';
import { planRefineMatte } from '../matte/refine.ts';
import { toWords } from '../matte/runs.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture, uncleared } from '../picture/picture.ts';
import type { Scene } from '../scene/scene.ts';
import { planCorrections } from './corrections/plan.ts';
import { createRecycler } from './recycle.ts';
import type { ResolvedSelection, ResolvedStep } from './resolve.ts';
import { type HandedCuts, handedCuts, leavesCut, type RecipeRun, recipeRuns, selectionKey, takesCut } from './runs.ts';

export interface RecipeInput {
  readonly picture: Picture;
  readonly scene: Scene;
  /** Of {@link resolveRecipe}. */
  readonly steps: readonly ResolvedStep[];
  /** By the names that the steps use. */
  readonly pictures: Readonly<Record<string, Picture>>;
  readonly allocate: Allocate;
  /** What was computed before for this picture and scene: the bytes stay the same. */
  readonly kept?: KeptWork;
  /** Of the thread that builds the plan. */
  readonly cache?: ThreadCache | undefined;
}

/** What whoever renders one picture again and again may keep between two plans. [Note: runs of a recipe] */
export interface KeptWork {
  /** Edges of selections, by {@link selectionKey}: {@link planRefineMatte} of the picture that the phase starts from. */
  readonly alphas?: Readonly<Record<string, Matte>>;
  /**
   * The selected alone before the first run, by {@link selectionKey}: what a run before handed on, else
   * {@link planCutAlong} of the picture that it starts from.
   */
  readonly cuts?: Readonly<Record<string, Picture>>;
  /** For each step of the first run: results of its effect's steps, by name, from {@link planRecipeStep}. */
  readonly steps?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * A recipe's steps over a picture. Same picture, scene and steps, same bytes, wherever it runs. A step sees what the
 * steps before it made; edges of selections are those of the picture after what hides. [Note: rows of a recipe]
 */
export function planRecipe(input: RecipeInput): Plan<Picture> {
  const work = createWork(input);
  let phase: boolean | undefined;
  const runs = recipeRuns(input.steps);
  const handed = handedCuts(runs);
  for (const [index, run] of runs.entries()) {
    const { hides } = run;
    if (hides !== phase) work.startPhase(runs.filter((each) => each.hides === hides).flatMap((each) => each.steps));
    phase = hides;
    planRun(work, run, handed[index] as HandedCuts);
  }
  return work.end();
}

/** What a run of a recipe gives: the picture, and those of a selection alone, for the runs after it. */
export interface RunResult {
  readonly picture: Picture;
  readonly cut: Picture;
}

/**
 * The one run that the steps are, with the cut that it hands on `shaded`, by the key of its selection: {@link handedCuts}.
 */
export function planRecipeRun(input: RecipeInput, key: string): Plan<RunResult> {
  const work = createWork(input);
  const [run] = recipeRuns(input.steps);
  if (run === undefined) throw new RangeError('Expected a run of steps.');
  work.startPhase(run.steps);
  planRun(work, run, { same: new Set(), shaded: key });
  const { passes, result } = work.end();
  return { passes, result: { picture: result, cut: work.handedCut(key) } };
}

function planRun(work: Work, { steps }: RecipeRun, handed: HandedCuts): void {
  const [first] = steps;
  const effect = getEffect(first?.effect ?? '');
  const mark = work.mark();
  if (first !== undefined && effect.shade === undefined) {
    work.whole(mark, effect.plan(work.input(effect, first).input), first.opacity, handed);
    return;
  }
  /** Whose selected alone the row's subject is. */
  let held: string | undefined;
  const shades = steps.map((step): ShadeStep => {
    const shading = getEffect(step.effect);
    const { input, selection } = work.input(shading, step);
    const shader = shading.shade?.(input);
    if (shader === undefined) throw new RangeError('Expected a run of shaders.');
    const key = takesCut(step) ? selectionKey(step.selection) : undefined;
    const isSubjectHeld = key !== undefined && key === held;
    held = key ?? held;
    if (held !== undefined && !leavesCut(step, held)) held = undefined;
    return { shader, selection, opacity: step.opacity, isSubjectHeld };
  });
  work.shade(mark, shades, handed);
}

/**
 * A step of the effect of the recipe's first step, to be kept: {@link EffectStep}. It takes the results of the effect's
 * steps before it from what is kept.
 */
export function planRecipeStep(input: RecipeInput, name: string): Plan<unknown> {
  const [first] = input.steps;
  const effect = getEffect(first?.effect ?? '');
  const step = effect.steps?.find((each) => each.name === name);
  if (first === undefined || step === undefined) throw new RangeError(`The effect ${effect.name} has no step ${name}.`);
  const work = createWork(input);
  work.startPhase([first]);
  const plan = step.plan(work.input(effect, first).input);
  return { passes: [...work.end().passes, ...plan.passes], result: plan.result };
}

type Work = ReturnType<typeof createWork>;

function createWork({ picture, scene, pictures, allocate: allocateNew, kept, cache }: RecipeInput) {
  const passes: Pass[] = [];
  const recycler = createRecycler(allocateNew, passes);
  const { allocate } = recycler;
  const alphas = new Map<string, Matte>();
  const given = new Map(Object.entries(kept?.alphas ?? {}));
  let current = picture;
  let cuts = new Map(Object.entries(kept?.cuts ?? {}));
  /** Of the steps of the first run that are still to come. */
  let steps = kept?.steps;

  function toPicture(size: Picture): Picture {
    return createPicture(size.width, size.height, { colorSpace: size.colorSpace, allocate: uncleared(allocate) });
  }

  /** With the cuts that those after the next picture take. */
  function become(next: Picture, handed: ReadonlyMap<string, Picture>): void {
    const live = new Set([next, ...handed.values()].map(({ data }) => data.buffer));
    // Nobody reads the picture before, or what else was cut out of it, any more. [Note: memory of a recipe]
    for (const { data } of [current, ...cuts.values()]) if (!live.has(data.buffer)) recycler.release(data.buffer);
    current = next;
    cuts = new Map(handed);
    steps = undefined;
  }

  /** Those that stay what they are. */
  function sameCuts(handed: HandedCuts): Map<string, Picture> {
    return new Map([...cuts].filter(([key]) => handed.same.has(key)));
  }

  /** The cut of a key that the run's shaders make another. */
  function toShadedCut(key: string): ShadedCut | undefined {
    const [cut, alpha] = [cuts.get(key), alphas.get(key) ?? given.get(key)];
    if (cut === undefined || alpha === undefined) return undefined;
    // What the caller keeps has to stay as it is.
    const isOwn = kept?.cuts?.[key] !== cut;
    return { cut, alpha, target: isOwn ? cut : toPicture(cut) };
  }

  /** Runs a plan, whose result stays while its other memory is free for what follows. */
  function keepResult<T extends Matte | Picture>(plan: () => Plan<T>): T {
    const mark = recycler.mark();
    const { passes: own, result } = plan();
    passes.push(...own);
    recycler.settle(mark, [result.data.buffer]);
    return result;
  }

  function alphaOf(selection: ResolvedSelection): Matte | undefined {
    const { matte } = selection;
    if (matte === undefined) return undefined;
    const name = selectionKey(selection);
    const known = alphas.get(name) ?? given.get(name);
    if (known !== undefined) return known;
    const alpha = keepResult(planAlpha(selection, matte));
    alphas.set(name, alpha);
    return alpha;
  }

  /** What an alpha is made of is there before its own plan is built: it stays. */
  function planAlpha(selection: ResolvedSelection, matte: Matte): () => Plan<Matte> {
    const { inverted, corrected, ...plain } = selection;
    if (inverted) {
      const alpha = alphaOf({ ...selection, inverted: false }) as Matte;
      return () => planInverseMatte(alpha, allocate);
    }
    if (corrected === undefined) return () => planRefineMatte(current, matte, allocate);
    const alpha = alphaOf({ ...plain, inverted }) as Matte;
    return () => planCorrections(current, alpha, corrected.corrections, allocate);
  }

  function cutOf(selection: ResolvedSelection, alpha: Matte): Picture {
    const key = selectionKey(selection);
    const known = cuts.get(key);
    if (known !== undefined) return known;
    const cut = keepResult(() => planCutAlong(current, alpha, allocate));
    cuts.set(key, cut);
    return cut;
  }

  function selectionOf(effect: Effect, resolved: ResolvedSelection): Selection {
    const { subjects, faces } = resolved;
    const alpha = effect.takes === undefined ? undefined : alphaOf(resolved);
    if (alpha === undefined) return { subjects, faces };
    return effect.takes === 'cut'
      ? { subjects, faces, alpha, cut: cutOf(resolved, alpha) }
      : { subjects, faces, alpha };
  }

  return {
    /** The edges of the phase's selections, while the picture is what the phase starts from. */
    startPhase(phase: readonly ResolvedStep[]): void {
      for (const { data } of alphas.values()) recycler.release(data.buffer);
      alphas.clear();
      for (const step of phase) if (getEffect(step.effect).takes !== undefined) alphaOf(step.selection);
    },

    input(effect: Effect, { params, assets, selection: resolved, text, opacity }: ResolvedStep) {
      const selection = selectionOf(effect, resolved);
      const { cut } = selection;
      const [ofStep] = steps ?? [];
      steps = steps?.slice(1);
      const input: EffectInput<never> = {
        picture: current,
        scene: withMatte(scene, resolved),
        params: params as never,
        assets: takePictures(effect, assets, pictures),
        allocate,
        selection,
        ...(cut !== undefined && { cut }),
        // Only the caller's picture has to stay as it is, and one that a share of is kept.
        ...(current !== picture && opacity === 1 && { target: current }),
        ...(text !== undefined && { text }),
        ...(ofStep !== undefined && { kept: ofStep }),
        cache,
      };
      return { input, selection };
    },

    /** Before a run's effects are asked for their plans. */
    mark: () => recycler.mark(),

    shade(mark: number, run: readonly ShadeStep[], handed: HandedCuts): void {
      const { shaded: key } = handed;
      const shaded = key === undefined ? undefined : toShadedCut(key);
      // Only the caller's picture has to stay as it is.
      const target = current === picture ? toPicture(picture) : current;
      const plan = planShadeRun(current, run, target, { cache, shaded });
      passes.push(...plan.passes);
      const next = sameCuts(handed);
      if (key !== undefined && shaded !== undefined) next.set(key, shaded.target);
      recycler.settle(
        mark,
        [plan.result, ...next.values()].map(({ data }) => data.buffer),
      );
      become(plan.result, next);
    },

    whole(mark: number, plan: Plan<Picture>, opacity: number, handed: HandedCuts): void {
      passes.push(...plan.passes);
      const { result } = plan;
      const isSameSize = result.width === current.width && result.height === current.height;
      if (opacity < 1 && isSameSize) passes.push(mix(current, opacity, result));
      recycler.settle(mark, [result.data.buffer]);
      become(result, sameCuts(handed));
    },

    handedCut(key: string): Picture {
      const cut = cuts.get(key);
      if (cut === undefined) throw new RangeError(`The run hands on no cut of ${key}.`);
      return cut;
    },

    end: (): Plan<Picture> => ({ passes, result: current }),
  };
}

/** How much of each pixel is selected, corrected by hand. Throws `RangeError` where all is. */
export function planSelection(picture: Picture, selection: ResolvedSelection, allocate: Allocate): Plan<Matte> {
  const { matte, inverted, corrected } = selection;
  if (matte === undefined) throw new RangeError('Expected a selection with a matte.');
  const plans = [planRefineMatte(picture, matte, allocate)];
  const last = (): Matte => (plans.at(-1) as Plan<Matte>).result;
  if (corrected !== undefined) plans.push(planCorrections(picture, last(), corrected.corrections, allocate));
  if (inverted) plans.push(planInverseMatte(last(), allocate));
  return { passes: plans.flatMap(({ passes }) => passes), result: last() };
}

/** What is selected as a matte of the whole picture, at model resolution or less; nothing where all is. */
export function selectedMatte(selection: ResolvedSelection | undefined): Matte | undefined {
  const matte = selection?.corrected?.matte ?? selection?.matte;
  if (matte === undefined || selection?.inverted !== true) return matte;
  const { width, height, data } = matte;
  return createMatte(width, height, { data: data.map((value) => 255 - value) });
}

/** The scene whose matte is the selection, for effects that act on the matte: few look at it, and it may be an inverse. */
function withMatte(scene: Scene, selection: ResolvedSelection): Scene {
  const plain = selection.corrected?.matte ?? selection.matte;
  if (plain === undefined || (plain === scene.matte?.matte && !selection.inverted)) return scene;
  const provenance = scene.matte?.provenance ?? { models: [] };
  let fact: Scene['matte'];
  return {
    ...scene,
    get matte() {
      fact ??= { matte: selectedMatte(selection) as Matte, provenance };
      return fact;
    },
  };
}

function takePictures(
  effect: Effect,
  names: Readonly<Record<string, string>>,
  pictures: Readonly<Record<string, Picture>>,
): Readonly<Record<string, Picture>> {
  return Object.fromEntries(
    Object.entries(names).map(([asset, name]) => {
      const found = Object.hasOwn(pictures, name) ? pictures[name] : undefined;
      if (found !== undefined) return [asset, found];
      throw new FocalError('not-found', `${effect.name} uses a picture called ${name}, which was not given.`, {
        hint: `Hand it over under the name ${name}.`,
      });
    }),
  );
}

/** What the matte leaves. */
export function planInverseMatte(matte: Matte, allocate: Allocate): Plan<Matte> {
  const result = createMatte(matte.width, matte.height, { allocate: uncleared(allocate) });
  const { width } = matte;
  const pass: Pass = {
    name: 'inverse',
    rows: matte.height,
    run: (from, to) => {
      const own = matte.data.subarray(from * width, to * width);
      const target = result.data.subarray(from * width, to * width);
      const [read, write] = [toWords(own), toWords(target)];
      const count = read === undefined || write === undefined ? 0 : write.length;
      for (let i = 0; i < count; i++) (write as Int32Array)[i] = ~((read as Int32Array)[i] as number);
      for (let i = count * 4; i < target.length; i++) target[i] = 255 - (own[i] as number);
    },
  };
  return { passes: [pass], result };
}

/** Leaves a share of the change only. */
function mix(before: Picture, opacity: number, result: Picture): Pass {
  const share = Math.round(opacity * 256);
  const { width, height, data } = result;
  return {
    name: 'mix',
    rows: height,
    run: (from, to) => {
      for (let i = from * width * 4; i < to * width * 4; i++) {
        const was = before.data[i] as number;
        data[i] = was + ((((data[i] as number) - was) * share + 128) >> 8);
      }
    },
  };
}
