import type { Fact, Picture, Scene } from '@focal/core';
import type { Device } from '@focal/models';
import { type Analyser, catalogue, createAnalyser, type MatteModel } from '@focal/models';
import { type CallContext, type Port, Transferred } from '../worker/messages.ts';
import { serveWorker } from '../worker/serve.ts';
import { createFetchModelStore, listKeptModels } from './fetch-model-store.ts';
import { createOrtRuntime, type OrtRuntime, type OrtRuntimeOptions } from './ort-runtime.ts';

/** Models that every Focal server has. */
const BUNDLED_IDS = catalogue
  .filter(({ optional, source }) => !optional && source.kind !== 'download')
  .map(({ id }) => id);

export interface InferenceWorkerOptions extends OrtRuntimeOptions {
  readonly urlOf: (modelId: string) => string;
  readonly cacheName: string;
}

export interface AnalyseRequest {
  readonly picture: Picture;
  readonly model: MatteModel;
  /** Default: the matte alone. */
  readonly facts?: readonly Fact[];
  /** What is known of the picture already. */
  readonly known?: Scene;
}

/** How far an analysis is: models coming in, then running. */
export interface InferenceProgress {
  readonly stage: 'download' | 'model' | 'analyse';
  readonly modelId?: string;
  /** Share of the stage where it is `download`, else of the whole, 0..1. */
  readonly done: number;
}

export interface Analysed {
  readonly scene: Scene;
  readonly device: Device;
  readonly threads: number;
  /** Milliseconds from call to scene, downloads included. */
  readonly ms: number;
}

/** The methods of the inference worker. One analysis runs at a time; others wait for their turn. */
export function createInferenceHandlers(options: InferenceWorkerOptions) {
  let current: { model: MatteModel; analyser: Analyser } | undefined;
  let starting: Promise<OrtRuntime> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let report: ((progress: InferenceProgress) => void) | undefined;
  let signal: AbortSignal | undefined;

  const startRuntime = (): Promise<OrtRuntime> => {
    starting ??= createOrtRuntime(options);
    starting.catch(() => {
      starting = undefined;
    });
    return starting;
  };

  const getAnalyser = async (model: MatteModel, runtime: OrtRuntime): Promise<Analyser> => {
    if (current?.model === model) return current.analyser;
    await current?.analyser.close();
    const store = createFetchModelStore({
      urlOf: options.urlOf,
      cacheName: options.cacheName,
      modelIds: () => [...BUNDLED_IDS, model],
      onDownload: (modelId, loaded, total) =>
        report?.({ stage: 'download', modelId, done: total === 0 ? 0 : loaded / total }),
      signal: () => signal,
    });
    // A browser gives a page little memory: the lean profile costs IS-Net a third more time and half the memory.
    const analyser = createAnalyser({ runtime, store, profile: 'low-memory', matteModel: model });
    current = { model, analyser };
    return analyser;
  };

  const analyse = async (request: AnalyseRequest, context: CallContext): Promise<Transferred<Analysed>> => {
    const started = performance.now();
    signal = context.signal;
    report = (progress) => context.progress(progress);
    report({ stage: 'model', done: 0 });
    const runtime = await startRuntime();
    const analyser = await getAnalyser(request.model, runtime);
    const { picture, facts = ['matte'], known } = request;
    const scene = await analyser.analyse(picture, facts, {
      ...(known === undefined ? {} : { known }),
      signal: context.signal,
      onProgress: (progress) => context.progress(progress),
    });
    const { device, threads } = runtime;
    return new Transferred({ scene, device, threads, ms: performance.now() - started }, []);
  };

  return {
    analyse(request: AnalyseRequest, context: CallContext): Promise<Transferred<Analysed>> {
      const result = turn.then(() => analyse(request, context));
      turn = result.catch(() => undefined);
      return result;
    },

    /** Models that are kept in this browser already. */
    kept: (): Promise<readonly string[]> => listKeptModels(options.cacheName),
  };
}

export type InferenceHandlers = ReturnType<typeof createInferenceHandlers>;

/** Makes the worker it is called in the inference worker. */
export function serveInference(port: Port, options: InferenceWorkerOptions): void {
  serveWorker(port, createInferenceHandlers(options));
}
