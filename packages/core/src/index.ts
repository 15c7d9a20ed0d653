// Errors
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
// Effects
export type { AssetSpec, Effect, EffectInput, ParameterMeta } from './effects/effect.ts';
// Running work
export { type Pass, type Plan, runPlan, type RunPlanOptions } from './async/plan.ts';
