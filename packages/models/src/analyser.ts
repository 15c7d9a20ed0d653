import { completeFacts, type Fact, type Picture, type Scene } from '@focal/core';
import { expressionsFact, facesFact, identitiesFact } from './analyse/faces-fact.ts';
import { createFactInput } from './analyse/fact-input.ts';
import type { FactMaker, MatteModel } from './analyse/fact-maker.ts';
import { matteFact } from './analyse/matte-fact.ts';
import { objectsFact } from './analyse/objects-fact.ts';
import { possibleFacesFact } from './analyse/possible-faces-fact.ts';
import { CLASSIFIER, findEvidence, saliencyFact } from './analyse/saliency-fact.ts';
import { type AnalyseProgress, createSteps } from './analyse/step.ts';
import { subjectsFact } from './analyse/subjects-fact.ts';
import type { ModelTask } from './catalogue/index.ts';
import type { MemoryProfile, ModelStore, Runtime } from './ports.ts';
import { createSessions } from './sessions.ts';
import type { ClassEvidence } from './tasks/saliency.ts';

export interface AnalyserOptions {
  /** Stays the caller's: `close()` leaves it open. */
  readonly runtime: Runtime;
  readonly store: ModelStore;
  readonly profile?: MemoryProfile;
  /** Tasks whose models get one thread though more would pay, for whoever keeps the other processors busy. */
  readonly onOneThread?: readonly ModelTask[];
  /** Default `isnet-medium`. Where it is not installed, `selfie` takes over and the scene says so. */
  readonly matteModel?: MatteModel;
}

export interface AnalyseOptions {
  /** Rejects with `aborted` before the next step; a model that is running is not stopped. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AnalyseProgress) => void;
  /** The picture resized to {@link MATTE_SIDE} squared, where the caller has threads for it; made here otherwise. */
  readonly square?: Picture;
  /** The picture resized to {@link reducedSize}, likewise; only where the model that sees the square is missing. */
  readonly reduced?: Picture;
  /** What is known of this very picture already: its facts are taken over, not made again. */
  readonly known?: Scene;
  /** Facts that will be asked for next, of the same picture. */
  readonly upcoming?: readonly Fact[];
  /** Told what `saliency`, if upcoming, will rest on beside other facts: to be given back as `evidence`. */
  readonly onEvidence?: (evidence: ClassEvidence) => void;
  readonly evidence?: ClassEvidence;
}

/**
 * Finds out what is in pictures. Loads a model when a fact first needs it, keeps it for the next picture, and shares it
 * between calls. Computes on the calling thread, so it belongs into a worker.
 */
export interface Analyser {
  /**
   * A scene with these facts and those they rest on; only what they need is run. Throws `aborted`, `closed`,
   * `model-missing`, `model-invalid`.
   */
  analyse(picture: Picture, facts: readonly Fact[], options?: AnalyseOptions): Promise<Scene>;
  /** Loads what {@link analyse} needs for these facts, so that the first picture does not wait for it. */
  prepare(facts: readonly Fact[]): Promise<void>;
  /** Gives back the loaded models' memory; the next call loads them again. */
  release(): Promise<void>;
  /** Idempotent; use after it throws `closed`. */
  close(): Promise<void>;
}

/** Goes up whenever the same models give other facts than before: what was kept of pictures is then made again. */
export const ANALYSER_VERSION = 6;

const MAKERS: Readonly<Record<Fact, FactMaker>> = {
  matte: matteFact,
  objects: objectsFact,
  faces: facesFact,
  expressions: expressionsFact,
  identities: identitiesFact,
  subjects: subjectsFact,
  saliency: saliencyFact,
  'possible-faces': possibleFacesFact,
};

/**
 * @example
 * const analyser = createAnalyser({ runtime, store });
 * const scene = await analyser.analyse(picture, ['matte']);
 * scene.matte?.provenance.models // ['isnet-medium', 'selfie']
 */
export function createAnalyser(options: AnalyserOptions): Analyser {
  const sessions = createSessions(options);
  const { matteModel = 'isnet-medium' } = options;

  /** Evidence comes from the detector where no classifier is there. */
  async function needsGradient(facts: readonly Fact[]): Promise<boolean> {
    return facts.includes('saliency') && (await sessions.labels(CLASSIFIER)) === undefined;
  }

  /** Who made reductions has found that out. */
  async function hasSquareModel(square: Picture | undefined, reduced: Picture | undefined): Promise<boolean> {
    if (matteModel === 'selfie') return false;
    if (square !== undefined || reduced !== undefined) return square !== undefined;
    return sessions.has(matteModel);
  }

  return {
    async analyse(picture, facts, analyseOptions = {}) {
      const { known, square, reduced, upcoming = [], onEvidence, evidence } = analyseOptions;
      const { width, height } = picture;
      const missing = completeFacts(facts).filter((fact) => !known?.facts.includes(fact));
      const isAhead = onEvidence !== undefined && upcoming.includes('saliency');
      const made: readonly Fact[] = isAhead ? [...missing, 'saliency'] : missing;
      const steps = createSteps(made, analyseOptions);
      const input = createFactInput({
        picture,
        square,
        reduced,
        sessions,
        matteModel,
        needsGradient: evidence === undefined && (await needsGradient(made)),
        evidence,
        hasSquareModel: await hasSquareModel(square, reduced),
      });
      const all = completeFacts([...(known?.facts ?? []), ...facts]);
      let scene: Scene = { ...known, version: 1, width, height, facts: all };
      for (const fact of missing) scene = await MAKERS[fact].make(input, scene, steps.of(fact));
      if (isAhead) onEvidence(await findEvidence(input, steps.of('saliency')));
      steps.finish();
      return scene;
    },
    async prepare(facts) {
      const all = completeFacts(facts);
      const models = { sessions, matteModel, needsGradient: await needsGradient(all) };
      for (const fact of all) await MAKERS[fact].prepare(models);
    },
    release: () => sessions.release(),
    close: () => sessions.close(),
  };
}
