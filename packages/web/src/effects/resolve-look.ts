import {
  type CheckedStep,
  checkSteps,
  completeFacts,
  correctionNeeds,
  createCorrector,
  createRecipe,
  describeParameters,
  FocalError,
  formatSelector,
  getEffect,
  isCorrected,
  type LayOutText,
  type Matte,
  type Picture,
  type Point,
  parseSelector,
  pickMatte,
  type ResolvedSelection,
  type ResolvedStep,
  resolveSelector,
  selectorNeeds,
  stepNeeds,
  takeNobody,
} from '@focal/core';
import { parseEdits } from './look-file.ts';
import type { Subject } from './photo.ts';
import type { LookRequest, LookStep, SkippedRequest } from './types.ts';

export interface ResolvedLook {
  readonly steps: readonly ResolvedStep[];
  /** Where each of `steps` stands in the look, from 0. */
  readonly places: readonly number[];
  readonly skipped: readonly SkippedRequest[];
  /** About picks of corrections at which nothing is, and about text that covers a face. */
  readonly missed: readonly string[];
}

/** The open photo, and where mattes are put that its threads share. */
export interface PhotoInput {
  readonly picture: Picture;
  readonly subject: Subject;
  readonly share: (matte: Matte) => Matte;
}

export interface ResolveInput extends PhotoInput {
  /** The photo's size on the stage that is rendered. */
  readonly size: { readonly width: number; readonly height: number };
  /** There where a step writes. */
  readonly layOut: LayOutText | undefined;
}

const LOOKING = 'Who and what is in the photo is being looked for.';

/**
 * The steps of a look for the open photo. Those that cannot be done to it, or not yet, are left out and told of. Throws
 * `invalid-argument` for parameters that no control gives.
 */
export function resolveLook({ steps: look, corrections }: LookRequest, input: ResolveInput): ResolvedLook {
  const { scene } = input.subject;
  const skipped: SkippedRequest[] = [];
  const missed = new Set<string>();
  const edits = getCorrections(corrections, input)?.edits;
  const usable = look.map(toUsable);
  for (const [index, step] of usable.entries()) {
    if (step === undefined) skipped.push({ index, reason: 'Choose a picture for it first.', missing: [] });
  }
  const recipe = createRecipe(usable.map((step, i) => toStep(step ?? (look[i] as LookStep), step !== undefined)));
  const steps: ResolvedStep[] = [];
  const places: number[] = [];
  for (const step of checkSteps(recipe)) {
    const { index } = step;
    const missing = stepNeeds(step, edits).filter((fact) => !scene.facts.includes(fact));
    if (missing.length > 0) {
      skipped.push({ index, reason: LOOKING, missing });
      continue;
    }
    const resolved = resolveStep(step, corrections, input, missed);
    if (typeof resolved === 'string') {
      skipped.push({ index, reason: resolved, missing: [] });
      continue;
    }
    steps.push(resolved);
    places.push(index);
  }
  return { steps, places, skipped, missed: [...missed] };
}

/** What a selector means in the photo, corrected by hand, or why that is not known. */
export function resolveSelection(
  on: string,
  corrections: string | undefined,
  input: PhotoInput,
):
  | { readonly selection: ResolvedSelection; readonly missed: readonly string[] }
  | { readonly reason: string; readonly missing: SkippedRequest['missing'] } {
  const { scene } = input.subject;
  const selector = parseSelector(on);
  const edits = getCorrections(corrections, input)?.edits;
  const needs = completeFacts([...selectorNeeds(selector), ...correctionNeeds(edits, selector)]);
  const missing = needs.filter((fact) => !scene.facts.includes(fact));
  if (missing.length > 0) return { reason: LOOKING, missing };
  const plain = takeSelection(formatSelector(selector), input, () =>
    resolveSelector(selector, input.picture, scene, input.subject.known),
  );
  if (typeof plain === 'string') return { reason: plain, missing: [] };
  return getCorrections(corrections, input)?.correct(plain, selector) ?? { selection: plain, missed: [] };
}

/** A step for the photo, or a sentence why there is none. */
function resolveStep(
  { effect, selector, params, assets, opacity }: CheckedStep,
  corrections: string | undefined,
  input: ResolveInput,
  missed: Set<string>,
): ResolvedStep | string {
  const { size, layOut, picture, subject } = input;
  // What hides takes nobody for an answer.
  const key = `${effect.order === 'first' ? 'hides ' : ''}${formatSelector(selector)}`;
  const plain = takeSelection(key, input, () => {
    const found = resolveSelector(selector, picture, subject.scene, subject.known);
    return typeof found === 'string' ? (takeNobody(effect, selector, subject.scene) ?? found) : found;
  });
  if (typeof plain === 'string') return plain;
  const corrected = isCorrected(effect) ? getCorrections(corrections, input)?.correct(plain, selector) : undefined;
  const selection = corrected?.selection ?? plain;
  for (const sentence of corrected?.missed ?? []) missed.add(sentence);
  try {
    const photo = { picture: size, scene: subject.scene };
    const written = layOut === undefined ? undefined : effect.layOut?.(params as never, photo, layOut);
    if (written?.warning !== undefined) missed.add(written.warning);
    return { effect: effect.name, params, assets, opacity, selection, ...(written && { text: written.block }) };
  } catch (error) {
    if (error instanceof FocalError) return error.message;
    throw error;
  }
}

function takeSelection(
  key: string,
  { subject, share }: PhotoInput,
  find: () => ResolvedSelection | string,
): ResolvedSelection | string {
  const known = subject.selections.get(key);
  if (known !== undefined) return known;
  const found = find();
  const selection =
    typeof found === 'string' || found.matte === undefined ? found : { ...found, matte: share(found.matte) };
  subject.selections.set(key, selection);
  return selection;
}

/** What was corrected by hand, worked out once for as long as neither that nor the scene changes. */
function getCorrections(text: string | undefined, input: PhotoInput): Subject['corrections'] {
  const { subject, picture, share } = input;
  if (text === undefined) return undefined;
  if (subject.corrections?.text === text) return subject.corrections;
  const edits = parseEdits({ corrections: JSON.parse(text) });
  const pickAt = (point: Point) => takePick(point, input);
  const correct = createCorrector(edits, picture, subject.scene, { pickAt, share });
  subject.corrections = { text, edits, correct };
  return subject.corrections;
}

/** What is at a point of the photo, for corrections; looked for once. */
export function takePick({ x, y }: Point, { subject, picture, share }: PhotoInput): Matte | undefined {
  const key = `${x} ${y}`;
  if (subject.picks.has(key)) return subject.picks.get(key);
  const found = pickMatte(picture, subject.scene, { x, y });
  const matte = found && share(found);
  subject.picks.set(key, matte);
  return matte;
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
