import type { Engine } from '../engine/engine.ts';
import { stepRadius } from '../refine/brush-size.ts';
import { startAim } from '../scene/use-pick.ts';
import { fitStage, zoomStage, zoomToActual } from '../stage/view-actions.ts';
import { canSave, type StudioStore } from '../state/store.ts';
import type { DialogName } from '../state/types.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key`, in lower case; `mod+` is Ctrl or, on Apple's machines, Command. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly run: (parts: { readonly store: StudioStore; readonly engine: Engine }) => void;
}

/** All keys of the page. Those that are only held (B) are listed too, and handled where they work. */
export const shortcuts: readonly Shortcut[] = [
  { keys: ['o', 'mod+o'], text: 'Open photos', run: () => document.getElementById('open-photo')?.click() },
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
  { keys: ['a'], text: 'Add a step', run: ({ store }) => openWithPhoto(store, 'add-step') },
  { keys: ['e'], text: 'Open the next step', run: ({ store }) => showNextStep(store) },
  {
    keys: ['x'],
    text: 'Switch the open step off or on; while refining: add or take away',
    run: ({ store }) => (isRefining(store) ? swapMode(store) : withOpenStep(store, 'toggleStep')),
  },
  { keys: ['m'], text: 'Refine edges by hand', run: ({ store }) => toggleRefining(store) },
  { keys: ['['], text: 'Smaller brush', run: ({ store }) => stepBrush(store, -1) },
  { keys: [']'], text: 'Larger brush', run: ({ store }) => stepBrush(store, 1) },
  { keys: ['{'], text: 'Harder brush', run: ({ store }) => stepSoftness(store, -0.1) },
  { keys: ['}'], text: 'Softer brush', run: ({ store }) => stepSoftness(store, 0.1) },
  { keys: ['escape'], text: 'Done with refining', run: ({ store }) => store.getState().stopRefining() },
  { keys: ['d'], text: 'Duplicate the open step', run: ({ store }) => withOpenStep(store, 'duplicateStep') },
  { keys: ['delete'], text: 'Delete the open step', run: ({ store }) => withOpenStep(store, 'removeStep') },
  { keys: ['alt+arrowup'], text: 'Move the open step up', run: ({ store }) => moveOpenStep(store, -1) },
  { keys: ['alt+arrowdown'], text: 'Move the open step down', run: ({ store }) => moveOpenStep(store, 1) },
  { keys: ['r'], text: 'Reset the open step', run: ({ store }) => store.getState().resetAll() },
  { keys: ['pagedown'], text: 'Next photo', run: ({ store, engine }) => showOther(store, engine, 1) },
  { keys: ['pageup'], text: 'Photo before', run: ({ store, engine }) => showOther(store, engine, -1) },
  { keys: ['s', 'mod+s'], text: 'Save the result', run: ({ store }) => openExport(store) },
  { keys: ['mod+c'], text: 'Copy the result', run: ({ store, engine }) => copyResult(store, engine) },
  { keys: ['?'], text: 'Show these keys', run: ({ store }) => store.getState().openDialog('shortcuts') },
];

function isRefining(store: StudioStore): boolean {
  return store.getState().refining !== undefined;
}

function toggleRefining(store: StudioStore): void {
  const { refining, startRefining, stopRefining } = store.getState();
  if (refining === undefined) startRefining();
  else stopRefining();
}

function swapMode(store: StudioStore): void {
  const { refining, setRefining } = store.getState();
  setRefining({ mode: refining?.mode === 'add' ? 'remove' : 'add' });
}

function stepBrush(store: StudioStore, by: 1 | -1): void {
  const { brush, setBrush } = store.getState();
  if (isRefining(store)) setBrush({ radius: stepRadius(brush.radius, by) });
}

function stepSoftness(store: StudioStore, by: number): void {
  const { brush, setBrush } = store.getState();
  const softness = Math.round(Math.min(1, Math.max(0, brush.softness + by)) * 10) / 10;
  if (isRefining(store)) setBrush({ softness });
}

function showNextStep(store: StudioStore): void {
  const { history, openStepId, openStep } = store.getState();
  const { steps } = history.present;
  const index = steps.findIndex(({ id }) => id === openStepId);
  openStep(steps[(index + 1) % steps.length]?.id);
}

function withOpenStep(store: StudioStore, act: 'toggleStep' | 'duplicateStep' | 'removeStep'): void {
  const { openStepId, [act]: change } = store.getState();
  if (openStepId !== undefined) change(openStepId);
}

function moveOpenStep(store: StudioStore, by: number): void {
  const { history, openStepId, moveStep } = store.getState();
  const index = history.present.steps.findIndex(({ id }) => id === openStepId);
  if (openStepId !== undefined) moveStep(openStepId, index + by);
}

function openWithPhoto(store: StudioStore, dialog: DialogName): void {
  if (store.getState().photo !== undefined) store.getState().openDialog(dialog);
}

function showOther(store: StudioStore, engine: Engine, by: number): void {
  const { sitting, photo } = store.getState();
  const other = sitting[sitting.findIndex(({ id }) => id === photo?.id) + by];
  if (other !== undefined) void engine.show(other.id);
}

function openExport(store: StudioStore): void {
  if (canSave(store.getState())) store.getState().openDialog('export');
}

function copyResult(store: StudioStore, engine: Engine): void {
  if (canSave(store.getState())) void engine.copy();
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
    alt: isApple ? '⌥' : 'Alt',
    escape: 'Esc',
    arrowup: '↑',
    pageup: 'Page ↑',
    pagedown: 'Page ↓',
    delete: 'Del',
    arrowdown: '↓',
    arrowleft: '←',
    arrowright: '→',
    backspace: '⌫',
    home: 'Home',
    end: 'End',
    ' ': 'Space',
  };
  return keys
    .split(/(?<=.)\+(?=.)/)
    .map((part) => names[part] ?? part.toUpperCase())
    .join(isApple ? '' : ' + ');
}
