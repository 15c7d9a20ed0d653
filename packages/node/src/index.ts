// Files

// Codecs
export { DEFAULT_MAX_PIXELS, type DecodedPicture, type DecodeOptions } from './codec/decode.ts';
export type { EncodePictureOptions, OutputFormat } from './codec/encode.ts';
export type { InputFormat } from './codec/sniff.ts';
export { toFileError } from './files/file-error.ts';
export { findHome, type Home, type HomeFacts, makePrivateFolder } from './files/home.ts';
export { type SaveFileOptions, saveFile } from './files/save-file.ts';
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
// Threads
export type { FoundDevice, InferenceJobs, InferenceSetup } from './workers/inference-jobs.ts';
export { createMemoryPool, type Lease, type MemoryPool } from './workers/memory-pool.ts';
export type { PixelJobs } from './workers/pixel-jobs.ts';
export type { PlanSpec } from './workers/plan-spec.ts';
export { createInferencePool, createPixelPool } from './workers/pools.ts';
export { type RunPlanParallelOptions, runPlanParallel } from './workers/run-plan.ts';
export { type JobOptions, type WorkerPool } from './workers/worker-pool.ts';
