import type { FocusDetection, FocusState, ParameterInfo } from '@focal/core';
import type { DrawnBy } from '@focal/web';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { readSettings, writeSettings } from '../../state/settings.ts';
import type { ParamValue, Theme, Toast } from '../../state/types.ts';
import { EMPTY_EDITS, type TimelineEdits } from '../timeline/edits.ts';
import {
  DEFAULTS,
  type LivePreset,
  type LiveSettings,
  PRESETS,
  readLiveSettings,
  writeLiveSettings,
} from './live-settings.ts';

export interface LiveSourceInfo {
  readonly kind: 'webcam' | 'file' | 'demo';
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly hasSound: boolean;
  /** Whether single frames can be stepped through. */
  readonly steps: boolean;
  /** Of a file, and how long it is in seconds. */
  readonly file?: File;
  readonly duration?: number;
}

/** A video that is rendered whole on the server. */
export interface Exporting {
  readonly startedMs: number;
}

/** What went wrong, and what can be done now. */
export interface LiveProblem {
  readonly title: string;
  readonly text: string;
  readonly action?: 'webcam' | 'file' | 'reload' | 'models' | undefined;
}

export type ModelsState =
  | { readonly phase: 'unknown' }
  | { readonly phase: 'absent'; readonly bytes: number }
  | { readonly phase: 'loading'; readonly done: number }
  | { readonly phase: 'ready' }
  | { readonly phase: 'failed'; readonly text: string };

/** The better tracker: offered at the first lock where it could be had. */
export type TrackerState =
  | { readonly phase: 'unknown' | 'settled' | 'offered' | 'loading' }
  | { readonly phase: 'failed'; readonly text: string };

/** Where the time of a frame goes, in milliseconds, and how many are shown a second. */
export interface LiveStats {
  readonly fps: number;
  readonly parts: Readonly<Partial<Record<'detect' | 'track' | 'mask' | 'learn' | 'hide' | 'blur', number>>>;
  /** By what the last picture was blurred; nothing where none of it was. */
  readonly drawnBy?: DrawnBy | undefined;
  /** For who wishes for the graphics card: why it is not as they may think. */
  readonly cardNote?: string | undefined;
}

export interface Recording {
  readonly seconds: number;
  readonly format: string;
  readonly isFinishing: boolean;
}

export interface LiveState {
  readonly phase: 'empty' | 'starting' | 'live';
  readonly source: LiveSourceInfo | undefined;
  readonly isPaused: boolean;
  readonly isMuted: boolean;
  readonly models: ModelsState;
  readonly tracker: TrackerState;
  readonly problem: LiveProblem | undefined;
  readonly focus: { readonly state: FocusState; readonly label?: string | undefined; readonly confidence: number };
  /** A click is on its way to the worker. */
  readonly isLocking: boolean;
  /** What is under the pointer. */
  readonly lit: FocusDetection | undefined;
  readonly stats: LiveStats;
  readonly parameters: readonly ParameterInfo[];
  readonly settings: LiveSettings;
  /** The name of the picture that stands behind people. */
  /** What was set along a file. */
  readonly timeline: TimelineEdits;
  /** The keyframe that is chosen, by its place in the timeline. */
  readonly chosenKeyframe: number | undefined;
  readonly exporting: Exporting | undefined;
  readonly backdropName: string | undefined;
  readonly cameras: readonly MediaDeviceInfo[];
  readonly recording: Recording | undefined;
  readonly isInPicture: boolean;
  readonly dialog: 'keys' | undefined;
  readonly toasts: readonly Toast[];
  readonly theme: Theme;
}

export interface LiveActions {
  readonly change: (settings: Partial<LiveSettings>) => void;
  readonly setPreset: (preset: LivePreset) => void;
  readonly setLook: (name: string, value: ParamValue) => void;
  /** A parameter of the look, or a setting of the page, back to its default. */
  readonly reset: (name: string) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly toast: (kind: Toast['kind'], text: string, action?: Toast['action']) => void;
  readonly dismissToast: (id: number) => void;
}

export type LiveStore = StoreApi<LiveState & LiveActions>;

const MAX_TOASTS = 3;

export function createLiveStore(storage: Pick<Storage, 'getItem' | 'setItem'>): LiveStore {
  let nextToast = 1;
  return createStore<LiveState & LiveActions>()((set, get) => {
    const change = (settings: Partial<LiveSettings>) => {
      set((state) => ({ settings: { ...state.settings, ...settings } }));
      writeLiveSettings(storage, get().settings);
    };
    return {
      phase: 'empty',
      source: undefined,
      isPaused: false,
      isMuted: false,
      models: { phase: 'unknown' },
      tracker: { phase: 'unknown' },
      problem: undefined,
      focus: { state: 'idle', confidence: 0 },
      isLocking: false,
      lit: undefined,
      stats: { fps: 0, parts: {} },
      parameters: [],
      settings: readLiveSettings(storage),
      timeline: EMPTY_EDITS,
      chosenKeyframe: undefined,
      exporting: undefined,
      backdropName: undefined,
      cameras: [],
      recording: undefined,
      isInPicture: false,
      dialog: undefined,
      toasts: [],
      theme: readSettings(storage).theme,

      change,
      setPreset: (preset) => change({ preset, detectEvery: PRESETS[preset].detectEvery }),
      setLook: (name, value) => change({ look: { ...get().settings.look, [name]: value } }),
      reset(name) {
        const { preset, look } = get().settings;
        if (name === 'detectEvery') return change({ detectEvery: PRESETS[preset].detectEvery });
        if (name === 'backdropColor' || name === 'coverColor') return change({ [name]: DEFAULTS[name] });
        const { [name]: _, ...others } = look;
        change({ look: others });
      },
      setTheme(theme) {
        set({ theme });
        writeSettings(storage, { ...readSettings(storage), theme });
      },
      toast(kind, text, action) {
        const toast: Toast = { id: nextToast++, kind, text, action };
        set(({ toasts }) => ({ toasts: [...toasts.filter((each) => each.text !== text), toast].slice(-MAX_TOASTS) }));
      },
      dismissToast: (id) => set(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) })),
    };
  });
}

/** Whether left and right are swapped: as the user said, else as one is used to. */
export function isMirrored({ settings, source }: Pick<LiveState, 'settings' | 'source'>): boolean {
  return settings.isMirrored ?? source?.kind === 'webcam';
}
