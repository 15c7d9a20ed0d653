// Files

// Video
export type { VideoCut, VideoFacts } from '@focal/video';
// Codecs
export { DEFAULT_MAX_PIXELS, type DecodedPicture, type DecodeOptions } from './codec/decode.ts';
export type { EncodePictureOptions, OutputFormat } from './codec/encode.ts';
export type { InputFormat } from './codec/sniff.ts';
export { toFileError } from './files/file-error.ts';
export { findHome, type Home, type HomeFacts, makePrivateFolder } from './files/home.ts';
export { type SaveFileOptions, saveFile } from './files/save-file.ts';
// Photos and videos of a library
export type { FilePath, InspectedMedia } from './media/inspect.ts';
export { type PreviewInput, suitsPreview, type Thumbnails } from './media/thumbnails.ts';
// Models
export { createDiskCache, type DiskCache, type DiskCacheOptions } from './models/disk-cache.ts';
export {
  createNodeModelStore,
  describeSource,
  installHint,
  modelsFolder,
  type NodeModelStore,
  type NodeModelStoreOptions,
} from './models/model-store.ts';
export { prepareOwnModel } from './models/own-model.ts';
export {
  type PulledModel,
  type PullModelOptions,
  type PullProgress,
  pullModel,
  removePulledModel,
} from './models/pull-model.ts';
// Inference
export type { DeviceFacts, TriedDevice } from './runtime/devices.ts';
export { createOrtRuntime, type OrtRuntime, type OrtRuntimeOptions } from './runtime/ort-runtime.ts';
export { readVersions } from './versions.ts';
export type { VideoOutput } from './video/video-output.ts';
// Threads
export type { FoundDevice, InferenceJobs, InferenceSetup } from './workers/inference-jobs.ts';
export type { LiveFrameInput, LiveFrameOutput, LiveJobs, LiveReady } from './workers/live-jobs.ts';
export { createMemoryPool, type Lease, type MemoryPool } from './workers/memory-pool.ts';
export type { PixelJobs } from './workers/pixel-jobs.ts';
export type { PlanSpec } from './workers/plan-spec.ts';
export { createInferencePool, createLivePool, createPixelPool, createVideoPool } from './workers/pools.ts';
export { type RunPlanParallelOptions, runPlanParallel } from './workers/run-plan.ts';
export type {
  AnonymiseVideoReport,
  BackgroundVideoInput,
  FocusVideoReport,
  VideoJobs,
  VideoProgress,
  VideoReport,
  VideoRequest,
} from './workers/video-jobs.ts';
export { type JobOptions, type WorkerPool } from './workers/worker-pool.ts';
