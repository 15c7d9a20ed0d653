import { type Fact, throwIfAborted } from '@focal/core';
import type { RunOptions } from '../ports.ts';

export interface AnalyseProgress {
  /** `model` while models are loaded, `analyse` while they run. */
  readonly stage: 'model' | 'analyse';
  /** Share of the whole analysis done, 0..1, never falling. */
  readonly done: number;
}

/** Runs one step of making a fact: checks for cancellation before and after, and reports progress. */
export interface Step {
  /** @param doneAfter share of the fact that is made after it, 0..1. */
  <T>(stage: AnalyseProgress['stage'], doneAfter: number, work: () => Promise<T>): Promise<T>;
  readonly runOptions: RunOptions;
}

/** How long each fact takes beside the others, roughly. */
const COSTS: Readonly<Record<Fact, number>> = {
  matte: 20,
  objects: 1,
  faces: 1,
  expressions: 0.5,
  identities: 1,
  subjects: 2,
  saliency: 2,
  'possible-faces': 2,
};

/** The steps of each of these facts, made in this order, with one progress over all of them. */
export function createSteps(
  facts: readonly Fact[],
  { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: (progress: AnalyseProgress) => void },
): { of(fact: Fact): Step; finish(): void } {
  const total = facts.reduce((sum, fact) => sum + COSTS[fact], 0);
  return {
    of(fact) {
      const before = facts.slice(0, facts.indexOf(fact)).reduce((sum, each) => sum + COSTS[each], 0);
      const step = async <T>(stage: AnalyseProgress['stage'], doneAfter: number, work: () => Promise<T>) => {
        throwIfAborted(signal);
        const result = await work();
        throwIfAborted(signal);
        onProgress?.({ stage, done: (before + COSTS[fact] * doneAfter) / total });
        return result;
      };
      return Object.assign(step, { runOptions: signal === undefined ? {} : { signal } });
    },
    finish: () => onProgress?.({ stage: 'analyse', done: 1 }),
  };
}
