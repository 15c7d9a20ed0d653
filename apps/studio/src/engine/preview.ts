import { FocalError } from '@focal/core';
import type { EffectHandlers, WorkerClient } from '@focal/web';
import { fitViewport, isOfOtherShape } from '../stage/viewport.ts';
import { findEffect, hides } from '../state/look-actions.ts';
import type { StudioState, StudioStore } from '../state/store.ts';
import type { Edits } from '../state/types.ts';
import { createLatestRunner } from './latest.ts';
import { toNotes } from './left-out.ts';
import { toLookRequest } from './look-request.ts';
import { describeError } from './problems.ts';

/** What one picture on the screen is made from. */
interface Job {
  readonly photoId: number;
  readonly edits: Edits;
  /** What its time is like: that of the steps there are, when the open one moves. */
  readonly kind: string;
  /** The size that the screen can show, and the one that is quick enough while a slider moves. */
  readonly fullSide: number;
  readonly quickSide: number;
  /** Changes with what the picture depends on beside the steps. */
  readonly matte: StudioState['matte'];
  readonly scene: unknown;
  readonly known: StudioState['known'];
}

const TARGET_MS = 42;
/** Of the screen's size, while a slider moves. Few, since each size is prepared once; the last ones are for long looks. */
const SHARES = [1, 0.75, 0.5, 0.35, 0.25, 0.18];
const MAX_SCREEN_SIDE = 2048;
/** Zoomed in, the picture is rendered larger once hands are still; past this it would cost too much memory. */
const MAX_DETAIL_SIDE = 6000;
const DETAIL_DELAY_MS = 350;

/**
 * Keeps the pictures on the screen up to date with the store. One rendering at a time, always of the newest state.
 * While a slider moves, the size is lowered where this machine needs more than 42 ms; at rest it is made sharp.
 */
export function createPreview(store: StudioStore, effects: WorkerClient<EffectHandlers>): void {
  /** Milliseconds for a million pixels, by kind of job, as measured lately. */
  const costs = new Map<string, number>();
  /** What was asked for last, and what is on the screen. */
  let target: Job | undefined;
  let shown: { job: Job; side: number } | undefined;
  let isDetailing = false;
  let detailTimer: ReturnType<typeof setTimeout> | undefined;

  const render = async (job: Job, side: number, signal: AbortSignal | undefined, background: boolean) => {
    const request = { ...toLookRequest(job.edits), longSide: side, background };
    const rendered = await effects.call('render', request, { signal });
    if (store.getState().photo?.id !== job.photoId) return;
    const megapixels = (rendered.width * rendered.height) / 1e6;
    if (!background) costs.set(job.kind, rendered.ms / megapixels);
    const { missed, skipped } = rendered;
    const waiting = skipped.filter(({ missing }) => missing.length > 0);
    const waits = waiting.length > 0;
    const { steps } = job.edits;
    const showsBare = waiting.some(({ index }) => {
      const step = steps[index];
      return step !== undefined && hides(findEffect(store.getState(), step));
    });
    // While the subject is being looked for, that is said once, beside the photo.
    const told = job.matte === undefined ? skipped.filter(({ missing }) => missing.length === 0) : skipped;
    store.setState({ result: rendered, missed, waits, showsBare, stepNotes: toNotes(job.edits, told) });
    shown = { job, side };
    if (job === target && side >= job.fullSide) store.setState({ isFresh: true });
  };

  const runner = createLatestRunner<{ job: Job; side: number; background: boolean }>(
    async ({ job, side, background }, signal) => {
      isDetailing = background;
      try {
        await render(job, side, signal, background);
      } finally {
        isDetailing = false;
      }
      if (!background) queueSharper(job, side);
    },
    (error) => {
      if (error instanceof FocalError && error.code === 'aborted') return;
      store.getState().toast('error', `That step failed: ${describeError(error)}`, undefined, 'preview');
    },
  );

  /** After a quick picture comes the sharp one, after that the one for the zoom. */
  const queueSharper = (job: Job, side: number) => {
    clearTimeout(detailTimer);
    // A newer one is waiting already.
    if (job !== target) return;
    const state = store.getState();
    if (side < job.fullSide && !state.isDragging) return runner.request({ job, side: job.fullSide, background: false });
    const wanted = Math.min(MAX_DETAIL_SIDE, getDisplayedSide(state));
    if (state.isDragging || wanted <= side * 1.1) return;
    detailTimer = setTimeout(() => runner.request({ job, side: wanted, background: true }), DETAIL_DELAY_MS);
  };

  const update = (state: StudioState) => {
    // Meanwhile nobody sees the result, and what is painted goes first.
    if (hidesResult(state)) {
      target = undefined;
      clearTimeout(detailTimer);
      if (isDetailing) runner.cancel();
      return;
    }
    const job = toJob(state, costs);
    if (target !== undefined && job !== undefined && isSame(target, job)) {
      if (shown?.job === target) queueSharper(target, shown.side);
      return;
    }
    target = job;
    if (job === undefined) return;
    clearTimeout(detailTimer);
    if (state.isFresh) store.setState({ isFresh: false });
    // What is rendered beside for the zoom is of no use any more. A quick one is left to end: the worker would not
    // notice in time, and what it works off must not pile up.
    if (isDetailing) runner.cancel();
    runner.request({ job, side: state.isDragging ? job.quickSide : job.fullSide, background: false });
  };

  watchOriginal(store, effects);
  watchCrop(store, effects);
  store.subscribe((state, before) => {
    if (
      state.history.present !== before.history.present ||
      state.matte !== before.matte ||
      state.phase !== before.phase ||
      state.scene !== before.scene ||
      state.known !== before.known ||
      state.stage !== before.stage ||
      state.view !== before.view ||
      hidesResult(state) !== hidesResult(before) ||
      state.isDragging !== before.isDragging
    ) {
      update(state);
    }
  });
}

/** Shows the photo as it was whenever another one is opened or the stage grows. */
function watchOriginal(store: StudioStore, effects: WorkerClient<EffectHandlers>): void {
  let drawn = '';
  const runner = createLatestRunner<{ photoId: number; side: number }>(
    async ({ photoId, side }) => {
      const rendered = await effects.call('original', { longSide: side });
      if (store.getState().photo?.id === photoId) store.setState({ original: rendered });
    },
    (error) => store.getState().toast('error', `The photo could not be shown: ${String(error)}`),
  );
  store.subscribe((state) => {
    if (state.photo === undefined || state.stage.width === 0) return;
    const displayed = Math.min(MAX_DETAIL_SIDE, getDisplayedSide(state));
    const screen = getScreenSide(state);
    const side = displayed > screen * 1.1 && state.phase === 'ready' ? displayed : screen;
    const key = `${state.photo.id} ${side}`;
    if (key === drawn) return;
    drawn = key;
    runner.request({ photoId: state.photo.id, side });
  });
}

/** Shows the part of the photo that a crop leaves, while before and after stand side by side. */
function watchCrop(store: StudioStore, effects: WorkerClient<EffectHandlers>): void {
  let drawn = '';
  const runner = createLatestRunner<{ photoId: number; edits: Edits; longSide: number }>(
    async ({ photoId, edits, longSide }) => {
      const rendered = await effects.call('render', { ...toLookRequest(edits), longSide, background: true });
      if (store.getState().photo?.id === photoId) store.setState({ croppedOriginal: rendered });
    },
    (error) => store.getState().toast('error', `The photo could not be shown: ${String(error)}`),
  );
  store.subscribe((state) => {
    const { photo, result, divider, history, effects: all } = state;
    if (photo === undefined || result === undefined || divider === undefined || !state.isFresh) return;
    if (!isOfOtherShape(result, photo)) return;
    const isCrop = (name: string) => all.some((each) => each.name === name && each.order === 'last');
    const { corrections } = history.present;
    const edits = { steps: history.present.steps.filter(({ effect }) => isCrop(effect)), corrections };
    const longSide = getScreenSide(state);
    const known = state.known.map(({ name }) => name);
    const key = JSON.stringify([photo.id, edits, longSide, state.matte?.models, state.scene.phase, known]);
    if (key === drawn) return;
    drawn = key;
    runner.request({ photoId: photo.id, edits, longSide });
  });
}

function toJob(state: StudioState, costs: ReadonlyMap<string, number>): Job | undefined {
  const { photo, phase, matte, stage, scene } = state;
  const edits = state.history.present;
  const { steps } = edits;
  if (photo === undefined || phase === 'opening' || stage.width === 0) return undefined;
  const fullSide = getScreenSide(state);
  const aspect = Math.min(photo.width, photo.height) / Math.max(photo.width, photo.height);
  const kind = steps.map(({ id, effect }) => (id === state.openStepId ? `[${effect}]` : effect)).join();
  const cost = costs.get(kind);
  const fits = (side: number) => cost === undefined || ((side * side * aspect) / 1e6) * cost <= TARGET_MS;
  const quickSides = SHARES.map((share) => Math.round(fullSide * share));
  return {
    photoId: photo.id,
    edits,
    kind,
    fullSide,
    quickSide: quickSides.find(fits) ?? Math.min(...quickSides),
    matte,
    scene: scene.phase === 'ready' ? scene.scene : undefined,
    known: state.known,
  };
}

function isSame(a: Job, b: Job): boolean {
  return (
    a.photoId === b.photoId &&
    a.edits.corrections === b.edits.corrections &&
    a.edits.font === b.edits.font &&
    (a.edits.steps === b.edits.steps || JSON.stringify(a.edits.steps) === JSON.stringify(b.edits.steps)) &&
    a.matte === b.matte &&
    a.scene === b.scene &&
    a.known === b.known &&
    a.fullSide === b.fullSide
  );
}

/** Whether what is selected is looked at, in place of what the steps make of it. */
function hidesResult({ refining }: StudioState): boolean {
  return refining !== undefined && refining.view !== 'result';
}

/** The photo's longer side as it fits the stage, in device pixels. */
export function getScreenSide({ photo, stage }: StudioState): number {
  if (photo === undefined) return 1;
  const fitted = fitViewport(stage, photo, devicePixelRatio).scale * Math.max(photo.width, photo.height);
  // In steps, so that a window being resized does not make dozens of sizes.
  const side = Math.ceil((fitted * devicePixelRatio) / 128) * 128;
  return Math.min(Math.max(photo.width, photo.height), MAX_SCREEN_SIDE, Math.max(512, side));
}

/** The photo's longer side as it is zoomed now, in device pixels, at most its own. */
export function getDisplayedSide(state: StudioState): number {
  const { photo, view } = state;
  if (photo === undefined || view === undefined) return getScreenSide(state);
  const longSide = Math.max(photo.width, photo.height);
  const side = Math.ceil((view.scale * longSide * devicePixelRatio) / 1024) * 1024;
  return Math.max(getScreenSide(state), Math.min(longSide, side));
}
