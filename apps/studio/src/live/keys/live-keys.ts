import type { LiveEngine } from '../engine/live-engine.ts';
import type { LiveStore } from '../state/live-store.ts';
import { toggleFullscreen } from '../ui/fullscreen.ts';

interface Parts {
  readonly store: LiveStore;
  readonly engine: LiveEngine;
  readonly pick: () => void;
}

export interface LiveKey {
  /** As `KeyboardEvent.key`, in lower case. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly run: (parts: Parts) => void;
}

/** All keys of the page. */
export const liveKeys: readonly LiveKey[] = [
  { keys: [' '], text: 'Pause and go on', run: ({ engine }) => void engine.togglePause() },
  { keys: ['arrowleft'], text: 'Frame before, while paused', run: ({ engine }) => void engine.step(-1) },
  { keys: ['arrowright'], text: 'Next frame, while paused', run: ({ engine }) => void engine.step(1) },
  { keys: ['escape'], text: 'Let the subject go', run: ({ engine }) => void engine.release() },
  { keys: ['w'], text: 'Webcam', run: ({ engine }) => void engine.openWebcam() },
  { keys: ['o'], text: 'Open a video', run: ({ pick }) => pick() },
  { keys: ['d'], text: 'Demo', run: ({ engine }) => void engine.openDemo() },
  { keys: ['f'], text: 'Full screen', run: () => void toggleFullscreen() },
  { keys: ['m'], text: 'Sound off and on', run: ({ engine }) => engine.toggleMute() },
  { keys: ['s'], text: 'Snapshot as PNG', run: ({ engine }) => void engine.snapshot() },
  { keys: ['r'], text: 'Record, and stop and save', run: ({ engine }) => void engine.toggleRecording() },
  { keys: ['p'], text: 'Small window on top', run: ({ engine }) => void engine.togglePictureInPicture() },
  { keys: ['mod+z'], text: 'Undo on the timeline', run: ({ engine }) => engine.timeline.undo() },
  { keys: ['mod+shift+z', 'mod+y'], text: 'Redo on the timeline', run: ({ engine }) => engine.timeline.redo() },
  {
    keys: ['delete', 'backspace'],
    text: 'Remove the chosen keyframe',
    run: ({ engine }) => engine.timeline.removeChosen(),
  },
  { keys: ['?'], text: 'Show these keys', run: ({ store }) => store.setState({ dialog: 'keys' }) },
];
