import { FocalError, throwIfAborted } from '@focal/core';
import {
  checkRun,
  type DeclaredModel,
  type Device,
  type MemoryProfile,
  type RunOptions,
  type Runtime,
  type Session,
  type Tensor,
} from '@focal/models';
import type * as Ort from 'onnxruntime-node';
import { chooseDevice, type DeviceFacts, readDeviceFacts, type TriedDevice } from './devices.ts';
import { fromOrtTensor, toOrtTensor } from './ort-tensor.ts';
import { dropPreparedModel, findPreparedModel } from './prepared-model.ts';

export interface OrtRuntimeOptions {
  /** Default `auto`. A named device that is missing throws `device-unavailable`. */
  readonly device?: 'auto' | Device;
  /** Threads inside one model run. Default: ONNX Runtime's own choice, the physical cores. */
  readonly threads?: number;
  /** How sessions are made that do not say so themselves. Default `fast`. */
  readonly profile?: MemoryProfile;
  /** For tests: what the machine shows. */
  readonly facts?: DeviceFacts;
}

/** A runtime that also tells how its device was found. */
export interface OrtRuntime extends Runtime {
  readonly tried: readonly TriedDevice[];
  /** Version of ONNX Runtime. */
  readonly version: string;
}

/**
 * ONNX Runtime for Node. **Making a session and running it block the calling thread**, for seconds with large models,
 * though they return promises: this belongs in a worker thread. The device is tried by running a model of one number.
 */
export async function createOrtRuntime(options: OrtRuntimeOptions = {}): Promise<OrtRuntime> {
  const ort = await importOrt();
  // What goes wrong is thrown; the library's own lines on stderr would only repeat it.
  ort.env.logLevel = 'fatal';
  const { threads, profile = 'fast' } = options;
  const { device, tried } = await chooseDevice(options.device ?? 'auto', options.facts ?? readDeviceFacts(), (each) =>
    probe(ort, each),
  );
  const open = new Set<Session>();
  let closed = false;
  return {
    device,
    tried,
    version: versionOf(ort),
    async load(onnx, loadOptions = {}) {
      if (closed) throw new FocalError('closed', 'The inference runtime has been closed.');
      const most = loadOptions.threads === undefined ? threads : Math.min(loadOptions.threads, threads ?? Infinity);
      const sessionOptions = toSessionOptions(device, loadOptions.profile ?? profile, most);
      const session = await createSession(ort, onnx, sessionOptions, device, () => open.delete(session));
      open.add(session);
      return session;
    },
    async close() {
      closed = true;
      for (const session of Array.from(open)) await session.close();
    },
  };
}

async function importOrt(): Promise<typeof Ort> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new FocalError('device-unavailable', `ONNX Runtime cannot be loaded: ${String(cause)}`, {
      hint: `There may be no build for ${process.platform} on ${process.arch}. Else reinstall it: \`npm ci\`.`,
      cause,
    });
  }
}

/** ONNX Runtime's settings for a session. Measured on IS-Net: see docs/benchmarks.md. */
function toSessionOptions(
  device: Device,
  profile: MemoryProfile,
  threads: number | undefined,
): Ort.InferenceSession.SessionOptions {
  const base: Ort.InferenceSession.SessionOptions = {
    executionProviders: [device],
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    // Else its threads look out for more work for 40 ms after a run, in the way of those that go on with the result.
    extra: { session: { force_spinning_stop: '1' } },
  };
  if (profile === 'fast') return base;
  // Layout optimisation keeps a second, blocked copy of the weights; the arena keeps every size ever asked for.
  return { ...base, enableCpuMemArena: false, enableMemPattern: false, graphOptimizationLevel: 'extended' };
}

async function createSession(
  ort: typeof Ort,
  onnx: Uint8Array | string,
  options: Ort.InferenceSession.SessionOptions,
  device: Device,
  onClose: () => void,
): Promise<Session> {
  let session: Ort.InferenceSession | undefined;
  try {
    session = await openSession(ort, onnx, options, device);
  } catch (cause) {
    throw new FocalError('model-invalid', `The model could not be loaded on ${device}: ${messageOf(cause)}`, {
      hint: 'Tried ONNX Runtime with that device. Clear the cache if the file was cut short, else report the model.',
      cause,
    });
  }
  const { inputNames, outputNames } = session;
  return {
    inputNames,
    outputNames,
    device,
    async run(feeds, runOptions = {}) {
      if (session === undefined) throw new FocalError('closed', 'The model session has been closed.');
      return runSession(ort, session, feeds, runOptions);
    },
    async close() {
      const closing = session;
      session = undefined;
      if (closing === undefined) return;
      onClose();
      await closing.release();
    },
  };
}

/** From the model's prepared form where there is one; see [Note: prepared models]. */
async function openSession(
  ort: typeof Ort,
  onnx: Uint8Array | string,
  options: Ort.InferenceSession.SessionOptions,
  device: Device,
): Promise<Ort.InferenceSession> {
  if (typeof onnx !== 'string') return ort.InferenceSession.create(onnx, options);
  const prepared = device === 'cpu' ? await findPreparedModel(onnx, versionOf(ort), options) : undefined;
  if (prepared === undefined) return ort.InferenceSession.create(onnx, options);
  const { graph, missing } = prepared;
  if (missing === undefined) {
    try {
      return await ort.InferenceSession.create(graph, { ...options, graphOptimizationLevel: 'disabled' });
    } catch {
      await dropPreparedModel(graph);
      return ort.InferenceSession.create(onnx, options);
    }
  }
  try {
    const session = await ort.InferenceSession.create(onnx, missing.options);
    void missing.keep();
    return session;
  } catch {
    // No room or no right to write: the model itself may still load.
    await missing.drop();
    return ort.InferenceSession.create(onnx, options);
  }
}

function versionOf(ort: typeof Ort): string {
  return ort.env.versions.node ?? ort.env.versions.common;
}

async function runSession(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
  { outputs = session.outputNames, signal }: RunOptions,
): Promise<Record<string, Tensor>> {
  throwIfAborted(signal);
  checkRun(describeModel(session), feeds, outputs);
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrtTensor(ort, tensor)]));
  let results: Ort.InferenceSession.ReturnType;
  try {
    results = await session.run(inputs, [...outputs]);
  } catch (cause) {
    throw new FocalError('internal', `The model failed while running: ${messageOf(cause)}`, { cause });
  }
  throwIfAborted(signal);
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrtTensor(value)]));
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs y = max(x, 0) for one number on the device. Rejects with the library's own words where that fails. */
async function probe(ort: typeof Ort, device: Device): Promise<void> {
  const session = await ort.InferenceSession.create(PROBE_MODEL, { executionProviders: [device], logSeverityLevel: 4 });
  try {
    const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(3), [1]) });
    if (y?.data[0] !== 3) throw new Error('it computed a wrong result for the test model');
  } finally {
    await session.release();
  }
}

/** ONNX, IR 8, opset 17, one Relu node from `x` to `y`, both float32 of shape [1]. */
const PROBE_MODEL = Buffer.from(
  'CAg6MwoMCgF4EgF5IgRSZWx1EgFnWg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUICEBE=',
  'base64',
);
