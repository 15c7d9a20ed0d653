import { endGesture, pushState } from './history.ts';
import type { StudioState } from './store.ts';
import type { AssetInfo, Correction, Edits, EffectInfo, Params, ParamValue, Step } from './types.ts';

/** What is changed of the look; each is a step of the history. Without an id the open step is meant. */
export interface LookActions {
  readonly setParam: (name: string, value: ParamValue, gesture?: string) => void;
  readonly resetParam: (name: string) => void;
  /** All of the open step back to the defaults. */
  readonly resetAll: () => void;
  /** A picture was chosen as the open step's asset of that name. */
  readonly setAsset: (name: string, id: string, info: AssetInfo) => void;
  /** The font that all steps write in; nothing: the bundled one. */
  readonly setFont: (id: string | undefined) => void;
  readonly setOn: (on: string | undefined) => void;
  readonly setOpacity: (opacity: number) => void;
  readonly addStep: (effect: string) => void;
  readonly removeStep: (id: string) => void;
  readonly duplicateStep: (id: string) => void;
  readonly moveStep: (id: string, index: number, gesture?: string) => void;
  readonly toggleStep: (id: string) => void;
  /** Steps that hide everybody hide whom nobody knows from now on. False where there are none. */
  readonly spareKnown: () => boolean;
  /** Shows the controls of a step; nothing closes the one that is open. */
  readonly openStep: (id: string | undefined) => void;
  /** Takes other steps in place of all that there are, and other corrections by hand where there are some. */
  readonly applySteps: (steps: readonly Omit<Step, 'id'>[], corrections?: readonly Correction[]) => void;
}

type Set = (change: Partial<StudioState> | ((state: StudioState) => Partial<StudioState>)) => void;

export function createLookActions(set: Set, get: () => StudioState): LookActions {
  const change = (steps: readonly Step[], gesture: string): void => {
    set(({ history, isDragging }) => ({
      history: pushState(history, { ...history.present, steps }, gesture, performance.now(), isDragging),
    }));
  };
  /** A change that no drag goes on with. */
  const changeOnce = (steps: readonly Step[]): void => {
    change(steps, '');
    set(({ history }) => ({ isDragging: false, history: endGesture(history) }));
  };
  const steps = (): readonly Step[] => get().history.present.steps;
  const replace = (step: Step): readonly Step[] => steps().map((each) => (each.id === step.id ? step : each));
  /** Whom another step acts on is not being chosen. */
  const open = (openStepId: string | undefined): void => {
    set((state) => ({ openStepId, isChoosing: state.isChoosing && openStepId === state.openStepId }));
  };
  const withOpen = (act: (step: Step) => void): void => {
    const step = findOpenStep(get());
    if (step !== undefined) act(step);
  };

  return {
    setParam: (name, value, gesture = `set ${name}`) =>
      withOpen((step) => {
        const initial = findDefault(findEffect(get(), step), name);
        if ((step.params[name] ?? initial) === value) return;
        const params = value === initial ? without(step.params, name) : { ...step.params, [name]: value };
        change(replace({ ...step, params }), `${step.id} ${gesture}`);
      }),
    resetParam: (name) =>
      withOpen((step) => {
        if (step.params[name] === undefined) return;
        changeOnce(replace({ ...step, params: without(step.params, name) }));
      }),
    resetAll: () => withOpen((step) => changeOnce(replace({ ...step, params: {} }))),
    setAsset: (name, id, info) => {
      set(({ assets }) => ({ assets: { ...assets, [id]: info } }));
      withOpen((step) => change(replace({ ...step, assets: { ...step.assets, [name]: id } }), ''));
    },
    setFont: (font) => {
      set(({ history }) => ({ history: pushState(history, { ...history.present, font }, '', performance.now()) }));
    },
    setOn: (on) =>
      withOpen((step) => {
        if (step.on === on) return;
        const { on: _, ...rest } = step;
        changeOnce(replace(on === undefined ? rest : { ...rest, on }));
      }),
    setOpacity: (opacity) =>
      withOpen((step) => {
        if (step.opacity !== opacity) change(replace({ ...step, opacity }), `${step.id} opacity`);
      }),
    addStep: (effect) => {
      const step: Step = { id: toNewId(steps()), effect, params: {}, assets: {}, enabled: true, opacity: 1 };
      changeOnce([...steps(), step]);
      open(step.id);
    },
    removeStep: (id) => {
      const index = steps().findIndex((each) => each.id === id);
      const rest = steps().filter((each) => each.id !== id);
      if (index < 0) return;
      changeOnce(rest);
      if (get().openStepId === id) open(rest[Math.min(index, rest.length - 1)]?.id);
    },
    duplicateStep: (id) => {
      const index = steps().findIndex((each) => each.id === id);
      const step = steps()[index];
      if (step === undefined) return;
      const copy = { ...step, id: toNewId(steps()) };
      changeOnce(steps().toSpliced(index + 1, 0, copy));
      open(copy.id);
    },
    moveStep: (id, index, gesture = '') => {
      const from = steps().findIndex((each) => each.id === id);
      const step = steps()[from];
      const to = Math.max(0, Math.min(steps().length - 1, index));
      if (step === undefined || to === from) return;
      change(steps().toSpliced(from, 1).toSpliced(to, 0, step), gesture);
    },
    toggleStep: (id) => {
      const step = steps().find((each) => each.id === id);
      if (step !== undefined) changeOnce(replace({ ...step, enabled: !step.enabled }));
    },
    spareKnown: () => {
      const next = steps().map((step) => (hidesEverybody(get(), step) ? { ...step, on: 'unknown-faces' } : step));
      const isChanged = next.some((step, index) => step !== steps()[index]);
      if (isChanged) changeOnce(next);
      return isChanged;
    },
    openStep: open,
    applySteps: (taken, corrections) => {
      const made: Step[] = [];
      for (const step of taken) made.push({ ...step, id: toNewId([...steps(), ...made]) });
      const { history } = get();
      const { present } = history;
      const edits = { ...present, steps: made, corrections: corrections ?? present.corrections };
      set({ history: endGesture(pushState(history, edits, '', performance.now())), isDragging: false });
      open(made[0]?.id);
    },
  };
}

/** Whether a step that is on covers all faces, or all people. */
function hidesEverybody(state: Pick<StudioState, 'effects'>, step: Step): boolean {
  const effect = findEffect(state, step);
  const isForAll = ['everything', 'everyone', 'faces'].includes(step.on ?? effect?.on ?? '');
  return hides(effect) && step.enabled && isForAll;
}

/** The step whose controls are shown. */
export function findOpenStep({ history, openStepId }: Pick<StudioState, 'history' | 'openStepId'>): Step | undefined {
  return history.present.steps.find(({ id }) => id === openStepId);
}

export function findEffect({ effects }: Pick<StudioState, 'effects'>, step: Step): EffectInfo | undefined {
  return effects.find(({ name }) => name === step.effect);
}

/** Whether an effect hides somebody: it runs before all others and takes no part of its change back. */
export function hides(effect: EffectInfo | undefined): boolean {
  return effect?.order === 'first';
}

/** All parameters of a step, defaults filled in. */
export function getParams(effect: EffectInfo, { params }: Step): Params {
  return Object.fromEntries(effect.parameters.map(({ name, default: initial }) => [name, params[name] ?? initial]));
}

/** The look without what is bound to one photo: single subjects and places, corrections by hand. */
export function toPortable({ steps, ...edits }: Edits): Edits {
  return {
    ...edits,
    corrections: [],
    steps: steps.map(({ on, ...step }) => (on === undefined || isBound(on) ? step : { ...step, on })),
  };
}

/** Whether a selector in short form names somebody or some place of one photo. */
function isBound(on: string): boolean {
  return /^(at|except):/.test(on) || /-\d+$/.test(on);
}

function findDefault(effect: EffectInfo | undefined, name: string): ParamValue | undefined {
  return effect?.parameters.find((each) => each.name === name)?.default;
}

function without(params: Params, name: string): Params {
  return Object.fromEntries(Object.entries(params).filter(([each]) => each !== name));
}

function toNewId(steps: readonly Step[]): string {
  const last = Math.max(0, ...steps.map(({ id }) => Number(id.slice('step-'.length))));
  return `step-${last + 1}`;
}
