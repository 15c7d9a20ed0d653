import {
  type Allocate,
  type KeptWork,
  type Matte,
  type Picture,
  type Plan,
  planCorrections,
  planCutAlong,
  planInverseMatte,
  planRecipe,
  planRecipeRun,
  planRecipeStep,
  planRefineMatte,
  planResizePicture,
  type ResolvedCorrection,
  type ResolvedStep,
  type RunResult,
  type Scene,
  type ThreadCache,
} from '@focal/core';

/** Pixel work as plain data: what every thread needs to build the same plan. [Note: one plan, many threads] */
export type PlanJob =
  | { readonly kind: 'resize'; readonly picture: Picture; readonly width: number; readonly height: number }
  | { readonly kind: 'alpha'; readonly picture: Picture; readonly matte: Matte }
  | {
      readonly kind: 'correct';
      readonly picture: Picture;
      readonly alpha: Matte;
      readonly corrections: readonly ResolvedCorrection[];
    }
  | { readonly kind: 'inverse'; readonly matte: Matte }
  | { readonly kind: 'cut'; readonly picture: Picture; readonly alpha: Matte }
  | (RecipeJob & { readonly kind: 'recipe' })
  /** One run, with the cut of a selection as the run leaves it. */
  | (RecipeJob & { readonly kind: 'run'; readonly cutOf: string })
  /** A step of the first step's effect, to be kept. */
  | (RecipeJob & { readonly kind: 'step'; readonly name: string });

export interface RecipeJob {
  readonly picture: Picture;
  readonly scene: Scene;
  readonly steps: readonly ResolvedStep[];
  /** By the names that the steps use. */
  readonly pictures: Readonly<Record<string, Picture>>;
  readonly kept: KeptWork;
}

/** What each kind of job gives. */
export interface PlanResults {
  readonly resize: Picture;
  readonly alpha: Matte;
  readonly correct: Matte;
  readonly inverse: Matte;
  readonly cut: Picture;
  readonly recipe: Picture;
  readonly run: RunResult;
  /** Plain data that can be sent to other threads. */
  readonly step: unknown;
}

/** Builds the plan of a job. Throws `invalid-argument` where parameters, pictures or facts are missing. */
export function buildPlan<J extends PlanJob>(
  job: J,
  allocate: Allocate,
  cache: ThreadCache,
): Plan<PlanResults[J['kind']]>;
export function buildPlan(job: PlanJob, allocate: Allocate, cache: ThreadCache): Plan<unknown> {
  switch (job.kind) {
    case 'resize':
      return planResizePicture(job.picture, job.width, job.height, { allocate, cache });
    case 'alpha':
      return planRefineMatte(job.picture, job.matte, allocate);
    case 'correct':
      return planCorrections(job.picture, job.alpha, job.corrections, allocate);
    case 'inverse':
      return planInverseMatte(job.matte, allocate);
    case 'cut':
      return planCutAlong(job.picture, job.alpha, allocate);
    case 'recipe':
      return planRecipe({ ...job, allocate, cache });
    case 'run':
      return planRecipeRun({ ...job, allocate, cache }, job.cutOf);
    case 'step':
      return planRecipeStep({ ...job, allocate, cache }, job.name);
  }
}
