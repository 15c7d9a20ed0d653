import {
  type AnonymisedPicture,
  type AnonymiseReport,
  attackAnonymised,
  type Fact,
  type Picture,
  type Scene,
  throwIfAborted,
} from '@focal/core';
import type { Device } from '@focal/models';
import {
  type Analyser,
  catalogue,
  createAnalyser,
  loadModel,
  type MatteModel,
  type ModelStore,
  measureLikeness,
  type Session,
} from '@focal/models';
import { createTurns } from '../worker/in-turn.ts';
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

export interface AttackRequest {
  readonly anonymised: AnonymisedPicture;
  /** The model of mattes that is in use. */
  readonly model: MatteModel;
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

// A browser gives a page little memory: the lean profile costs IS-Net a third more time and half the memory.
const PROFILE = 'low-memory';

/** The methods of the inference worker. One analysis runs at a time; others wait for their turn. */
export function createInferenceHandlers(options: InferenceWorkerOptions) {
  let current: { model: MatteModel; analyser: Analyser; store: ModelStore } | undefined;
  let identity: Promise<Session> | undefined;
  let starting: Promise<OrtRuntime> | undefined;
  const inTurn = createTurns();
  let report: ((progress: InferenceProgress) => void) | undefined;
  let signal: AbortSignal | undefined;

  const startRuntime = (): Promise<OrtRuntime> => {
    starting ??= createOrtRuntime(options);
    starting.catch(() => {
      starting = undefined;
    });
    return starting;
  };

  const getAnalyser = async (model: MatteModel, runtime: OrtRuntime): Promise<NonNullable<typeof current>> => {
    if (current?.model === model) return current;
    await current?.analyser.close();
    const store = createFetchModelStore({
      urlOf: options.urlOf,
      cacheName: options.cacheName,
      modelIds: () => [...BUNDLED_IDS, model],
      onDownload: (modelId, loaded, total) =>
        report?.({ stage: 'download', modelId, done: total === 0 ? 0 : loaded / total }),
      signal: () => signal,
    });
    const analyser = createAnalyser({ runtime, store, profile: PROFILE, matteModel: model });
    current = { model, analyser, store };
    return current;
  };

  /** All that a call needs; downloads tell its caller how far they are. */
  const start = async (model: MatteModel, context: CallContext) => {
    throwIfAborted(context.signal);
    signal = context.signal;
    report = (progress) => context.progress(progress);
    report({ stage: 'model', done: 0 });
    const runtime = await startRuntime();
    return { runtime, ...(await getAnalyser(model, runtime)) };
  };

  const analyse = async (request: AnalyseRequest, context: CallContext): Promise<Transferred<Analysed>> => {
    const started = performance.now();
    const { runtime, analyser } = await start(request.model, context);
    const { picture, facts = ['matte'], known } = request;
    const scene = await analyser.analyse(picture, facts, {
      ...(known === undefined ? {} : { known }),
      signal: context.signal,
      onProgress: (progress) => context.progress(progress),
    });
    const { device, threads } = runtime;
    return new Transferred({ scene, device, threads, ms: performance.now() - started }, []);
  };

  const attack = async ({ anonymised, model }: AttackRequest, context: CallContext): Promise<AnonymiseReport> => {
    const { runtime, analyser, store } = await start(model, context);
    return attackAnonymised(anonymised, {
      async findFaces(picture) {
        const onProgress = (progress: InferenceProgress) => context.progress({ ...progress, done: progress.done / 2 });
        const scene = await analyser.analyse(picture, ['faces'], { signal: context.signal, onProgress });
        return scene.faces?.faces ?? [];
      },
      async compareFaces({ faces, ...pictures }) {
        identity ??= loadModel(runtime, store, 'face-recognition', { profile: PROFILE, threads: 1 });
        const session = await identity.catch((error: unknown) => {
          identity = undefined;
          throw error;
        });
        const likeness: number[] = [];
        for (const { points, ...seen } of faces) {
          throwIfAborted(context.signal);
          likeness.push(await measureLikeness(session, pictures, points, { ...seen, signal: context.signal }));
          context.progress({ stage: 'analyse', done: 0.5 + (0.5 * likeness.length) / faces.length });
        }
        return likeness;
      },
    });
  };

  return {
    analyse: (request: AnalyseRequest, context: CallContext): Promise<Transferred<Analysed>> =>
      inTurn(() => analyse(request, context)),

    /** How much of whom a step hid is left in the result: see `attackAnonymised`. */
    attack: (request: AttackRequest, context: CallContext): Promise<AnonymiseReport> =>
      inTurn(() => attack(request, context)),

    /** Models that are kept in this browser already. */
    kept: (): Promise<readonly string[]> => listKeptModels(options.cacheName),
  };
}

export type InferenceHandlers = ReturnType<typeof createInferenceHandlers>;

/** Makes the worker it is called in the inference worker. */
export function serveInference(port: Port, options: InferenceWorkerOptions): void {
  serveWorker(port, createInferenceHandlers(options));
}
