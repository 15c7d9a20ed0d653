import type { OwnModel } from './own/own-model.ts';

/** Element types that cross the {@link Session} port. `float16` comes as raw bits. */
export type TensorData =
  | { readonly type: 'float32'; readonly data: Float32Array }
  | { readonly type: 'float16'; readonly data: Uint16Array }
  | { readonly type: 'uint8'; readonly data: Uint8Array }
  | { readonly type: 'int32'; readonly data: Int32Array }
  | { readonly type: 'int64'; readonly data: BigInt64Array };

/** A dense tensor, row-major. `dims` multiply up to the length of `data`. */
export type Tensor = TensorData & { readonly dims: readonly number[] };

/** A device that inference runs on. */
export type Device = 'cpu' | 'webgpu' | 'cuda' | 'wasm';

/** How a session trades memory for speed. `low-memory`: no arena, smaller graph optimisation. */
export type MemoryProfile = 'fast' | 'low-memory';

export interface RunOptions {
  /** Only these outputs are computed and returned; all when left out. */
  readonly outputs?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A loaded model, ready to run. Owned by whoever loaded it; `close()` is idempotent, use after it throws `closed`. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly device: Device;
  run(feeds: Readonly<Record<string, Tensor>>, options?: RunOptions): Promise<Readonly<Record<string, Tensor>>>;
  close(): Promise<void>;
}

export interface LoadOptions {
  readonly profile?: MemoryProfile;
  /** Threads inside a run, at most; the runtime's own where left out, or where it cannot tell them apart. */
  readonly threads?: number;
}

/** Loads ONNX models. One per thread that infers; implementations are the only code that knows the runtime library. */
export interface Runtime {
  readonly device: Device;
  /**
   * @param onnx an ONNX model as bytes, or a path where the platform has files.
   * Throws `model-invalid` when the model cannot be loaded, with what was tried.
   */
  load(onnx: Uint8Array | string, options?: LoadOptions): Promise<Session>;
  close(): Promise<void>;
}

/** Where model files come from: npm packages, a folder of pulled models, the browser's storage. */
export interface ModelStore {
  /** Whether the file of this catalogue entry is there, without reading it all. */
  has(modelId: string): Promise<boolean>;
  /** The model's original file bytes (ONNX or TFLite). Throws `model-missing` with a hint. */
  read(modelId: string): Promise<Uint8Array>;
  /**
   * A derived ONNX model (imported, pruned) by key, from a cache where the platform has one. `build` runs when it is
   * not cached; what comes back can be given to {@link Runtime.load}.
   */
  derived(key: string, build: () => Promise<Uint8Array>): Promise<Uint8Array | string>;
  /** The names of the classes that this model tells apart, one a line, where they came with it. */
  labels?(modelId: string): Promise<string | undefined>;
  /** The user's own model that runs in place of this one, where there is one. */
  own?(modelId: string): OwnModel | undefined;
}
