import { endGesture, pushState } from './history.ts';
import { findEffect, findOpenStep } from './look-actions.ts';
import type { StudioState } from './store.ts';
import type { BrushSettings, Correction, Edits, Refining } from './types.ts';

/** What is corrected by hand; each correction is a step of the history. */
export interface RefineActions {
  /** Begins with the edge of whom the open step acts on, else with that of the main subject. */
  readonly startRefining: () => void;
  readonly stopRefining: () => void;
  readonly setRefining: (change: Partial<Refining>) => void;
  readonly setBrush: (change: Partial<BrushSettings>) => void;
  /** A stroke or a pick. */
  readonly addCorrection: (correction: Correction) => void;
  /** Moves or softens the whole edge; 0 leaves it as it is. */
  readonly setEdge: (kind: EdgeKind, value: number) => void;
  /** Takes back all that was done to an edge, or to all edges. */
  readonly resetCorrections: (on?: string) => void;
}

export type EdgeKind = 'shift' | 'feather';

type Set = (change: Partial<StudioState> | ((state: StudioState) => Partial<StudioState>)) => void;

export function createRefineActions(set: Set, get: () => StudioState): RefineActions {
  const change = (corrections: readonly Correction[], gesture = ''): void => {
    set(({ history, isDragging }) => {
      const present = { ...history.present, corrections };
      const next = pushState(history, present, gesture, performance.now(), isDragging);
      return { history: gesture === '' ? endGesture(next) : next };
    });
  };
  const corrections = (): readonly Correction[] => get().history.present.corrections;
  return {
    startRefining: () => {
      const state = get();
      if (state.matte === undefined) return;
      const on = findEdge(state) ?? 'main';
      set({
        refining: { on, tool: 'brush', mode: 'add', view: 'tint' },
        isChoosing: false,
        litId: undefined,
        aim: undefined,
        isHoldingBefore: false,
      });
    },
    stopRefining: () => set({ refining: undefined, aim: undefined }),
    setRefining: (part) =>
      set(({ refining }) => (refining === undefined ? {} : { refining: { ...refining, note: undefined, ...part } })),
    setBrush: (part) => set(({ brush }) => ({ brush: { ...brush, ...part } })),
    addCorrection: (correction) => {
      const all = corrections();
      change(all.toSpliced(findTail(all, correction.on), 0, correction));
    },
    setEdge: (kind, value) => {
      const { refining } = get();
      if (refining !== undefined) change(withEdge(corrections(), refining.on, kind, value), `${kind} ${refining.on}`);
    },
    resetCorrections: (on) => {
      const rest = on === undefined ? [] : corrections().filter((each) => each.on !== on);
      if (rest.length < corrections().length) change(rest);
    },
  };
}

/** Whose edge the open step goes by, if any: a step may act on all of the photo, or on nobody, or hide. */
export function findEdge(state: Pick<StudioState, 'history' | 'openStepId' | 'effects'>): string | undefined {
  const step = findOpenStep(state);
  const effect = step === undefined ? undefined : findEffect(state, step);
  const on = step?.on ?? effect?.on;
  if (on === undefined || on === 'everything' || effect?.order === 'first') return undefined;
  // The background ends where the main subject does.
  return on === 'background' ? 'main' : on;
}

/** How far the whole edge was moved, or softened, last. */
export function getEdge({ corrections }: Edits, on: string, kind: EdgeKind): number {
  const last = corrections.findLast((each) => each.on === on && each.kind === kind);
  if (last?.kind === 'shift') return last.amount;
  return last?.kind === 'feather' ? last.radius : 0;
}

/** Where what is painted goes: before the edge is moved and softened at last, so that both act on all of it. */
function findTail(all: readonly Correction[], on: string): number {
  let tail = all.length;
  for (let i = all.length - 1; i >= 0; i--) {
    const each = all[i] as Correction;
    if (each.on !== on) continue;
    if (each.kind !== 'shift' && each.kind !== 'feather') break;
    tail = i;
  }
  return tail;
}

/** The last one of its kind changed, or one more: an edge is moved before it is softened. */
function withEdge(all: readonly Correction[], on: string, kind: EdgeKind, value: number): readonly Correction[] {
  const index = all.findLastIndex((each) => each.on === on && each.kind === kind);
  const made: Correction = kind === 'shift' ? { kind, on, amount: value } : { kind, on, radius: value };
  if (index >= 0) return value === 0 ? all.toSpliced(index, 1) : all.with(index, made);
  if (value === 0) return all;
  return all.toSpliced(kind === 'shift' ? findTail(all, on) : all.length, 0, made);
}
