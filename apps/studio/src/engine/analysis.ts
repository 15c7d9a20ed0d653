import type { AnonymisedPicture, AnonymiseReport, Fact, Matte, Provenance, Scene } from '@focal/core';
import {
  createWorkerClient,
  type EffectHandlers,
  type InferenceHandlers,
  type InferenceProgress,
  type WorkerClient,
} from '@focal/web';
import type { BrowserModel, MatteInfo, Progress } from '../state/types.ts';

/** What the studio shows of a scene. */
export const SHOWN_FACTS: readonly Fact[] = ['subjects', 'expressions'];

/** What the effect worker takes as the matte of a photo: bytes, or a grey picture file. */
export interface FoundMatte {
  readonly matte: Blob | Matte;
  readonly provenance: Provenance;
}

/** Finds the subject in this browser alone. */
export interface Analysis {
  /** The matte of the photo that is open in the effect worker. */
  findMatte(
    model: BrowserModel,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<{ readonly matte: FoundMatte; readonly info: MatteInfo }>;
  /** Who and what is in the open photo, beside what is known of it from here. */
  findScene(
    model: BrowserModel,
    facts: readonly Fact[],
    known: Scene | undefined,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<Scene>;
  /** What is left in a result of whom a step hid. */
  attack(
    model: BrowserModel,
    anonymised: AnonymisedPicture,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<AnonymiseReport>;
  /** Ids of the models that are kept here. */
  kept(): Promise<readonly string[]>;
}

/** The inference worker starts with the first use. */
export function createBrowserAnalysis(effects: WorkerClient<EffectHandlers>): Analysis {
  let client: WorkerClient<InferenceHandlers> | undefined;
  const start = () => {
    client ??= createWorkerClient<InferenceHandlers>(
      new Worker(new URL('../workers/inference.ts', import.meta.url), { type: 'module', name: 'focal-inference' }),
    );
    return client;
  };
  return {
    async findMatte(model, signal, onProgress) {
      onProgress({ label: 'Starting the model', done: undefined });
      const picture = await effects.call('pixels', undefined, { signal });
      const report = (value: unknown) => onProgress(describeProgress(value as InferenceProgress));
      const result = await start().call('analyse', { picture, model }, { signal, onProgress: report });
      const { scene, device, threads, ms } = result;
      const { matte } = scene;
      if (matte === undefined) throw new Error('The analyser gave no matte.');
      const info: MatteInfo = {
        place: 'browser',
        models: matte.provenance.models,
        device: device === 'wasm' ? `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : 'WebGPU',
        ms,
        notice: matte.provenance.notice,
      };
      // Bytes of its own: shared memory cannot be kept.
      const { width, height, data } = matte.matte;
      return { matte: { matte: { width, height, data: new Uint8Array(data) }, provenance: matte.provenance }, info };
    },
    async findScene(model, facts, known, signal, onProgress) {
      const picture = await effects.call('pixels', undefined, { signal });
      const report = (value: unknown) => onProgress(describeSceneProgress(value as InferenceProgress));
      const request = { picture, model, facts, ...(known && { known }) };
      return (await start().call('analyse', request, { signal, onProgress: report })).scene;
    },
    attack(model, anonymised, signal, onProgress) {
      const report = (value: unknown) => onProgress(describeAttack(value as InferenceProgress));
      return start().call('attack', { model, anonymised }, { signal, onProgress: report });
    },
    kept: () => start().call('kept', undefined),
  };
}

/** Whether models may be loaded here: once the user has agreed; those that are kept need no asking. */
export function createConsent(browser: Pick<Analysis, 'kept'>, models: readonly string[]) {
  let hasAgreed = false;
  return {
    agree(): void {
      hasAgreed = true;
    },
    async mayLoad(): Promise<boolean> {
      if (hasAgreed) return true;
      const kept = await browser.kept().catch((): readonly string[] => []);
      return models.every((id) => kept.includes(id));
    },
  };
}

/** 28 MB of models come in with the first scene, one after the other. */
function describeSceneProgress({ stage, modelId, done }: InferenceProgress): Progress {
  if (stage !== 'download') return { label: 'Looking for people and things', done: undefined };
  const share = done > 0 ? `, ${Math.round(done * 100)} %` : '';
  return { label: `Loading 28 MB of models, once: ${modelId ?? ''}${share}`, done };
}

function describeAttack({ stage, modelId, done }: InferenceProgress): Progress {
  if (stage === 'download') return { label: `Loading the models, once: ${modelId ?? ''}`, done };
  if (stage === 'model') return { label: 'Starting the models', done: undefined };
  return { label: 'Looking for faces in the result', done };
}

function describeProgress(progress: InferenceProgress): Progress {
  if (progress.stage === 'download') return { label: 'Loading the model', done: progress.done };
  if (progress.stage === 'model') return { label: 'Starting the model', done: undefined };
  return { label: 'Finding the subject', done: progress.done === 1 ? 1 : undefined };
}
