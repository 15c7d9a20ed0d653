import type { KnownPerson, Point } from '@focal/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { createHistory, endGesture, type History, redo, undo } from './history.ts';
import { createLookActions, findEffect, hides, type LookActions } from './look-actions.ts';
import { createRefineActions, type RefineActions } from './refine-actions.ts';
import type {
  AssetInfo,
  BrowserModel,
  BrushSettings,
  DialogName,
  Edits,
  EffectInfo,
  ExportState,
  HidingCheck,
  ListedPhoto,
  MatteInfo,
  Phase,
  PhotoInfo,
  PickedItem,
  Place,
  Problem,
  Progress,
  Refining,
  Rendered,
  SceneState,
  StepNote,
  Theme,
  Toast,
  Viewport,
} from './types.ts';

/** All that the page shows. Changed through the actions below and by the engine. */
export interface StudioState {
  readonly effects: readonly EffectInfo[];
  readonly phase: Phase;
  readonly photo: PhotoInfo | undefined;
  /** All photos of this sitting, in the order of the list. */
  readonly sitting: readonly ListedPhoto[];
  readonly matte: MatteInfo | undefined;
  readonly scene: SceneState;
  /** Id of the photo for which the list of who and what is in it is open. */
  readonly sceneOpenFor: number | undefined;
  /** Who is known for this sitting, in memory alone. */
  readonly known: readonly KnownPerson[];
  /** Id of the face that is being looked at, to be known. */
  readonly knowing: string | undefined;
  readonly picks: readonly PickedItem[];
  /** The point of the photo, in fractions, at which something is being picked. */
  readonly picking: Point | undefined;
  /** What came of the last pick, where that was nothing. */
  readonly pickNote: string | undefined;
  /** The cross that is moved by keys, in fractions of the photo. */
  readonly aim: Point | undefined;
  /** Whether clicks in the photo say whom the open step acts on. */
  readonly isChoosing: boolean;
  /** Id of the subject, face or pick that is lit up in the photo. */
  readonly litId: string | undefined;
  /** Set while an edge is corrected by hand. */
  readonly refining: Refining | undefined;
  readonly brush: BrushSettings;
  readonly progress: Progress | undefined;
  readonly problem: Problem | undefined;
  readonly history: History<Edits>;
  /** The step whose controls are shown. */
  readonly openStepId: string | undefined;
  /** What there is to say about steps of the photo on the screen, by their ids. */
  readonly stepNotes: Readonly<Record<string, StepNote>>;
  /** Whether a step waits for something to be found out. */
  readonly waits: boolean;
  /** Whether what hides somebody is among the steps that wait, so that the result shows them bare. */
  readonly showsBare: boolean;
  /** Corrections by hand that the photo on the screen gives no hold for, as sentences. */
  readonly missed: readonly string[];
  readonly hidingCheck: HidingCheck;
  /** Pictures that were chosen for effects, by id. Those that undo may bring back stay. */
  readonly assets: Readonly<Record<string, AssetInfo>>;
  /** The photo as it was, and with the effect, ready to draw. */
  readonly original: Rendered | undefined;
  readonly result: Rendered | undefined;
  /** The part of the photo that a crop leaves, without other steps: there while that is compared with the result. */
  readonly croppedOriginal: Rendered | undefined;
  /** Whether the result on the screen is that of the present parameters, in full sharpness. */
  readonly isFresh: boolean;
  /** Whether a slider is being dragged: speed counts more than the last bit of sharpness. */
  readonly isDragging: boolean;
  /** Nothing while the picture follows the stage's size. */
  readonly view: Viewport | undefined;
  readonly stage: { readonly width: number; readonly height: number };
  /** Where the before/after divider stands on the stage, 0..1; nothing while it is off. */
  readonly divider: number | undefined;
  readonly isHoldingBefore: boolean;
  readonly place: Place;
  readonly browserModel: BrowserModel;
  readonly serverIsUp: boolean | undefined;
  readonly theme: Theme;
  readonly dialog: DialogName | undefined;
  readonly exporting: ExportState | undefined;
  /** Why nothing was saved the last time, since a dialog was opened. */
  readonly exportProblem: string | undefined;
  readonly toasts: readonly Toast[];
}

export interface StudioActions extends LookActions, RefineActions {
  /** A slider or dial is taken, or let go: what changes in between is one step. */
  readonly setDragging: (isDragging: boolean) => void;
  readonly light: (id: string | undefined) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly setTheme: (theme: Theme) => void;
  readonly openDialog: (name: DialogName | undefined) => void;
  readonly toggleDivider: () => void;
  /** @param cause what it is about: the next one of the same cause takes its place, as one of the same text does */
  readonly toast: (kind: Toast['kind'], text: string, action?: Toast['action'], cause?: string) => void;
  readonly dismissToast: (id: number) => void;
}

export type StudioStore = StoreApi<StudioState & StudioActions>;

const MAX_TOASTS = 3;

/** Nothing picked or being corrected, of a photo that has just been opened. */
export const NO_PICKS = {
  picks: [],
  picking: undefined,
  pickNote: undefined,
  aim: undefined,
  refining: undefined,
} as const;

export function createStudioStore(saved: Pick<StudioState, 'theme' | 'place' | 'browserModel'>): StudioStore {
  let nextToast = 1;
  return createStore<StudioState & StudioActions>()((set, get) => {
    return {
      effects: [],
      phase: 'empty',
      photo: undefined,
      sitting: [],
      matte: undefined,
      scene: { phase: 'unasked' },
      sceneOpenFor: undefined,
      known: [],
      knowing: undefined,
      ...NO_PICKS,
      litId: undefined,
      refining: undefined,
      brush: { radius: 0.02, softness: 0.3, usesPressure: true },
      progress: undefined,
      problem: undefined,
      history: createHistory<Edits>({ steps: [], corrections: [] }),
      openStepId: undefined,
      stepNotes: {},
      missed: [],
      hidingCheck: { phase: 'unasked' },
      waits: false,
      showsBare: false,
      isChoosing: false,
      assets: {},
      original: undefined,
      result: undefined,
      croppedOriginal: undefined,
      isFresh: false,
      isDragging: false,
      view: undefined,
      stage: { width: 0, height: 0 },
      divider: undefined,
      isHoldingBefore: false,
      serverIsUp: undefined,
      dialog: undefined,
      exporting: undefined,
      exportProblem: undefined,
      toasts: [],
      ...saved,

      ...createLookActions(set, get),
      ...createRefineActions(set, get),
      setDragging: (isDragging) => set(({ history }) => ({ isDragging, history: endGesture(history) })),
      light: (litId) => set({ litId }),
      undo: () => set((state) => moveInTime(state, undo(state.history))),
      redo: () => set((state) => moveInTime(state, redo(state.history))),
      setTheme: (theme) => set({ theme }),
      openDialog: (dialog) => set({ dialog, exportProblem: undefined }),
      toggleDivider: () => set(({ divider }) => ({ divider: divider === undefined ? 0.5 : undefined })),
      toast(kind, text, action, cause) {
        const toast: Toast = { id: nextToast++, kind, text, action, cause };
        const isOther = (each: Toast) => each.text !== text && (cause === undefined || each.cause !== cause);
        set(({ toasts }) => ({ toasts: [...toasts.filter(isOther), toast].slice(-MAX_TOASTS) }));
      },
      dismissToast: (id) => set(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) })),
    };
  });
}

/** Whether there is a result to be saved: a look that needs no subject does not wait for one. */
export function canSave({ matte, result, waits }: StudioState): boolean {
  return matte !== undefined || (result !== undefined && !waits);
}

/** Whether the photo must not be shown: a step hides somebody, and there is no result yet in which it was done. */
export function isVeiled(state: StudioState): boolean {
  const { history, result, showsBare, refining } = state;
  if (refining !== undefined || (result !== undefined && !showsBare)) return false;
  return history.present.steps.some((step) => step.enabled && hides(findEffect(state, step)));
}

/** Another state of the look; a step stays open where one was. */
function moveInTime({ openStepId }: StudioState, history: History<Edits>): Partial<StudioState> {
  const { steps } = history.present;
  if (openStepId === undefined || steps.some(({ id }) => id === openStepId)) return { history };
  return { history, openStepId: steps[0]?.id, isChoosing: false };
}
