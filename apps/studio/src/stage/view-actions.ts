import type { StudioState, StudioStore } from '../state/store.ts';
import { fitViewport, type Insets, type Point, panBy, type Viewport, zoomAt } from './viewport.ts';

type Viewed = Pick<StudioState, 'photo' | 'stage' | 'view'>;

/** Air around a fitted photo, and room for the bar below it: little on small screens. */
function getInsets(stage: StudioState['stage']): Insets {
  return stage.width < 600 ? { top: 38, side: 12, bottom: 92 } : { top: 28, side: 32, bottom: 84 };
}

/** The viewport on the screen: the user's, else the whole photo. */
export function getShownView(state: Viewed): Viewport | undefined {
  if (state.photo === undefined || state.stage.width === 0) return undefined;
  return state.view ?? fitViewport(state.stage, state.photo, devicePixelRatio, getInsets(state.stage));
}

/** A place on the stage in fractions of the photo; beside it they are below 0 or above 1. */
export function toFractions(state: Viewed, at: Point): Point | undefined {
  const view = getShownView(state);
  if (view === undefined || state.photo === undefined) return undefined;
  const { width, height } = state.photo;
  return { x: (at.x - view.x) / (width * view.scale), y: (at.y - view.y) / (height * view.scale) };
}

export function zoomStage(store: StudioStore, factor: number, at?: Point): void {
  const state = store.getState();
  const view = getShownView(state);
  if (view === undefined || state.photo === undefined) return;
  const { stage, photo } = state;
  const point = at ?? { x: stage.width / 2, y: stage.height / 2 };
  store.setState({ view: zoomAt(view, point, factor, stage, photo) });
}

export function panStage(store: StudioStore, dx: number, dy: number): void {
  const state = store.getState();
  const view = getShownView(state);
  if (view === undefined || state.photo === undefined) return;
  store.setState({ view: panBy(view, dx, dy, state.stage, state.photo) });
}

/** One picture pixel on one pixel of the screen. */
export function zoomToActual(store: StudioStore, at?: Point): void {
  const view = getShownView(store.getState());
  if (view !== undefined) zoomStage(store, 1 / devicePixelRatio / view.scale, at);
}

export function fitStage(store: StudioStore): void {
  store.setState({ view: undefined });
}
