// Files
export { toFileError } from './files/file-error.ts';
export { findHome, type Home, type HomeFacts, makePrivateFolder } from './files/home.ts';
export { type SaveFileOptions, saveFile } from './files/save-file.ts';
// Models
export { createDiskCache, type DiskCache, type DiskCacheOptions } from './models/disk-cache.ts';
export {
  createNodeModelStore,
  installHint,
  type NodeModelStore,
  type NodeModelStoreOptions,
} from './models/model-store.ts';
// Inference
export type { DeviceFacts, TriedDevice } from './runtime/devices.ts';
export { createOrtRuntime, type OrtRuntime, type OrtRuntimeOptions } from './runtime/ort-runtime.ts';
