// Calling workers

// Correcting by hand
export { type BrushHandlers, serveBrush } from './brush/brush-worker.ts';
export type { Brush, SelectionStyle } from './brush/painter.ts';
export { type DecodeOptions, decodePicture, readBitmap } from './canvas/decode.ts';
export { type EncodePictureOptions, encodePicture, type WebFormat } from './canvas/encode.ts';
export { encodePng, type PngOptions } from './canvas/png.ts';
export { type FileKind, isDisplayP3, SNIFF_BYTES, sniffKind } from './canvas/sniff.ts';
// Effects
export { createEffectHandlers, type EffectHandlers, serveEffects } from './effects/effect-worker.ts';
export type { FontUrls } from './effects/fonts.ts';
export type {
  AnonymisedStep,
  EffectInfo,
  ExportRequest,
  ExportResult,
  LookCorrection,
  LookEdits,
  LookFile,
  LookRequest,
  LookStep,
  Opened,
  Rendered,
  RenderRequest,
  Selected,
  SelectionRequest,
  Sized,
  SkippedRequest,
  SmartRequest,
} from './effects/types.ts';
export type { NamedFile } from './effects/zip.ts';
// Inference
export { createFetchModelStore, type FetchModelStoreOptions, listKeptModels } from './inference/fetch-model-store.ts';
export {
  type Analysed,
  type AnalyseRequest,
  type AttackRequest,
  createInferenceHandlers,
  type InferenceHandlers,
  type InferenceProgress,
  type InferenceWorkerOptions,
  serveInference,
} from './inference/inference-worker.ts';
export { createOrtRuntime, type OrtFiles, type OrtRuntime, type OrtRuntimeOptions } from './inference/ort-runtime.ts';
export { DEMO_FRAMES_A_SECOND, DEMO_SIZE } from './live/demo/demo-scene.ts';
// Live pictures
export { type DetectHandlers, serveDetect } from './live/detect-worker.ts';
export type { DrawWish } from './live/draw/focus-painter.ts';
export type { DrawnBy } from './live/draw/trial.ts';
export { type FollowHandlers, type FollowWorkerOptions, type LockRequest, serveFollow } from './live/follow-worker.ts';
export {
  createLivePipeline,
  type LivePipeline,
  type OfferedFrame,
  type PipelineEvents,
  type PipelineSettings,
} from './live/pipeline.ts';
export { type RenderHandlers, type RenderSettings, type Shown, serveRender } from './live/render-worker.ts';
export type {
  FollowSettings,
  HideSettings,
  LiveBackdrop,
  LiveCover,
  LiveFollowed,
  LiveFrame,
  LiveLoading,
  LiveMode,
  LiveShape,
} from './live/types.ts';
// Threads
export { serveHelper } from './threads/helper.ts';
export type { PlanJob, PlanResults } from './threads/plan-job.ts';
export { createPlanRunner, type PlanRunner, type RunJobOptions } from './threads/plan-runner.ts';
export { type CallOptions, createWorkerClient, type WorkerClient } from './worker/client.ts';
export { type CallContext, type Handlers, type Port, Transferred } from './worker/messages.ts';
export { getWorkerPort, serveWorker } from './worker/serve.ts';
