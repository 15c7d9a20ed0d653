import { FocalError, throwIfAborted } from '@focal/core';
import {
  checkRun,
  type DeclaredModel,
  type Device,
  type MemoryProfile,
  type Runtime,
  type Session,
  type Tensor,
} from '@focal/models';
import type * as Ort from 'onnxruntime-web';

/** Where the page serves the two files of one build of ONNX Runtime Web. */
export interface OrtFiles {
  readonly mjs: string;
  readonly wasm: string;
}

export interface OrtRuntimeOptions {
  /** The plain WebAssembly build. */
  readonly wasm: OrtFiles;
  /** The build with WebGPU; left out, or where WebGPU does not work, the plain one is used. */
  readonly webgpu?: OrtFiles | undefined;
  /** Threads where the page is cross-origin isolated, else one is used. Default: the machine's, at most 8. */
  readonly threads?: number | undefined;
}

/** A runtime, and why a better device was not taken. */
export interface OrtRuntime extends Runtime {
  readonly threads: number;
  readonly tried: readonly { readonly device: Device; readonly reason: string }[];
}

/**
 * ONNX Runtime Web in the calling worker: WebGPU where a real adapter is there, else WebAssembly. The library and its
 * files load with the first call. Throws `device-unavailable` where neither runs.
 */
export async function createOrtRuntime(options: OrtRuntimeOptions): Promise<OrtRuntime> {
  const tried: { device: Device; reason: string }[] = [];
  const files = options.webgpu === undefined ? 'not offered' : await findWebGpu();
  if (files === undefined && options.webgpu !== undefined) {
    const ort = await import('onnxruntime-web/webgpu');
    return startRuntime(ort, 'webgpu', options.webgpu, options, tried);
  }
  if (files !== undefined) tried.push({ device: 'webgpu', reason: files });
  const ort = await import('onnxruntime-web/wasm');
  return startRuntime(ort, 'wasm', options.wasm, options, tried);
}

/** Why WebGPU is of no use here; nothing where it is. Software adapters are slower than WebAssembly. */
async function findWebGpu(): Promise<string | undefined> {
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } }).gpu;
  if (gpu === undefined) return 'this browser has no WebGPU';
  try {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) return 'there is no adapter';
    const { isFallbackAdapter = false, architecture = '' } = adapter.info ?? {};
    if (isFallbackAdapter || architecture === 'swiftshader') return 'the only adapter is a software one';
    if (!adapter.features.has('shader-f16')) return 'the adapter has no 16-bit floats';
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface GpuAdapter {
  readonly features: ReadonlySet<string>;
  readonly info?: { readonly isFallbackAdapter?: boolean; readonly architecture?: string };
}

function startRuntime(
  ort: typeof Ort,
  device: 'wasm' | 'webgpu',
  files: OrtFiles,
  options: OrtRuntimeOptions,
  tried: OrtRuntime['tried'],
): OrtRuntime {
  const isShared = globalThis.crossOriginIsolated === true;
  const threads = isShared ? (options.threads ?? Math.min(8, navigator.hardwareConcurrency || 1)) : 1;
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: files.mjs, wasm: files.wasm };
  ort.env.logLevel = 'error';
  const sessions = new Set<Session>();
  let closed = false;

  return {
    device,
    threads,
    tried,
    async load(onnx, { profile = 'fast' } = {}) {
      if (closed) throw new FocalError('closed', 'The runtime was used after it was closed.');
      if (typeof onnx === 'string') throw new FocalError('invalid-argument', 'Expected model bytes, got a path.');
      const session = await loadSession(ort, onnx, device, profile, () => sessions.delete(session));
      sessions.add(session);
      return session;
    },
    async close() {
      closed = true;
      await Promise.all([...sessions].map((session) => session.close()));
    },
  };
}

async function loadSession(
  ort: typeof Ort,
  onnx: Uint8Array,
  device: 'wasm' | 'webgpu',
  profile: MemoryProfile,
  onClose: () => void,
): Promise<Session> {
  const lean = profile === 'low-memory';
  let inner: Ort.InferenceSession;
  try {
    inner = await ort.InferenceSession.create(onnx, {
      executionProviders: device === 'webgpu' ? ['webgpu', 'wasm'] : ['wasm'],
      graphOptimizationLevel: lean ? 'extended' : 'all',
      enableCpuMemArena: !lean,
      enableMemPattern: !lean,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FocalError('model-invalid', `The model could not be loaded on ${device}: ${reason}`, {
      hint: 'Close other tabs if memory is short, or let the Focal server do the work.',
      cause,
    });
  }
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    inputNames: inner.inputNames,
    outputNames: inner.outputNames,
    device,
    async run(feeds, { outputs = inner.outputNames, signal } = {}) {
      if (closed) throw new FocalError('closed', 'The session was used after it was closed.');
      throwIfAborted(signal);
      checkRun(describeModel(inner), feeds, outputs);
      const inputs: Record<string, Ort.Tensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toOrt(ort, tensor);
      // One run at a time: the library refuses a second one while the first is under way.
      const running = turn.then(() => inner.run(inputs, [...outputs]));
      turn = running.catch(() => undefined);
      const results = await running;
      throwIfAborted(signal);
      const named: Record<string, Tensor> = {};
      for (const name of outputs) {
        const result = results[name];
        if (result === undefined) throw new FocalError('model-invalid', `The model has no output ${name}.`);
        named[name] = await fromOrt(result);
      }
      return named;
    },
    async close() {
      if (closed) return;
      closed = true;
      onClose();
      await inner.release();
    },
  };
}

/** What the model says of itself, for {@link checkRun}. */
function describeModel({ inputMetadata, outputNames }: Ort.InferenceSession): DeclaredModel {
  const inputs = inputMetadata.map((input) =>
    input.isTensor
      ? { name: input.name, type: input.type, dims: input.shape }
      : { name: input.name, type: 'no tensor', dims: [] },
  );
  return { inputs, outputNames };
}

function toOrt(ort: typeof Ort, tensor: Tensor): Ort.Tensor {
  switch (tensor.type) {
    case 'float32':
      return new ort.Tensor('float32', tensor.data, tensor.dims);
    case 'float16':
      return new ort.Tensor('float16', tensor.data, tensor.dims);
    case 'uint8':
      return new ort.Tensor('uint8', tensor.data, tensor.dims);
    case 'int32':
      return new ort.Tensor('int32', tensor.data, tensor.dims);
    case 'int64':
      return new ort.Tensor('int64', tensor.data, tensor.dims);
  }
}

/** The numbers copied out of the runtime's own memory, which it uses again. */
async function fromOrt(tensor: Ort.Tensor): Promise<Tensor> {
  const data = await tensor.getData(true);
  const { dims } = tensor;
  if (data instanceof Float32Array) return { type: 'float32', data: data.slice(), dims };
  if (data instanceof Int32Array) return { type: 'int32', data: data.slice(), dims };
  if (data instanceof BigInt64Array) return { type: 'int64', data: data.slice(), dims };
  if (data instanceof Uint8Array) return { type: 'uint8', data: data.slice(), dims };
  if (data instanceof Uint16Array) return { type: 'float16', data: data.slice(), dims };
  throw new FocalError('model-invalid', `The model gives numbers of type ${tensor.type}, which Focal does not read.`);
}
