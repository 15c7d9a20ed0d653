import type { RenderHandlers, WorkerClient } from '@focal/web';
import { describeError } from '../../engine/problems.ts';
import { saveBlob } from '../../engine/save-blob.ts';
import { createSound, type SoundTap } from '../sources/sound.ts';
import type { LiveSource } from '../sources/source.ts';
import type { LiveStore } from '../state/live-store.ts';
import { toStamp } from './stamp.ts';

/** Records what is shown, and saves it. */
export interface Recording {
  /** Begins, or ends and saves. */
  toggle(source: LiveSource | undefined): Promise<void>;
  /** Ends and saves what there is. */
  stop(): Promise<void>;
  /** Cuts out the time while the source is paused. */
  pause(isPaused: boolean): void;
}

export function createRecording(store: LiveStore, render: WorkerClient<RenderHandlers>): Recording {
  const sound = createSound();
  const { toast } = store.getState();
  let tap: SoundTap | undefined;
  let isStarting = false;
  let timer: ReturnType<typeof setInterval> | undefined;

  const takeSound = async (source: LiveSource): Promise<SoundTap | undefined> => {
    if (source.info.hasSound && source.media !== undefined) return sound.tapMedia(source.media);
    if (source.info.kind !== 'webcam' || !store.getState().settings.usesMicrophone) return undefined;
    return sound.tapMicrophone().catch(() => {
      toast('info', 'The microphone is not there or not allowed: this recording has no sound.');
      return undefined;
    });
  };

  const start = async (source: LiveSource): Promise<void> => {
    isStarting = true;
    try {
      tap = await takeSound(source);
      const startedMs = performance.now();
      const port = tap?.port;
      const format = await render.call(
        'record',
        {
          startedMs,
          ...(tap !== undefined && { sound: { port: tap.port, sampleRate: tap.sampleRate, zeroMs: tap.zeroMs } }),
        },
        { transfer: port === undefined ? [] : [port] },
      );
      store.setState({ recording: { seconds: 0, format, isFinishing: false } });
      if (store.getState().isPaused) pause(true);
      timer = setInterval(() => {
        const { recording, isPaused } = store.getState();
        if (recording !== undefined && !isPaused && !document.hidden) {
          store.setState({ recording: { ...recording, seconds: recording.seconds + 1 } });
        }
      }, 1000);
    } catch (error) {
      tap?.close();
      tap = undefined;
      toast('error', describeError(error));
    } finally {
      isStarting = false;
    }
  };

  const stop = async (): Promise<void> => {
    const { recording } = store.getState();
    if (recording === undefined || recording.isFinishing) return;
    clearInterval(timer);
    store.setState({ recording: { ...recording, isFinishing: true } });
    tap?.close();
    tap = undefined;
    try {
      const file = await render.call('finishRecording', undefined);
      if (file !== undefined) {
        saveBlob(file, `focal-${toStamp(new Date())}.${recording.format}`);
        toast('success', `Recording saved: ${(file.size / 1e6).toFixed(1)} MB.`);
      }
    } catch (error) {
      toast('error', `The recording could not be saved. ${describeError(error)}`);
    } finally {
      store.setState({ recording: undefined });
    }
  };

  const pause = (isPaused: boolean): void => {
    if (store.getState().recording === undefined) return;
    void render.call('pauseRecording', { isPaused, timeMs: performance.now() });
  };

  return {
    async toggle(source) {
      if (store.getState().recording !== undefined) return stop();
      if (source !== undefined && !isStarting && store.getState().phase === 'live') await start(source);
    },
    stop,
    pause,
  };
}
