import { getEffect, type Picture, parseParameters, type Scene } from '@focal/core';
import type { PlanRunner } from '../threads/plan-runner.ts';
import type { EffectRequest } from './types.ts';

/** Everything the worker knows of the open photo. */
export interface Photo {
  readonly picture: Picture;
  subject: Subject | undefined;
  /** The photo in the sizes that were asked for, by long side. */
  readonly stages: Map<number, Stage>;
}

/** The photo in one size. */
export interface Stage {
  readonly picture: Promise<Picture>;
}

/** Who is in the photo, and what was computed from that for each size. */
export interface Subject {
  readonly scene: Scene;
  readonly prepared: WeakMap<Stage, Prepared>;
}

interface Prepared {
  readonly cut: Promise<Picture>;
  /** The newest result of each step of each effect, and what it was made for. */
  readonly steps: Map<string, { readonly key: string; readonly result: Promise<unknown> }>;
}

const MAX_STAGES = 4;
/** Above this size the results of steps would take more memory than they save time. */
const MAX_KEPT_PIXELS = 4_200_000;

/** The photo no larger than `longSide`, made once for each size. */
export function getStage({ picture, stages }: Photo, longSide: number, runner: PlanRunner): Stage {
  const full = Math.max(picture.width, picture.height);
  const size = Math.min(full, Math.max(1, Math.round(longSide)));
  const known = stages.get(size);
  if (known !== undefined) return known;
  const width = Math.max(1, Math.round((picture.width * size) / full));
  const height = Math.max(1, Math.round((picture.height * size) / full));
  const stage: Stage = {
    picture: size === full ? Promise.resolve(picture) : runner.run({ kind: 'resize', picture, width, height }),
  };
  const [oldest] = stages.keys();
  if (stages.size >= MAX_STAGES && oldest !== undefined) stages.delete(oldest);
  stages.set(size, stage);
  return stage;
}

/** What an effect on a stage starts from. Computed where it is not there yet. */
export async function prepare(
  { scene, prepared }: Subject,
  stage: Stage,
  request: EffectRequest,
  runner: PlanRunner,
  options: { readonly background: boolean },
): Promise<{ readonly picture: Picture; readonly cut: Picture; readonly kept: Readonly<Record<string, unknown>> }> {
  const picture = await stage.picture;
  const known = prepared.get(stage) ?? {
    cut: runner.run({ kind: 'cut', picture, matte: toMatteOf(scene) }, options),
    steps: new Map(),
  };
  prepared.set(stage, known);
  const cut = await known.cut;
  const kept: Record<string, unknown> = {};
  if (picture.width * picture.height > MAX_KEPT_PIXELS) return { picture, cut, kept };
  const effect = getEffect(request.effect);
  const params = parseParameters(effect, request.params);
  for (const step of effect.steps ?? []) {
    const name = `${effect.name} ${step.name}`;
    const key = JSON.stringify(step.by.map((parameter) => params[parameter]));
    let entry = known.steps.get(name);
    if (entry?.key !== key) {
      const job = { kind: 'step', effect: effect.name, step: step.name, params: request.params } as const;
      entry = { key, result: runner.runStep({ ...job, picture, scene, cut, kept: { ...kept } }, options) };
      known.steps.set(name, entry);
    }
    kept[step.name] = await entry.result;
  }
  return { picture, cut, kept };
}

function toMatteOf(scene: Scene) {
  if (scene.matte === undefined) throw new RangeError('A subject has a matte.');
  return scene.matte.matte;
}
