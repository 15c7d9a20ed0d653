/** States that can be gone back to. Immutable: every function gives a new one. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the last change was part of, and when: changes of one gesture become one step. */
  readonly gesture: { readonly key: string; readonly at: number } | undefined;
}

const MAX_STEPS = 200;
const GESTURE_MS = 700;

export function createHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], gesture: undefined };
}

/**
 * A new present. Where `key` names the same gesture as the change before, and that was less than 0.7 s ago (a key held
 * down) or the pointer has been down since (`isHeld`), the step before it is kept and no new one is added. A change
 * without a key is always a step of its own.
 */
export function pushState<T>(history: History<T>, present: T, key: string, now: number, isHeld = false): History<T> {
  const { gesture, past } = history;
  const continues = key !== '' && gesture?.key === key && (isHeld || now - gesture.at < GESTURE_MS);
  return {
    past: continues ? past : [...past, history.present].slice(-MAX_STEPS),
    present,
    future: [],
    gesture: { key, at: now },
  };
}

/** Ends the gesture under way: the next change is a step of its own. */
export function endGesture<T>(history: History<T>): History<T> {
  return history.gesture === undefined ? history : { ...history, gesture: undefined };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    gesture: undefined,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, gesture: undefined };
}
