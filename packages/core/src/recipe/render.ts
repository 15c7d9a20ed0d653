import type { Pass, Plan } from '../async/plan.ts';
import type { Effect, EffectInput, Selection } from '../effects/effect.ts';
import { getEffect } from '../effects/index.ts';
import { planShadeRun, type ShadeStep } from '../effects/shade.ts';
import { FocalError } from '../errors.ts';
import { planCutAlong } from '../matte/cut.ts';
import { planRefineMatte } from '../matte/refine.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture } from '../picture/picture.ts';
import type { Scene } from '../scene/scene.ts';
import type { ResolvedSelection, ResolvedStep } from './resolve.ts';

export interface RecipeInput {
  readonly picture: Picture;
  readonly scene: Scene;
  /** Of {@link resolveRecipe}. */
  readonly steps: readonly ResolvedStep[];
  /** By the names that the steps use. */
  readonly pictures: Readonly<Record<string, Picture>>;
  readonly allocate: Allocate;
}

/**
 * A recipe's steps over a picture. Same picture, scene and steps, same bytes, wherever it runs. A step sees what the
 * steps before it made; edges of selections are those of the picture after what hides. [Note: rows of a recipe]
 */
export function planRecipe(input: RecipeInput): Plan<Picture> {
  const work = createWork(input);
  let run: ShadeStep[] = [];
  const flush = (): void => {
    if (run.length > 0) work.shade(run);
    run = [];
  };
  for (const step of input.steps) {
    const effect = getEffect(step.effect);
    // What it reads beyond its own row has to be there, rounded.
    if (effect.shade === undefined || effect.readsPicture?.(step.params as never) === true) flush();
    const { input: stepInput, selection } = work.input(effect, step);
    if (effect.shade === undefined) work.whole(effect.plan(stepInput), step.opacity);
    else run.push({ shader: effect.shade(stepInput), selection, opacity: step.opacity });
  }
  flush();
  return work.end();
}

function createWork({ picture, scene, pictures, allocate }: RecipeInput) {
  const passes: Pass[] = [];
  const alphas = new Map<string, Matte>();
  let current = picture;
  let cuts = new Map<string, Picture>();

  function toPicture(size: Picture): Picture {
    return createPicture(size.width, size.height, { colorSpace: size.colorSpace, allocate });
  }

  function become(next: Picture): void {
    current = next;
    cuts = new Map();
  }

  function alphaOf({ key, matte, inverted }: ResolvedSelection): Matte | undefined {
    if (matte === undefined) return undefined;
    let alpha = alphas.get(key);
    if (alpha === undefined) {
      const refined = planRefineMatte(current, matte, allocate);
      passes.push(...refined.passes);
      alpha = refined.result;
      alphas.set(key, alpha);
    }
    if (!inverted) return alpha;
    const known = alphas.get(`not ${key}`);
    if (known !== undefined) return known;
    const rest = planInverse(alpha, allocate);
    passes.push(...rest.passes);
    alphas.set(`not ${key}`, rest.result);
    return rest.result;
  }

  function cutOf(selection: ResolvedSelection, alpha: Matte): Picture {
    const key = `${selection.inverted ? 'not ' : ''}${selection.key}`;
    const known = cuts.get(key);
    if (known !== undefined) return known;
    const cut = planCutAlong(current, alpha, allocate);
    passes.push(...cut.passes);
    cuts.set(key, cut.result);
    return cut.result;
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
    input(effect: Effect, { params, assets, selection: resolved }: ResolvedStep) {
      const selection = selectionOf(effect, resolved);
      const { cut } = selection;
      const input: EffectInput<never> = {
        picture: current,
        scene: withMatte(scene, resolved),
        params: params as never,
        assets: takePictures(effect, assets, pictures),
        allocate,
        selection,
        ...(cut !== undefined && { cut }),
      };
      return { input, selection };
    },

    shade(run: readonly ShadeStep[]): void {
      // Only the caller's picture has to stay as it is.
      const plan = planShadeRun(current, run, current === picture ? toPicture(picture) : current);
      passes.push(...plan.passes);
      become(plan.result);
    },

    whole(plan: Plan<Picture>, opacity: number): void {
      passes.push(...plan.passes);
      const { result } = plan;
      const isSameSize = result.width === current.width && result.height === current.height;
      if (opacity < 1 && isSameSize) passes.push(mix(current, opacity, result));
      become(result);
    },

    end: (): Plan<Picture> => ({ passes, result: current }),
  };
}

/** What is selected as a matte of the whole picture, at model resolution; nothing where all is. */
export function selectedMatte(selection: ResolvedSelection | undefined): Matte | undefined {
  if (selection?.matte === undefined || !selection.inverted) return selection?.matte;
  const { width, height, data } = selection.matte;
  return createMatte(width, height, { data: data.map((value) => 255 - value) });
}

/** The scene whose matte is the selection, for effects that act on the matte. */
function withMatte(scene: Scene, selection: ResolvedSelection): Scene {
  const matte = selectedMatte(selection);
  if (matte === undefined || matte === scene.matte?.matte) return scene;
  return { ...scene, matte: { matte, provenance: scene.matte?.provenance ?? { models: [] } } };
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

function planInverse(matte: Matte, allocate: Allocate): Plan<Matte> {
  const result = createMatte(matte.width, matte.height, { allocate });
  const { width } = matte;
  const pass: Pass = {
    name: 'inverse',
    rows: matte.height,
    run: (from, to) => {
      for (let i = from * width; i < to * width; i++) result.data[i] = 255 - (matte.data[i] as number);
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
