import {
  type Allocate,
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
export type PlanJob =
  | { readonly kind: 'resize'; readonly picture: Picture; readonly width: number; readonly height: number }
  | { readonly kind: 'cut'; readonly picture: Picture; readonly matte: Matte }
  | {
      readonly kind: 'effect';
      readonly effect: string;
      readonly params: Readonly<Record<string, unknown>>;
      readonly picture: Picture;
      readonly scene: Scene;
      /** The subject, where it was computed before. */
      readonly cut: Picture | undefined;
      readonly assets: Readonly<Record<string, Picture>>;
    };

/** Builds the plan of a job. Throws `invalid-argument` where parameters, assets or facts are missing. */
export function buildPlan(job: PlanJob, allocate: Allocate): Plan<Picture> {
  switch (job.kind) {
    case 'resize':
      return planResizePicture(job.picture, job.width, job.height, { allocate });
    case 'cut':
      return planCut(job.picture, job.matte, allocate);
    case 'effect': {
      const effect = getEffect(job.effect);
      const params = parseParameters(effect, job.params);
      const { picture, scene, assets, cut } = job;
      return effect.plan({ picture, scene, params, assets, allocate, ...(cut === undefined ? {} : { cut }) });
    }
  }
}
