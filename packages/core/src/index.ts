// Errors

// Running work
export { type Pass, type Plan, type RunPlanOptions, runPlan } from './async/plan.ts';
export { describeParameters, type ParameterInfo, parseParameters } from './effects/describe.ts';
// Effects
export type { AssetSpec, Effect, EffectInput, ParameterMeta } from './effects/effect.ts';
export { effects, getEffect } from './effects/index.ts';
export { type ErrorCode, type ErrorData, FocalError, fromErrorData, throwIfAborted, toErrorData } from './errors.ts';
// Pictures and mattes
export { createMatte, type Matte } from './picture/matte.ts';
export {
  type Allocate,
  allocateLocal,
  assertSize,
  type Bytes,
  type ColorSpace,
  createPicture,
  type Picture,
} from './picture/picture.ts';
// Scenes
export type { Fact, MatteFact, Provenance, Scene } from './scene/scene.ts';
