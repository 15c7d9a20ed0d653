import { FocalError, type Point } from '@focal/core';
import {
  createLivePipeline,
  createWorkerClient,
  type FollowHandlers,
  type LiveFollowed,
  type LiveLoading,
  type RenderHandlers,
} from '@focal/web';
import { describeError } from '../../engine/problems.ts';
import { saveBlob } from '../../engine/save-blob.ts';
import { describeCameraError } from '../../open/camera.ts';
import { openDemo } from '../sources/demo.ts';
import type { LiveSource, SourceEvents } from '../sources/source.ts';
import { openVideoFile } from '../sources/video-file.ts';
import { openWebcam } from '../sources/webcam.ts';
import { PRESETS } from '../state/live-settings.ts';
import { isMirrored, type LiveProblem, type LiveState, type LiveStore } from '../state/live-store.ts';
import { createTimelineControl, type TimelineControl } from '../timeline/timeline-control.ts';
import { toFileProblem } from './file-problem.ts';
import { createMeter } from './meter.ts';
import { createPictureInPicture } from './picture-in-picture.ts';
import { createRecording } from './recording.ts';
import { toStamp } from './stamp.ts';
import { createTrackerOffer } from './tracker-offer.ts';

/** What the live page can ask for. Owns the workers and the source; lives as long as the page. */
export interface LiveEngine {
  /** Gives the canvas to the worker that draws. */
  attach(canvas: HTMLCanvasElement): void;
  openWebcam(): Promise<void>;
  openFile(file: File): Promise<void>;
  openDemo(): Promise<void>;
  /** Back to the choice of a source. */
  closeSource(): Promise<void>;
  /** Loads the models, which the user agreed to. */
  loadModels(): Promise<void>;
  /** Downloads the better tracker, to the server and from there to this browser. */
  loadTracker(): Promise<void>;
  /** It is not offered again. */
  declineTracker(): void;
  /** Locks what is at a point of the picture, in fractions; with `pick` anything, known or not. */
  lockAt(point: Point, pick: boolean): Promise<void>;
  release(): Promise<void>;
  togglePause(): Promise<void>;
  step(by: 1 | -1): Promise<void>;
  toggleMute(): void;
  snapshot(): Promise<void>;
  /** Begins a recording, or ends and saves it. */
  toggleRecording(): Promise<void>;
  /** Whether this browser can show the picture in a small window on top. */
  readonly hasPictureInPicture: boolean;
  togglePictureInPicture(): Promise<void>;
  /** The picture behind people in the mode for everyone. */
  setBackdrop(file: File): Promise<void>;
  /** What is set along a video file. */
  readonly timeline: TimelineControl;
  /** Told of each picture as it is shown, with what is known of it. */
  onShown(listener: (followed: LiveFollowed | undefined) => void): () => void;
}

const HIDE_SIDE = 640;

export function startLiveEngine(store: LiveStore): LiveEngine {
  const start = (name: string) => {
    const worker = new Worker(new URL('../../workers/live.ts', import.meta.url), { type: 'module', name });
    worker.addEventListener('error', () => onWorkerLost());
    return worker;
  };
  const follow = createWorkerClient<FollowHandlers>(start('focal-follow'));
  const render = createWorkerClient<RenderHandlers>(start('focal-draw'));
  const meter = createMeter();
  const listeners = new Set<(followed: LiveFollowed | undefined) => void>();
  const { toast } = store.getState();
  const recording = createRecording(store, render);
  const tracker = createTrackerOffer(store, follow);
  const inPicture = createPictureInPicture((isInPicture) => store.setState({ isInPicture }));
  let canvas: HTMLCanvasElement | undefined;
  let source: LiveSource | undefined;
  /** Counts openings: what an older one brings is dropped. */
  let opening = 0;
  let isRedrawing = false;

  const timeline = createTimelineControl(store, {
    async lock(point) {
      try {
        const followed = await pipeline.lock({ point, pick: true });
        if (followed !== undefined) see(followed);
      } catch (error) {
        toast('error', describeError(error));
      }
      redrawSoon();
    },
    release: () => pipeline.release().catch(onFrameError).then(redrawSoon),
    seek: (time) => source?.seek?.(time),
  });

  const pipeline = createLivePipeline(follow, render, {
    onShown(shown, followed) {
      const { isPulling } = shown;
      meter.count(followed, shown);
      for (const listener of listeners) listener(followed);
      if (isPulling && store.getState().isPaused) redrawSoon();
    },
    onError: onFrameError,
  });

  function configure(): void {
    const state = store.getState();
    const { mode, preset, detectEvery, delay, backdrop, backdropColor, cover, coverColor, look } = state.settings;
    const { hides, sparesLocked, drawnBy } = state.settings;
    if (state.parameters.length === 0) return;
    const defaults = Object.fromEntries(state.parameters.map((parameter) => [parameter.name, parameter.default]));
    pipeline.configure({
      mode,
      drawnBy,
      quality: preset,
      detectEvery,
      delay,
      isStill: state.isPaused,
      isMirrored: isMirrored(state),
      hide: { what: hides, sparesLocked },
      // Faces that are small in the picture are to be found, too.
      followSide: mode === 'hide' ? Math.max(HIDE_SIDE, PRESETS[preset].followSide) : PRESETS[preset].followSide,
      showSide: PRESETS[preset].showSide,
      look: { ...defaults, ...look } as Parameters<typeof pipeline.configure>[0]['look'],
      backdrop: backdrop === 'color' ? { kind: 'color', color: backdropColor } : { kind: backdrop },
      cover: cover === 'solid' ? { kind: 'solid', color: coverColor } : { kind: cover },
    });
    if (!state.isPaused) return;
    // Who is to be hidden has to be looked for first.
    if (mode === 'hide') source?.again();
    else redrawSoon();
  }

  /** Draws the picture that stands again with the next screen frame, and on while the focus moves. */
  function redrawSoon(): void {
    if (isRedrawing) return;
    isRedrawing = true;
    requestAnimationFrame(() => {
      isRedrawing = false;
      const { isPaused, settings } = store.getState();
      if (isPaused && settings.mode === 'hide') source?.again();
      else if (isPaused) pipeline.redraw().catch(onFrameError);
    });
  }

  function onFrameError(error: unknown): void {
    if (error instanceof FocalError && (error.code === 'aborted' || error.code === 'closed')) return;
    store.setState({
      problem: { title: 'A frame could not be worked on.', text: describeError(error), action: 'reload' },
    });
  }

  function see(followed: LiveFollowed): void {
    meter.see(followed.view);
    store.setState({ focus: meter.focus() });
  }

  function onWorkerLost(): void {
    source?.close();
    source = undefined;
    store.setState({
      phase: 'empty',
      source: undefined,
      problem: {
        title: 'A worker of this page stopped.',
        text: 'Mostly memory was short. Reload the page; close other tabs if it happens again.',
        action: 'reload',
      },
    });
  }

  async function open(
    make: (events: SourceEvents) => Promise<LiveSource>,
    toProblem: (error: unknown) => LiveProblem | Promise<LiveProblem>,
  ) {
    const number = ++opening;
    await recording.stop();
    source?.close();
    source = undefined;
    store.setState({ phase: 'starting', problem: undefined, isPaused: false, lit: undefined, source: undefined });
    store.setState({ focus: { state: 'idle', confidence: 0 } });
    meter.restart();
    try {
      await pipeline.restart();
      const made = await make({
        onFrame(frame) {
          if (number === opening) pipeline.offer(frame);
        },
        onTime: (mediaTime) => number === opening && timeline.onTime(mediaTime),
        onInfo: (info) => number === opening && store.setState({ source: info }),
        onEnd: () => void recording.stop(),
        onLost(problem) {
          if (number === opening) void lose(problem);
        },
      });
      if (number !== opening) return made.close();
      source = made;
      store.setState({ phase: 'live', source: made.info });
      timeline.restart();
      if (made.info.kind !== 'demo' && store.getState().models.phase === 'unknown') await findModels();
    } catch (error) {
      if (number !== opening) return;
      store.setState({ phase: 'empty', source: undefined, problem: await toProblem(error) });
    }
  }

  async function lose(problem: LiveProblem): Promise<void> {
    opening++;
    await recording.stop();
    source?.close();
    source = undefined;
    await pipeline.restart().catch(onFrameError);
    store.setState({ phase: 'empty', source: undefined, problem });
  }

  /** Models that this browser keeps are loaded at once; others when the user says so. */
  async function findModels(): Promise<void> {
    const { bytes, areKept } = await follow.call('models', undefined);
    if (store.getState().models.phase !== 'unknown') return;
    store.setState({ models: { phase: 'absent', bytes } });
    if (areKept) await loadModels();
  }

  async function loadModels(): Promise<void> {
    const before = store.getState().models;
    if (before.phase === 'loading' || before.phase === 'ready') return;
    store.setState({ models: { phase: 'loading', done: 0 } });
    try {
      await follow.call('load', undefined, {
        onProgress(progress) {
          const { loadedBytes, totalBytes } = progress as LiveLoading;
          store.setState({ models: { phase: 'loading', done: loadedBytes / totalBytes } });
        },
      });
      store.setState({ models: { phase: 'ready' } });
    } catch (error) {
      store.setState({ models: { phase: 'failed', text: describeError(error) } });
    }
  }

  const described = render.call('describe', undefined).then((parameters) => {
    store.setState({ parameters });
    configure();
  });
  described.catch((error: unknown) => toast('error', `The page did not start: ${describeError(error)} Reload it.`));
  store.subscribe((state, before) => {
    if (state.settings === before.settings && state.source === before.source && state.isPaused === before.isPaused)
      return;
    configure();
  });
  setInterval(() => {
    if (store.getState().phase === 'live')
      store.setState({ stats: meter.read(performance.now()), focus: meter.focus() });
  }, 250);

  /** Browsers give a hidden page no frames: its source rests meanwhile. */
  document.addEventListener('visibilitychange', () => {
    const { phase, isPaused } = store.getState();
    if (phase !== 'live' || isPaused) return;
    if (document.hidden) source?.pause();
    else source?.resume().catch((error: unknown) => toast('error', describeError(error)));
    recording.pause(document.hidden);
  });

  addEventListener('beforeunload', (event) => {
    if (store.getState().recording !== undefined) event.preventDefault();
  });

  return {
    attach(given) {
      canvas = given;
      const offscreen = given.transferControlToOffscreen();
      render.call('attach', { canvas: offscreen }, { transfer: [offscreen] }).catch(onFrameError);
    },
    openWebcam: () =>
      open(
        async (events) => {
          const { cameraId, resolution } = store.getState().settings;
          const webcam = await openWebcam({ cameraId, resolution }, events);
          const devices = await navigator.mediaDevices.enumerateDevices();
          store.setState({ cameras: devices.filter(({ kind }) => kind === 'videoinput') });
          return webcam;
        },
        (error) => ({ title: 'The camera did not start.', text: describeCameraError(error), action: 'webcam' }),
      ),
    openFile: (file) =>
      open(
        (events) => openVideoFile(file, store.getState().isMuted, events),
        async () => toFileProblem(file.name, await render.call('facts', { file }).catch(() => ({}))),
      ),
    openDemo: () =>
      open(
        async (events) => openDemo(events),
        (error) => ({ title: 'The demo did not start.', text: describeError(error), action: 'reload' }),
      ),
    async closeSource() {
      opening++;
      await recording.stop();
      source?.close();
      source = undefined;
      store.setState({ phase: 'empty', source: undefined, isPaused: false, problem: undefined, lit: undefined });
      await pipeline.restart();
    },
    loadModels,
    loadTracker: () => tracker.load(),
    declineTracker: () => tracker.decline(),
    async lockAt(point, pick) {
      try {
        store.setState({ isLocking: true });
        const followed = await pipeline.lock({ point, pick, lit: store.getState().lit });
        if (followed !== undefined) {
          see(followed);
          timeline.locked(point);
          void tracker.offer();
        } else {
          toast('info', pick ? 'Nothing here stands out from what is around it.' : tellMiss(store.getState()));
        }
        if (store.getState().isPaused) redrawSoon();
      } catch (error) {
        toast('error', describeError(error));
      } finally {
        store.setState({ isLocking: false });
      }
    },
    async release() {
      if (store.getState().focus.state !== 'idle') timeline.released();
      await pipeline.release().catch(onFrameError);
      if (store.getState().isPaused) redrawSoon();
    },
    async togglePause() {
      const { isPaused, phase } = store.getState();
      if (phase !== 'live' || source === undefined) return;
      store.setState({ isPaused: !isPaused });
      if (isPaused) await source.resume().catch((error: unknown) => toast('error', describeError(error)));
      else {
        source.pause();
        pipeline.flush();
      }
      recording.pause(!isPaused);
    },
    async step(by) {
      if (!store.getState().isPaused) return;
      await source?.step?.(by);
    },
    toggleMute() {
      const isMuted = !store.getState().isMuted;
      store.setState({ isMuted });
      source?.setMuted?.(isMuted);
    },
    async snapshot() {
      if (store.getState().phase !== 'live') return;
      try {
        saveBlob(await render.call('snapshot', undefined), `focal-${toStamp(new Date())}.png`);
      } catch (error) {
        toast('error', describeError(error));
      }
    },
    toggleRecording: () => recording.toggle(source),
    hasPictureInPicture: inPicture.isPossible,
    async togglePictureInPicture() {
      if (canvas === undefined || store.getState().phase !== 'live') return;
      try {
        await inPicture.toggle(canvas);
      } catch (error) {
        toast('error', `The small window did not open. ${describeError(error)}`);
      }
    },
    async setBackdrop(file) {
      try {
        await render.call('setBackdrop', { file });
        store.setState({ backdropName: file.name });
        store.getState().change({ backdrop: 'picture' });
      } catch (error) {
        toast('error', describeError(error));
      }
    },
    timeline,
    onShown(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Why nothing was locked, and what can be. */
function tellMiss({ models, source }: Pick<LiveState, 'models' | 'source'>): string {
  const way = matchMedia('(pointer: coarse)').matches ? 'A long press' : 'Alt and a click';
  const what = `${way} takes whatever is there.`;
  if (models.phase === 'ready' || source?.kind === 'demo') return `Nothing known is here. ${what}`;
  return `People and things are found once the models are loaded. ${what}`;
}
