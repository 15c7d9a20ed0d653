import { type AnonymiseReport, FocalError } from '@focal/core';
import type { AnonymisedStep, EffectHandlers, WorkerClient } from '@focal/web';
import { describe, expect, it, vi } from 'vitest';
import { CHECK_MODELS } from '../place/models.ts';
import { createStudioStore } from '../state/store.ts';
import type { Analysis } from './analysis.ts';
import { createChecker, findHiding, summariseCheck } from './checker.ts';

const SAFE: AnonymiseReport = {
  verdict: 'safe',
  careful: true,
  warnings: [],
  entries: [
    { id: 'face-1', box: { x: 0, y: 0, width: 1, height: 1 }, found: false, similarity: 0, verdict: 'safe', notes: [] },
  ],
};
const FAILED: AnonymiseReport = { ...SAFE, verdict: 'failed' };

/** A tone and two steps that hide; what workers answer is given. */
function setUp(options: { kept?: readonly string[]; attack?: Analysis['attack'] } = {}) {
  const store = createStudioStore({ theme: 'system', place: 'server', browserModel: 'selfie' });
  const step = { params: {}, assets: {}, enabled: true, opacity: 1 };
  store.getState().applySteps([
    { ...step, effect: 'tone' },
    { ...step, effect: 'anonymize' },
    { ...step, effect: 'anonymize', on: 'person-1' },
  ]);
  const hidden = [1, 2].map((index) => ({ index }) as AnonymisedStep);
  const call = vi.fn<() => Promise<readonly AnonymisedStep[]>>(async () => hidden);
  const attack = vi.fn<Analysis['attack']>(options.attack ?? (async () => SAFE));
  const effects = { call, close: () => undefined } as unknown as WorkerClient<EffectHandlers>;
  const checker = createChecker(store, effects, { attack, kept: async () => options.kept ?? CHECK_MODELS });
  const phase = () => store.getState().hidingCheck.phase;
  return { store, checker, call, attack, phase };
}

describe('checking what is left', () => {
  it('attacks each step that hides and keeps what is found by the ids of steps', async () => {
    const { store, checker, attack } = setUp();
    await checker.checkHiding();
    const { hidingCheck, history } = store.getState();
    const ids = history.present.steps.slice(1).map(({ id }) => id);
    expect(hidingCheck).toEqual({ phase: 'done', reports: Object.fromEntries(ids.map((id) => [id, SAFE])) });
    expect(attack).toHaveBeenCalledTimes(2);
    expect(summariseCheck(hidingCheck)).toBe(
      'Checked: one place hidden; attacked: safe, nobody hidden there is left to be recognised.',
    );
  });

  it('asks before it loads models, and does nothing without an answer', async () => {
    const { checker, call, phase } = setUp({ kept: CHECK_MODELS.slice(1) });
    await checker.checkHiding();
    expect(phase()).toBe('asking');
    checker.cancelCheck();
    expect(phase()).toBe('unasked');
    expect(call).not.toHaveBeenCalled();
    await checker.checkHiding();
    await checker.checkHiding('agreed');
    expect(phase()).toBe('done');
  });

  it('forgets a verdict with any change of what would be saved, and with no other', async () => {
    const { store, checker, phase } = setUp();
    const { openStep, setParam, undo } = store.getState();
    const changes = [
      () => setParam('style', 'mosaic'),
      () => undo(),
      () => store.setState({ scene: { phase: 'unasked' } }),
      () => store.setState({ photo: { id: 7, name: 'a', width: 1, height: 1, colorSpace: 'srgb', origin: undefined } }),
    ];
    openStep(findHiding(store.getState())[0]?.id);
    for (const change of changes) {
      await checker.checkHiding();
      openStep(undefined);
      openStep(findHiding(store.getState())[0]?.id);
      expect(phase()).toBe('done');
      change();
      expect(phase()).toBe('unasked');
    }
  });

  it('drops a check under way when the steps change', async () => {
    let signal: AbortSignal | undefined;
    const attack: Analysis['attack'] = (_model, _picture, given) => {
      signal = given;
      return new Promise((_, reject) => {
        given.addEventListener('abort', () => reject(new FocalError('aborted', 'The work was cancelled.')));
      });
    };
    const { store, checker, phase } = setUp({ attack });
    const checked = checker.checkHiding();
    await vi.waitFor(() => expect(signal).toBeDefined());
    expect(phase()).toBe('checking');
    store.getState().toggleStep(findHiding(store.getState())[0]?.id ?? '');
    await checked;
    expect(signal?.aborted).toBe(true);
    expect(phase()).toBe('unasked');
    expect(store.getState().toasts).toEqual([]);
  });

  it('says what went wrong, and can be asked again', async () => {
    const attack = async () => {
      throw new FocalError('model-missing', 'The model could not be loaded.');
    };
    const { store, checker, phase } = setUp({ attack });
    await checker.checkHiding();
    expect(phase()).toBe('unasked');
    expect(store.getState().toasts).toMatchObject([
      { kind: 'error', text: 'What is left could not be checked: The model could not be loaded.' },
    ]);
  });

  it('sums several steps up by the worst', () => {
    const summary = summariseCheck({ phase: 'done', reports: { a: SAFE, b: FAILED } });
    expect(summary).toBe('Checked: one place hidden; attacked: failed.');
    expect(summariseCheck({ phase: 'unasked' })).toBeUndefined();
  });
});
