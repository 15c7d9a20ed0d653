import type { Engine } from '../engine/engine.ts';
import { startAim } from '../scene/use-pick.ts';
import { fitStage, zoomStage, zoomToActual } from '../stage/view-actions.ts';
import type { StudioStore } from '../state/store.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key`, in lower case; `mod+` is Ctrl or, on Apple's machines, Command. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly run: (parts: { readonly store: StudioStore; readonly engine: Engine }) => void;
}

/** All keys of the page. Those that are only held (B) are listed too, and handled where they work. */
export const shortcuts: readonly Shortcut[] = [
  { keys: ['o', 'mod+o'], text: 'Open a photo', run: () => document.getElementById('open-photo')?.click() },
  { keys: ['mod+z'], text: 'Undo', run: ({ store }) => store.getState().undo() },
  { keys: ['mod+shift+z', 'mod+y'], text: 'Redo', run: ({ store }) => store.getState().redo() },
  { keys: ['c'], text: 'Before and after side by side', run: ({ store }) => store.getState().toggleDivider() },
  {
    keys: ['b'],
    text: 'Hold to see the photo as it was',
    run: ({ store }) => store.setState({ isHoldingBefore: true }),
  },
  { keys: ['0', 'f'], text: 'Fit the photo', run: ({ store }) => fitStage(store) },
  { keys: ['z', '1'], text: 'Actual pixels', run: ({ store }) => zoomToActual(store) },
  { keys: ['+', '='], text: 'Zoom in', run: ({ store }) => zoomStage(store, 1.25) },
  { keys: ['-'], text: 'Zoom out', run: ({ store }) => zoomStage(store, 1 / 1.25) },
  {
    keys: ['p'],
    text: 'Pick in the photo: arrows aim, Enter picks (or Alt and a click)',
    run: ({ store }) => startAim(store),
  },
  { keys: ['e'], text: 'Next effect', run: ({ store }) => showNextEffect(store) },
  { keys: ['r'], text: 'Reset all controls', run: ({ store }) => store.getState().resetAll() },
  { keys: ['s', 'mod+s'], text: 'Save the result', run: ({ store }) => openExport(store) },
  { keys: ['mod+c'], text: 'Copy the result', run: ({ store, engine }) => copyResult(store, engine) },
  { keys: ['?'], text: 'Show these keys', run: ({ store }) => store.getState().openDialog('shortcuts') },
];

function showNextEffect(store: StudioStore): void {
  const { effects, history, setEffect } = store.getState();
  const index = effects.findIndex((effect) => effect.name === history.present.effect);
  const next = effects[(index + 1) % effects.length];
  if (next !== undefined) setEffect(next.name);
}

function openExport(store: StudioStore): void {
  if (store.getState().matte !== undefined) store.getState().openDialog('export');
}

function copyResult(store: StudioStore, engine: Engine): void {
  if (store.getState().matte !== undefined) void engine.copy();
}

/** `mod+shift+z` for Ctrl+Shift+Z. */
export function toKeyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): string {
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  // Shift is part of the sign itself for keys such as ?; it is named only beside Ctrl.
  return `${mod ? 'mod+' : ''}${mod && event.shiftKey ? 'shift+' : ''}${event.altKey ? 'alt+' : ''}${key}`;
}

/** How keys are written for people. */
export function toKeyLabel(keys: string, isApple: boolean): string {
  const names: Readonly<Record<string, string>> = {
    mod: isApple ? '⌘' : 'Ctrl',
    shift: isApple ? '⇧' : 'Shift',
    '-': '−',
  };
  return keys
    .split(/(?<=.)\+(?=.)/)
    .map((part) => names[part] ?? part.toUpperCase())
    .join(isApple ? '' : ' + ');
}
