import {
  type Allocate,
  type EffectInput,
  getEffect,
  type Matte,
  type Picture,
  type Plan,
  parseParameters,
  planCut,
  planResizePicture,
  type Scene,
} from '@focal/core';

/** Pixel work as plain data: what every thread needs to build the same plan. [Note: one plan, many threads] */
export type PlanJob = PictureJob | StepJob;

/** Work that gives a picture. */
export type PictureJob =
  | { readonly kind: 'resize'; readonly picture: Picture; readonly width: number; readonly height: number }
  | { readonly kind: 'cut'; readonly picture: Picture; readonly matte: Matte }
  | (EffectJob & { readonly kind: 'effect'; readonly assets: Readonly<Record<string, Picture>> });

/** A step of an effect, to be kept. */
export interface StepJob extends EffectJob {
  readonly kind: 'step';
  readonly step: string;
}

interface EffectJob {
  readonly effect: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly picture: Picture;
  readonly scene: Scene;
  /** The subject, computed before. */
  readonly cut: Picture;
  /** Results of the effect's steps, as far as they were computed before. */
  readonly kept: Readonly<Record<string, unknown>>;
}

/** Builds the plan of a job. Throws `invalid-argument` where parameters, assets or facts are missing. */
export function buildPlan(job: PictureJob, allocate: Allocate): Plan<Picture> {
  switch (job.kind) {
    case 'resize':
      return planResizePicture(job.picture, job.width, job.height, { allocate });
    case 'cut':
      return planCut(job.picture, job.matte, allocate);
    case 'effect':
      return getEffect(job.effect).plan(toInput(job, job.assets, allocate));
  }
}

/** The same for a step. Its result can be sent to other threads. */
export function buildStepPlan(job: StepJob, allocate: Allocate): Plan<unknown> {
  const step = getEffect(job.effect).steps?.find(({ name }) => name === job.step);
  if (step === undefined) throw new RangeError(`The effect ${job.effect} has no step ${job.step}.`);
  return step.plan(toInput(job, {}, allocate));
}

function toInput(job: EffectJob, assets: Readonly<Record<string, Picture>>, allocate: Allocate): EffectInput<never> {
  const { picture, scene, cut, kept } = job;
  const params = parseParameters(getEffect(job.effect), job.params);
  return { picture, scene, params: params as never, assets, allocate, cut, kept };
}
