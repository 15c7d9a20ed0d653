import {
  type CheckedStep,
  checkSteps,
  createRecipe,
  describeParameters,
  FocalError,
  formatSelector,
  getEffect,
  type LayOutText,
  type Matte,
  type Picture,
  parseSelector,
  type ResolvedStep,
  resolveSelector,
  stepNeeds,
  takeNobody,
} from '@focal/core';
import type { Subject } from './photo.ts';
import type { LookStep, SkippedRequest } from './types.ts';

export interface ResolvedLook {
  readonly steps: readonly ResolvedStep[];
  readonly skipped: readonly SkippedRequest[];
}

export interface ResolveInput {
  /** The open photo, and its size on the stage that is rendered. */
  readonly picture: Picture;
  readonly size: { readonly width: number; readonly height: number };
  readonly subject: Subject;
  readonly share: (matte: Matte) => Matte;
  /** There where a step writes. */
  readonly layOut: LayOutText | undefined;
}

/**
 * The steps of a look for the open photo. Those that cannot be done to it, or not yet, are left out and told of. Throws
 * `invalid-argument` for parameters that no control gives.
 */
export function resolveLook(look: readonly LookStep[], input: ResolveInput): ResolvedLook {
  const { scene } = input.subject;
  const skipped: SkippedRequest[] = [];
  const usable = look.map(toUsable);
  for (const [index, step] of usable.entries()) {
    if (step === undefined) skipped.push({ index, reason: 'Choose a picture for it first.', missing: [] });
  }
  const recipe = createRecipe(usable.map((step, i) => toStep(step ?? (look[i] as LookStep), step !== undefined)));
  const steps: ResolvedStep[] = [];
  for (const step of checkSteps(recipe)) {
    const { index } = step;
    const missing = stepNeeds(step).filter((fact) => !scene.facts.includes(fact));
    if (missing.length > 0) {
      skipped.push({ index, reason: 'Who and what is in the photo is being looked for.', missing });
      continue;
    }
    const resolved = resolveStep(step, input);
    if (typeof resolved === 'string') skipped.push({ index, reason: resolved, missing: [] });
    else steps.push(resolved);
  }
  return { steps, skipped };
}

/** A step for the photo, or a sentence why there is none. */
function resolveStep(
  { effect, selector, params, assets, opacity }: CheckedStep,
  { picture, size, subject, share, layOut }: ResolveInput,
): ResolvedStep | string {
  // What hides takes nobody for an answer.
  const key = `${effect.order === 'first' ? 'hides ' : ''}${formatSelector(selector)}`;
  let selection = subject.selections.get(key);
  if (selection === undefined) {
    selection = resolveSelector(selector, picture, subject.scene);
    if (typeof selection === 'string') selection = takeNobody(effect, selector) ?? selection;
    if (typeof selection !== 'string' && selection.matte !== undefined) {
      selection = { ...selection, matte: share(selection.matte) };
    }
    subject.selections.set(key, selection);
  }
  if (typeof selection === 'string') return selection;
  try {
    const text = layOut === undefined ? undefined : effect.layOut?.(params as never, size, layOut);
    return { effect: effect.name, params, assets, opacity, selection, ...(text !== undefined && { text }) };
  } catch (error) {
    if (error instanceof FocalError) return error.message;
    throw error;
  }
}

function toStep({ effect, on, params, assets, enabled, opacity }: LookStep, isUsable: boolean) {
  const given = on === undefined ? {} : { on: parseSelector(on) };
  return { effect, ...given, params: { ...params }, assets: { ...assets }, enabled: enabled && isUsable, opacity };
}

/** While a picture is still to be chosen, another choice stands in; nothing where there is none. */
function toUsable(step: LookStep): LookStep | undefined {
  const effect = getEffect(step.effect);
  const [asset] = effect.assets;
  const info = describeParameters(effect).find((each) => each.type === 'enum' && each.values.includes('picture'));
  if (asset === undefined || info === undefined || step.assets[asset.name] !== undefined) return step;
  if ((step.params[info.name] ?? info.default) !== 'picture') return step;
  return info.default === 'picture' ? undefined : { ...step, params: { ...step.params, [info.name]: info.default } };
}
