import { type AnonymiseReport, describeVerdict, FocalError } from '@focal/core';
import type { EffectHandlers, WorkerClient } from '@focal/web';
import { CHECK_MODELS } from '../place/models.ts';
import type { StudioState, StudioStore } from '../state/store.ts';
import type { HidingCheck, Progress, Step } from '../state/types.ts';
import { type Analysis, createConsent } from './analysis.ts';
import { toLookRequest } from './look-request.ts';
import { describeError } from './problems.ts';

/** Attacks what the open photo's steps hide, in full size. Problems go to the store. */
export interface Checker {
  /** Where this browser has to load models for it first, it asks, unless the user has agreed. */
  checkHiding(answer?: 'agreed'): Promise<void>;
  /** Gives up the check, or takes no for an answer. */
  cancelCheck(): void;
}

/** The effect that hides. */
export const HIDES = 'anonymize';
const UNASKED: HidingCheck = { phase: 'unasked' };

export function createChecker(
  store: StudioStore,
  effects: WorkerClient<EffectHandlers>,
  browser: Pick<Analysis, 'attack' | 'kept'>,
): Checker {
  let task = new AbortController();
  const consent = createConsent(browser, CHECK_MODELS);

  const cancelCheck = (): void => {
    task.abort();
    if (store.getState().hidingCheck !== UNASKED) store.setState({ hidingCheck: UNASKED });
  };
  // A verdict holds for what was checked and nothing else.
  store.subscribe((state, before) => {
    if (isOther(state, before)) cancelCheck();
  });

  const check = async (signal: AbortSignal): Promise<HidingCheck> => {
    const { history, browserModel } = store.getState();
    const { steps } = history.present;
    const tell = (progress: Progress): void => {
      if (!signal.aborted) store.setState({ hidingCheck: { phase: 'checking', progress } });
    };
    const label = 'Rendering the photo in full size';
    tell({ label, done: undefined });
    const onProgress = (done: unknown) => tell({ label, done: Number(done) });
    const hidden = await effects.call('anonymised', toLookRequest(history.present), { signal, onProgress });
    const reports: Record<string, AnonymiseReport> = {};
    for (const { index, ...anonymised } of hidden) {
      const id = steps[index]?.id ?? '';
      reports[id] = await browser.attack(browserModel, anonymised, signal, tell);
    }
    return { phase: 'done', reports };
  };

  return {
    cancelCheck,
    async checkHiding(answer) {
      task.abort();
      task = new AbortController();
      const { signal } = task;
      if (answer === 'agreed') consent.agree();
      try {
        const mayLoad = await consent.mayLoad();
        if (signal.aborted) return;
        const hidingCheck: HidingCheck = mayLoad ? await check(signal) : { phase: 'asking' };
        if (!signal.aborted) store.setState({ hidingCheck });
      } catch (error) {
        if (signal.aborted) return;
        store.setState({ hidingCheck: UNASKED });
        if (error instanceof FocalError && error.code === 'aborted') return;
        store.getState().toast('error', `What is left could not be checked: ${describeError(error)}`);
      }
    },
  };
}

/** The steps that hide somebody. */
export function findHiding({ history }: Pick<StudioState, 'history'>): readonly Step[] {
  return history.present.steps.filter(({ effect, enabled }) => enabled && effect === HIDES);
}

/** The verdict on all steps in a sentence, the worst of them; nothing where none is known. */
export function summariseCheck(check: HidingCheck): string | undefined {
  if (check.phase !== 'done') return undefined;
  const reports = Object.values(check.reports);
  const worst =
    reports.find(({ verdict }) => verdict === 'failed') ??
    reports.find(({ verdict }) => verdict === 'doubtful') ??
    reports[0];
  return worst && `Checked: ${describeVerdict(worst)}`;
}

/** Whether what would be saved is made of something else now. */
function isOther(state: StudioState, before: StudioState): boolean {
  return (
    state.photo?.id !== before.photo?.id ||
    state.history.present !== before.history.present ||
    state.matte !== before.matte ||
    state.scene !== before.scene ||
    state.known !== before.known
  );
}
