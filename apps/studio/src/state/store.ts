import type { Point } from '@focal/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { createHistory, endGesture, type History, pushState, redo, undo } from './history.ts';
import type {
  AssetInfo,
  BrowserModel,
  DialogName,
  Edits,
  EffectInfo,
  ExportState,
  MatteInfo,
  Params,
  ParamValue,
  Phase,
  PhotoInfo,
  PickedItem,
  Place,
  Problem,
  Progress,
  Rendered,
  SceneState,
  Theme,
  Toast,
  Viewport,
} from './types.ts';

/** All that the page shows. Changed through the actions below and by the engine. */
export interface StudioState {
  readonly effects: readonly EffectInfo[];
  readonly phase: Phase;
  readonly photo: PhotoInfo | undefined;
  readonly matte: MatteInfo | undefined;
  readonly scene: SceneState;
  /** Id of the photo for which the list of who and what is in it is open. */
  readonly sceneOpenFor: number | undefined;
  readonly picks: readonly PickedItem[];
  /** The point of the photo, in fractions, at which something is being picked. */
  readonly picking: Point | undefined;
  /** What came of the last pick, where that was nothing. */
  readonly pickNote: string | undefined;
  /** The cross that is moved by keys, in fractions of the photo. */
  readonly aim: Point | undefined;
  /** Id of the subject, face or pick that is lit up in the photo. */
  readonly litId: string | undefined;
  readonly progress: Progress | undefined;
  readonly problem: Problem | undefined;
  readonly history: History<Edits>;
  /** Pictures that were chosen for effects, by id. Those that undo may bring back stay. */
  readonly assets: Readonly<Record<string, AssetInfo>>;
  /** The photo as it was, and with the effect, ready to draw. */
  readonly original: Rendered | undefined;
  readonly result: Rendered | undefined;
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
  readonly toasts: readonly Toast[];
}

export interface StudioActions {
  readonly setParam: (name: string, value: ParamValue, gesture?: string) => void;
  readonly resetParam: (name: string) => void;
  readonly resetAll: () => void;
  readonly setEffect: (name: string) => void;
  /** A picture was chosen as the asset of that name. */
  readonly setAsset: (name: string, id: string, info: AssetInfo) => void;
  /** A slider or dial is taken, or let go: what changes in between is one step. */
  readonly setDragging: (isDragging: boolean) => void;
  readonly light: (id: string | undefined) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly setTheme: (theme: Theme) => void;
  readonly openDialog: (name: DialogName | undefined) => void;
  readonly toggleDivider: () => void;
  readonly toast: (kind: Toast['kind'], text: string, action?: Toast['action']) => void;
  readonly dismissToast: (id: number) => void;
}

export type StudioStore = StoreApi<StudioState & StudioActions>;

const MAX_TOASTS = 3;

/** Nothing picked, of a photo that has just been opened. */
export const NO_PICKS = { picks: [], picking: undefined, pickNote: undefined, aim: undefined } as const;

export function createStudioStore(saved: Pick<StudioState, 'theme' | 'place' | 'browserModel'>): StudioStore {
  let nextToast = 1;
  return createStore<StudioState & StudioActions>()((set, get) => {
    const change = (next: Edits, gesture: string) => {
      set(({ history, isDragging }) => ({
        history: pushState(history, next, gesture, performance.now(), isDragging),
      }));
    };
    const changeParams = (params: Params, gesture: string) => {
      const edits = get().history.present;
      change({ ...edits, params: { ...edits.params, [edits.effect]: params } }, gesture);
    };
    return {
      effects: [],
      phase: 'empty',
      photo: undefined,
      matte: undefined,
      scene: { phase: 'unasked' },
      sceneOpenFor: undefined,
      ...NO_PICKS,
      litId: undefined,
      progress: undefined,
      problem: undefined,
      history: createHistory<Edits>({ effect: '', params: {}, assets: {} }),
      assets: {},
      original: undefined,
      result: undefined,
      isFresh: false,
      isDragging: false,
      view: undefined,
      stage: { width: 0, height: 0 },
      divider: undefined,
      isHoldingBefore: false,
      serverIsUp: undefined,
      dialog: undefined,
      exporting: undefined,
      toasts: [],
      ...saved,

      setParam(name, value, gesture = `set ${name}`) {
        const { effect, params } = get().history.present;
        if (params[effect]?.[name] === value) return;
        changeParams({ ...params[effect], [name]: value }, `${effect} ${gesture}`);
      },
      resetParam(name) {
        const { effect, params } = get().history.present;
        const initial = findEffect(get())?.parameters.find((each) => each.name === name)?.default;
        if (initial === undefined || params[effect]?.[name] === initial) return;
        changeParams({ ...params[effect], [name]: initial }, '');
        get().setDragging(false);
      },
      resetAll() {
        const effect = findEffect(get());
        if (effect === undefined) return;
        changeParams(toDefaults(effect), '');
        get().setDragging(false);
      },
      setEffect(name) {
        const { present } = get().history;
        if (present.effect === name) return;
        change({ ...present, effect: name }, '');
        get().setDragging(false);
      },
      setAsset(name, id, info) {
        set(({ assets }) => ({ assets: { ...assets, [id]: info } }));
        const edits = get().history.present;
        change({ ...edits, assets: { ...edits.assets, [name]: id } }, '');
      },
      setDragging: (isDragging) => set(({ history }) => ({ isDragging, history: endGesture(history) })),
      light: (litId) => set({ litId }),
      undo: () => set(({ history }) => ({ history: undo(history) })),
      redo: () => set(({ history }) => ({ history: redo(history) })),
      setTheme: (theme) => set({ theme }),
      openDialog: (dialog) => set({ dialog }),
      toggleDivider: () => set(({ divider }) => ({ divider: divider === undefined ? 0.5 : undefined })),
      toast(kind, text, action) {
        const toast: Toast = { id: nextToast++, kind, text, action };
        set(({ toasts }) => ({ toasts: [...toasts.filter((each) => each.text !== text), toast].slice(-MAX_TOASTS) }));
      },
      dismissToast: (id) => set(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) })),
    };
  });
}

/** The effect in view. */
export function findEffect(state: Pick<StudioState, 'effects' | 'history'>): EffectInfo | undefined {
  return state.effects.find((effect) => effect.name === state.history.present.effect);
}

/** The parameters of the effect in view. */
export function getParams({ history }: Pick<StudioState, 'history'>): Params {
  return history.present.params[history.present.effect] ?? {};
}

/** While a background picture is still to be chosen, the background is left out. */
export function toUsable(params: Params, assets: Edits['assets']): Params {
  const missing = Object.entries(params).filter(([name, value]) => value === 'picture' && assets[name] === undefined);
  if (missing.length === 0) return params;
  return { ...params, ...Object.fromEntries(missing.map(([name]) => [name, 'transparent'])) };
}

export function toDefaults(effect: EffectInfo): Params {
  return Object.fromEntries(effect.parameters.map((parameter) => [parameter.name, parameter.default]));
}
