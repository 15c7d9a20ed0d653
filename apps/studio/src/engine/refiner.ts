import { CORRECTION_LIMITS, type Point } from '@focal/core';
import { type BrushHandlers, createWorkerClient, type EffectHandlers, type WorkerClient } from '@focal/web';
import { type StrokePoint, simplifyStroke } from '../refine/simplify.ts';
import type { StudioState, StudioStore } from '../state/store.ts';
import type { Correction, Refining } from '../state/types.ts';
import { createLatestRunner } from './latest.ts';
import { toCorrectionsText } from './look-request.ts';
import { getDisplayedSide, getScreenSide } from './preview.ts';
import { describeError } from './problems.ts';

/** Correcting an edge of the photo by hand. Problems go to the store. */
export interface Refiner {
  /** The canvas over the photo that the selection is shown on. */
  attachSelection(canvas: HTMLCanvasElement): void;
  beginStroke(mode: Refining['mode']): void;
  /** Points of the stroke under way, in fractions of the photo: seen at once. */
  extendStroke(points: readonly StrokePoint[]): void;
  /** Ends the stroke under way: it becomes a correction, or goes. */
  endStroke(isKept: boolean): void;
  /** Adds or takes away what is at a point. */
  refineAt(point: Point, mode: Refining['mode']): Promise<void>;
}

/** Zoomed in, the selection is shown in more detail, up to this long side. */
const MAX_SIDE = 3072;
interface AwaitedPick {
  readonly point: Point;
  readonly mode: Refining['mode'];
  readonly on: string;
  readonly photoId: number | undefined;
}

interface Job {
  readonly photoId: number;
  readonly on: string;
  readonly corrections: readonly Correction[];
  readonly matte: StudioState['matte'];
  readonly scene: unknown;
  readonly known: StudioState['known'];
  readonly side: number;
}

export function createRefiner(
  store: StudioStore,
  effects: WorkerClient<EffectHandlers>,
  findScene: () => Promise<void>,
): Refiner {
  let client: WorkerClient<BrushHandlers> | undefined;
  let stroke: { readonly mode: Refining['mode']; readonly on: string; readonly points: StrokePoint[] } | undefined;
  /** The number of the newest stroke. [Note: painting a selection] */
  let newest = 0;
  /** The last click on a region while it was not known who and what is in the photo. */
  let awaited: AwaitedPick | undefined;
  /** What was asked for last, and what is on the screen. */
  let target: Job | undefined;
  let shown: Job | undefined;

  const start = (): WorkerClient<BrushHandlers> => {
    client ??= createWorkerClient<BrushHandlers>(
      new Worker(new URL('../workers/effects.ts', import.meta.url), { type: 'module', name: 'focal-brush' }),
    );
    return client;
  };
  const tell = <K extends keyof BrushHandlers>(
    method: K,
    args: Parameters<BrushHandlers[K]>[0],
    transfer: Transferable[] = [],
  ): void => {
    start()
      .call(method, args as never, { transfer })
      .catch((error: unknown) => store.getState().toast('error', `The selection could not be shown: ${String(error)}`));
  };

  /** Where the result is looked at, that is what has to be fresh. */
  const markFresh = (): void => {
    if (store.getState().refining?.view !== 'result') store.setState({ isFresh: true });
  };

  const runner = createLatestRunner<Job>(
    async (job) => {
      const upTo = stroke === undefined ? newest : newest - 1;
      const { on, corrections, side } = job;
      const request = { on, ...toCorrectionsText(corrections), longSide: side };
      const found = await effects.call('selection', request);
      if (job !== target) return;
      shown = job;
      markFresh();
      if ('matte' in found) {
        tell('show', { matte: found.matte, upTo }, [found.matte.data.buffer as ArrayBuffer]);
        const [note] = found.missed;
        if (note !== undefined) store.getState().setRefining({ note: `${note} That correction is left out.` });
      } else {
        store.getState().setRefining({ note: found.reason });
        if (found.missing.length > 0) void findScene();
      }
    },
    (error) => {
      target = undefined;
      markFresh();
      store.getState().setRefining({ note: `The edge could not be shown. ${describeError(error)}` });
    },
  );

  const update = (state: StudioState): void => {
    const job = toJob(state);
    if (job === undefined || (target !== undefined && isSame(job, target))) {
      if (job === undefined) target = undefined;
      return;
    }
    target = job;
    if (state.refining?.view !== 'result') store.setState({ isFresh: false });
    runner.request(job);
  };
  store.subscribe((state, before) => {
    if (
      state.refining?.on !== before.refining?.on ||
      state.history.present.corrections !== before.history.present.corrections ||
      state.matte !== before.matte ||
      state.scene !== before.scene ||
      state.known !== before.known ||
      state.stage !== before.stage ||
      state.view !== before.view
    ) {
      update(state);
    }
    const { refining } = state;
    if (awaited !== undefined && (state.scene !== before.scene || refining !== before.refining)) goOn(awaited, state);
    if (refining !== undefined && refining.view !== before.refining?.view) {
      tell('setStyle', { style: refining.view === 'result' ? 'stroke' : refining.view });
      if (target !== undefined && target === shown) markFresh();
    }
  });

  /** Whether a photo's corrections have room for one more; says so where they have none. */
  const hasRoom = (correction: Correction): boolean => {
    const most = CORRECTION_LIMITS;
    const all = [...store.getState().history.present.corrections, correction];
    const points = all.reduce((sum, each) => sum + (each.kind === 'stroke' ? each.points.length : 0), 0);
    const picks = all.filter(({ kind }) => kind === 'pick').length;
    if (all.length <= most.corrections && points <= most.points && picks <= most.picks) return true;
    const what = picks > most.picks ? `${most.picks} regions` : `${most.corrections} strokes or ${most.points} points`;
    store.getState().toast('error', `A photo takes at most ${what} by hand: take some back first.`);
    return false;
  };

  const pickRegion = async ({ x, y }: Point, mode: Refining['mode'], on: string): Promise<void> => {
    const { photo, scene, setRefining, addCorrection } = store.getState();
    if (scene.phase !== 'ready') {
      awaited = { point: { x, y }, mode, on, photoId: photo?.id };
      store.setState({ picking: { x, y } });
      return findScene();
    }
    const correction = { kind: 'pick', mode, on, x: round(x), y: round(y) } as const;
    if (!hasRoom(correction)) return;
    store.setState({ picking: { x, y } });
    try {
      const isThere = await effects.call('canCorrect', { x: correction.x, y: correction.y });
      const state = store.getState();
      if (state.photo?.id !== photo?.id || state.refining?.on !== on) return;
      if (isThere) addCorrection(correction);
      else setRefining({ note: 'Nothing stands out from its background there. Point well inside of what you mean.' });
    } catch (error) {
      setRefining({ note: `That could not be picked. ${describeError(error)}` });
    } finally {
      store.setState({ picking: undefined });
    }
  };

  /** Picks what was clicked once that can be told, or forgets the click where it is not to be. */
  const goOn = (pick: AwaitedPick, { photo, refining, scene }: StudioState): void => {
    const isMeant = photo?.id === pick.photoId && refining?.on === pick.on && refining.tool === 'region';
    if (isMeant && (scene.phase === 'looking' || scene.phase === 'asking')) return;
    awaited = undefined;
    store.setState({ picking: undefined });
    if (isMeant && scene.phase === 'ready') void pickRegion(pick.point, pick.mode, pick.on);
  };

  const refiner: Refiner = {
    attachSelection(canvas) {
      const offscreen = canvas.transferControlToOffscreen();
      tell('attach', { canvas: offscreen }, [offscreen]);
    },
    beginStroke(mode) {
      const { refining, brush } = store.getState();
      if (refining === undefined || stroke !== undefined) return;
      stroke = { mode, on: refining.on, points: [] };
      newest += 1;
      tell('begin', { number: newest, brush: { mode, radius: brush.radius, softness: brush.softness } });
      if (refining.note !== undefined) store.getState().setRefining({});
    },
    extendStroke(points) {
      if (stroke === undefined || points.length === 0) return;
      stroke.points.push(...points);
      tell('extend', { points });
    },
    endStroke(isKept) {
      if (stroke === undefined) return;
      const { mode, on, points } = stroke;
      stroke = undefined;
      const { photo, refining, brush, addCorrection } = store.getState();
      const isOver = !isKept || photo === undefined || refining?.on !== on || points.length === 0;
      if (isOver) return tell('end', { isKept: false });
      const { radius, softness } = brush;
      const correction: Correction = {
        kind: 'stroke',
        mode,
        on,
        radius,
        softness,
        points: simplifyStroke(points, radius, photo).map((point) => ({ ...point })),
      };
      const isDone = hasRoom(correction);
      tell('end', { isKept: isDone });
      if (isDone) addCorrection(correction);
    },
    async refineAt(point, mode) {
      const { refining } = store.getState();
      if (refining === undefined) return;
      if (refining.tool === 'region') return pickRegion(point, mode, refining.on);
      refiner.beginStroke(mode);
      refiner.extendStroke([point]);
      refiner.endStroke(true);
    },
  };
  return refiner;
}

function toJob(state: StudioState): Job | undefined {
  const { refining, photo, matte, stage, scene, history, known } = state;
  if (refining === undefined || photo === undefined || matte === undefined || stage.width === 0) return undefined;
  return {
    photoId: photo.id,
    on: refining.on,
    corrections: history.present.corrections,
    matte,
    scene: scene.phase === 'ready' ? scene.scene : undefined,
    known,
    side: Math.max(getScreenSide(state), Math.min(MAX_SIDE, getDisplayedSide(state))),
  };
}

function isSame(a: Job, b: Job): boolean {
  return (
    a.photoId === b.photoId &&
    a.on === b.on &&
    a.corrections === b.corrections &&
    a.matte === b.matte &&
    a.scene === b.scene &&
    a.known === b.known &&
    a.side === b.side
  );
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
