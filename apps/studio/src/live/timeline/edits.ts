import type { Keyframe, Timeline } from '@focal/video';

/** The timeline of an open video, with what undo and redo need. Plain data: every edit gives another. */
export interface TimelineEdits {
  /** Settings at the beginning, where they differ from the defaults. */
  readonly look: Settings;
  /** By time. */
  readonly keyframes: readonly Keyframe[];
  readonly past: readonly (readonly Keyframe[])[];
  readonly future: readonly (readonly Keyframe[])[];
}

export type Settings = NonNullable<Timeline['look']>;

export const EMPTY_EDITS: TimelineEdits = { look: {}, keyframes: [], past: [], future: [] };

/** What is set so near to another of its kind takes its place, in seconds: less than a frame. */
const SAME_TIME = 0.02;
const MOST_UNDO = 200;

export function addKeyframe(edits: TimelineEdits, added: Keyframe): TimelineEdits {
  const others = edits.keyframes.filter(
    (each) => Math.abs(each.t - added.t) > SAME_TIME || 'look' in each !== 'look' in added,
  );
  return commit(edits, [...others, added]);
}

export function moveKeyframe(edits: TimelineEdits, index: number, t: number): TimelineEdits {
  const moved = edits.keyframes[index];
  if (moved === undefined || moved.t === t) return edits;
  return commit(
    edits,
    edits.keyframes.map((each) => (each === moved ? { ...moved, t } : each)),
  );
}

export function removeKeyframe(edits: TimelineEdits, index: number): TimelineEdits {
  if (edits.keyframes[index] === undefined) return edits;
  return commit(edits, edits.keyframes.toSpliced(index, 1));
}

/** A setting that was changed at some time: it belongs to the settings that hold there. */
export function changeLook(edits: TimelineEdits, t: number, look: Settings): TimelineEdits {
  const index = edits.keyframes.findLastIndex((each) => 'look' in each && each.t <= t + SAME_TIME);
  if (index < 0) return { ...edits, look };
  const keyframes = edits.keyframes.map((each, i) => (i === index ? { t: each.t, look } : each));
  return { ...edits, keyframes };
}

/** The settings that hold at some time. */
export function lookAt({ look, keyframes }: Pick<TimelineEdits, 'look' | 'keyframes'>, t: number): Settings {
  const due = keyframes.filter((each) => each.t <= t + SAME_TIME);
  return due.reduce<Settings>((before, each) => ('look' in each ? { ...before, ...each.look } : before), look);
}

export function undo(edits: TimelineEdits): TimelineEdits {
  const before = edits.past.at(-1);
  if (before === undefined) return edits;
  return { ...edits, keyframes: before, past: edits.past.slice(0, -1), future: [edits.keyframes, ...edits.future] };
}

export function redo(edits: TimelineEdits): TimelineEdits {
  const [next, ...future] = edits.future;
  if (next === undefined) return edits;
  return { ...edits, keyframes: next, past: [...edits.past, edits.keyframes], future };
}

export function toTimeline({ look, keyframes }: TimelineEdits): Timeline {
  const hasLook = Object.keys(look).length > 0;
  return { format: 'focal-timeline', version: 1, ...(hasLook && { look }), keyframes: [...keyframes] };
}

export function fromTimeline({ look = {}, keyframes }: Timeline): TimelineEdits {
  return { ...EMPTY_EDITS, look, keyframes: inOrder(keyframes) };
}

function commit(edits: TimelineEdits, keyframes: readonly Keyframe[]): TimelineEdits {
  return {
    ...edits,
    keyframes: inOrder(keyframes),
    past: [...edits.past, edits.keyframes].slice(-MOST_UNDO),
    future: [],
  };
}

function inOrder(keyframes: readonly Keyframe[]): readonly Keyframe[] {
  return keyframes.toSorted((a, b) => a.t - b.t);
}
