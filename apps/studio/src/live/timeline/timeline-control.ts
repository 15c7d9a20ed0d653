import type { Point } from '@focal/core';
import type { Keyframe } from '@focal/video';
import { describeError } from '../../engine/problems.ts';
import { saveBlob } from '../../engine/save-blob.ts';
import { isMirrored, type LiveStore } from '../state/live-store.ts';
import {
  addKeyframe,
  changeLook,
  EMPTY_EDITS,
  fromTimeline,
  lookAt,
  moveKeyframe,
  redo,
  removeKeyframe,
  type Settings,
  type TimelineEdits,
  toTimeline,
  undo,
} from './edits.ts';
import { exportVideo } from './export-video.ts';
import { createTimelineRun } from './timeline-run.ts';

/** What is set along a video: kept as keyframes, played along with it, edited, saved and rendered whole. */
export interface TimelineControl {
  /** Another video, or none. */
  restart(): void;
  /** The frame of this time is shown. */
  onTime(mediaTime: number): void;
  /** The user locked what is at this point of the picture, or let go of it. */
  locked(point: Point): void;
  released(): void;
  /** Told of the time of each frame. */
  watch(listener: (mediaTime: number) => void): () => void;
  readonly time: number;
  seek(time: number): void;
  choose(index: number): void;
  move(index: number, time: number): void;
  removeChosen(): void;
  /** From the frame that is shown on, settings may be others. */
  addSettings(): void;
  undo(): void;
  redo(): void;
  save(): void;
  open(file: File): Promise<void>;
  /** Renders the video whole, on the server, and saves it. */
  exportVideo(): Promise<void>;
  cancelExport(): void;
}

export interface TimelineActions {
  lock(point: Point): Promise<void>;
  release(): Promise<void>;
  seek(time: number): void;
}

export function createTimelineControl(store: LiveStore, actions: TimelineActions): TimelineControl {
  const run = createTimelineRun();
  const listeners = new Set<(mediaTime: number) => void>();
  const { toast } = store.getState();
  let time = 0;
  let exporting: AbortController | undefined;
  /** Settings that the timeline itself has brought, not the user. */
  let playedLook: Settings | undefined;

  const edit = (change: (edits: TimelineEdits) => TimelineEdits): void => {
    store.setState({ timeline: change(store.getState().timeline) });
  };
  const isFile = () => store.getState().source?.kind === 'file';
  /** Of the file's own frames, whichever way round they are shown. */
  const turned = ({ x, y }: Point): Point => ({ x: isMirrored(store.getState()) ? 1 - x : x, y });
  const set = (keyframe: Keyframe): void => {
    if (!isFile()) return;
    edit((edits) => addKeyframe(edits, keyframe));
    store.setState({ chosenKeyframe: undefined });
    run.skip(time);
  };

  const showLook = (): void => {
    const { timeline, settings, change } = store.getState();
    if (!timeline.keyframes.some((each) => 'look' in each)) return;
    const look = lookAt(timeline, time);
    if (JSON.stringify(look) === JSON.stringify(settings.look)) return;
    playedLook = look;
    change({ look: look as typeof settings.look });
  };

  const play = async (keyframes: readonly Keyframe[], jumped: boolean): Promise<void> => {
    if (jumped) await actions.release();
    const last = keyframes.findLast((each) => !('look' in each));
    if (last === undefined) return;
    if ('lock' in last) await actions.lock(turned(last.lock));
    else await actions.release();
  };

  store.subscribe((state, before) => {
    const { look } = state.settings;
    if (look === before.settings.look || look === playedLook || !isFile()) return;
    edit((edits) => changeLook(edits, time, look as Settings));
  });

  const baseName = () => (store.getState().source?.name ?? 'video').replace(/\.[^.]+$/, '');

  return {
    get time() {
      return time;
    },
    restart() {
      exporting?.abort();
      run.restart();
      time = 0;
      const look = store.getState().settings.look as Settings;
      store.setState({ timeline: { ...EMPTY_EDITS, look }, chosenKeyframe: undefined });
    },
    onTime(mediaTime) {
      time = mediaTime;
      for (const listener of listeners) listener(mediaTime);
      const { keyframes } = store.getState().timeline;
      const { due, jumped } = run.at(keyframes, mediaTime);
      if (keyframes.length === 0) return;
      showLook();
      if (due.length > 0 || jumped) void play(due, jumped);
    },
    locked: (point) => set({ t: time, lock: turned(point) }),
    released: () => set({ t: time, release: true }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    seek: (to) => actions.seek(to),
    choose(index) {
      const keyframe = store.getState().timeline.keyframes[index];
      store.setState({ chosenKeyframe: index });
      if (keyframe !== undefined) actions.seek(keyframe.t);
    },
    move(index, to) {
      const moved = store.getState().timeline.keyframes[index];
      edit((edits) => moveKeyframe(edits, index, to));
      const { keyframes } = store.getState().timeline;
      const at = keyframes.findIndex((each) => moved !== undefined && each.t === to && sameBut(each, moved));
      store.setState({ chosenKeyframe: at < 0 ? undefined : at });
    },
    removeChosen() {
      const { chosenKeyframe } = store.getState();
      if (chosenKeyframe === undefined) return;
      edit((edits) => removeKeyframe(edits, chosenKeyframe));
      store.setState({ chosenKeyframe: undefined });
    },
    addSettings() {
      set({ t: time, look: store.getState().settings.look as Settings });
    },
    undo() {
      edit(undo);
      store.setState({ chosenKeyframe: undefined });
    },
    redo() {
      edit(redo);
      store.setState({ chosenKeyframe: undefined });
    },
    save() {
      const text = JSON.stringify(toTimeline(store.getState().timeline), null, 2);
      saveBlob(new Blob([text], { type: 'application/json' }), `${baseName()}.focal.json`);
    },
    async open(file) {
      try {
        const { parseTimeline } = await import('@focal/video');
        const opened = fromTimeline(parseTimeline(parseJson(await file.text())));
        run.restart();
        store.setState({ timeline: opened, chosenKeyframe: undefined });
        playedLook = lookAt(opened, 0);
        store.getState().change({ look: playedLook as Record<string, string | number> });
        actions.seek(opened.keyframes[0]?.t ?? 0);
        toast('success', `${opened.keyframes.length} keyframes opened.`);
      } catch (error) {
        toast('error', describeError(error));
      }
    },
    async exportVideo() {
      const { source, timeline } = store.getState();
      if (source?.file === undefined || exporting !== undefined) return;
      if (!timeline.keyframes.some((each) => 'lock' in each)) {
        toast('info', 'Click what is to be in focus first: nothing is chosen along this video.');
        return;
      }
      exporting = new AbortController();
      store.setState({ exporting: { startedMs: performance.now() } });
      try {
        const { blob, extension, note } = await exportVideo(source.file, toTimeline(timeline), exporting.signal);
        saveBlob(blob, `${baseName()}-focus.${extension}`);
        toast(note === undefined ? 'success' : 'info', note ?? 'The video is rendered and saved.');
      } catch (error) {
        if (!exporting.signal.aborted) toast('error', describeError(error));
      } finally {
        exporting = undefined;
        store.setState({ exporting: undefined });
      }
    },
    cancelExport: () => exporting?.abort(),
  };
}

function sameBut(a: Keyframe, b: Keyframe): boolean {
  return JSON.stringify({ ...a, t: 0 }) === JSON.stringify({ ...b, t: 0 });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
