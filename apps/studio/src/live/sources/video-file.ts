import { FocalError } from '@focal/core';
import type { LiveSourceInfo } from '../state/live-store.ts';
import type { LiveSource, SourceEvents } from './source.ts';
import { captureFrame, watchFrames } from './video-frames.ts';

const USUAL_FRAME_SECONDS = 1 / 30;
/** Beyond any video; and how long to wait for its end. */
const FAR_SECONDS = 1e7;
const SEEK_MS = 3000;
/** At its very end a video begins anew. */
const LEAST_LEFT = 0.05;

/** A video file, played in a loop with its sound. Throws `unsupported-format` or `corrupt-input` where it does not play. */
export async function openVideoFile(file: File, isMuted: boolean, events: SourceEvents): Promise<LiveSource> {
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  video.playsInline = true;
  video.muted = isMuted;
  video.preload = 'auto';
  video.src = url;
  const close = () => {
    video.pause();
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  };
  try {
    await awaitData(video, file);
    await findDuration(video);
  } catch (error) {
    close();
    throw error;
  }
  let info: LiveSourceInfo = {
    kind: 'file',
    name: file.name,
    width: video.videoWidth,
    height: video.videoHeight,
    hasSound: hasSound(video),
    steps: true,
    file,
    duration: Number.isFinite(video.duration) ? video.duration : 0,
  };
  let isPaused = false;
  /** The shortest time between two frames so far, in seconds. */
  let frameSeconds: number | undefined;
  let lastMediaTime: number | undefined;
  const frames = watchFrames(video, (frame, mediaTime) => {
    const passed = lastMediaTime === undefined ? 0 : mediaTime - lastMediaTime;
    if (!isPaused && passed > 0.004 && passed < (frameSeconds ?? 0.2)) frameSeconds = passed;
    lastMediaTime = mediaTime;
    events.onTime?.(mediaTime);
    if (frame.width !== info.width || frame.height !== info.height || (!info.hasSound && hasSound(video))) {
      info = { ...info, width: frame.width, height: frame.height, hasSound: hasSound(video) };
      events.onInfo(info);
    }
    events.onFrame(frame);
  });
  const onEnded = () => {
    events.onEnd?.();
    if (isPaused) return;
    video.currentTime = 0;
    void video.play().catch(() => undefined);
  };
  const onError = () => {
    if (video.error === null) return;
    events.onLost({
      title: `“${file.name}” is broken from ${formatTime(video.currentTime)} on.`,
      text: 'What came before it was shown. Copy the file again from where it comes from, or open another.',
      action: 'file',
    });
  };
  video.addEventListener('ended', onEnded);
  video.addEventListener('error', onError);
  // Browsers play sound only after a click on the page; without it the video begins all the same.
  await video.play().catch(async () => {
    video.muted = true;
    await video.play();
  });
  return {
    get info() {
      return info;
    },
    media: video,
    pause() {
      isPaused = true;
      video.pause();
    },
    async resume() {
      isPaused = false;
      await video.play();
    },
    again() {
      const frame = captureFrame(video, performance.now());
      if (frame !== undefined) events.onFrame(frame);
    },
    async step(by) {
      const seconds = frameSeconds ?? USUAL_FRAME_SECONDS;
      const from = lastMediaTime ?? video.currentTime;
      // Into the middle of the frame: its first moment may round to the one before.
      const to = Math.min(Math.max(0, video.duration - seconds / 2), Math.max(0, from + (by + 0.5) * seconds));
      const arrived = new Promise<void>((resolve) => video.addEventListener('seeked', () => resolve(), { once: true }));
      video.currentTime = to;
      await arrived;
      lastMediaTime = Math.max(0, to - seconds / 2);
      events.onTime?.(lastMediaTime);
      const frame = captureFrame(video, performance.now());
      if (frame !== undefined) events.onFrame(frame);
    },
    seek(time) {
      video.currentTime = Math.min(Math.max(0, time), Math.max(0, video.duration - LEAST_LEFT));
    },
    setMuted(muted) {
      video.muted = muted;
    },
    close() {
      frames.stop();
      video.removeEventListener('ended', onEnded);
      video.removeEventListener('error', onError);
      close();
    },
  };
}

function awaitData(video: HTMLVideoElement, file: File): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(
      'loadeddata',
      () => {
        if (video.videoWidth > 0) return resolve();
        reject(new FocalError('unsupported-format', `“${file.name}” has no picture that this browser shows.`));
      },
      { once: true },
    );
    video.addEventListener(
      'error',
      () => reject(new FocalError('unsupported-format', `“${file.name}” does not play here.`)),
      { once: true },
    );
  });
}

/** Files that were recorded live do not say how long they are: that shows at their end. */
async function findDuration(video: HTMLVideoElement): Promise<void> {
  if (Number.isFinite(video.duration)) return;
  const seek = (time: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, SEEK_MS);
      video.addEventListener(
        'seeked',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
      video.currentTime = time;
    });
  await seek(FAR_SECONDS);
  await seek(0);
}

/** Whether it has sound, as far as this browser tells. */
function hasSound(video: HTMLVideoElement): boolean {
  const told = video as {
    mozHasAudio?: boolean;
    webkitAudioDecodedByteCount?: number;
    audioTracks?: { length: number };
  };
  if (told.audioTracks !== undefined) return told.audioTracks.length > 0;
  if (told.mozHasAudio !== undefined) return told.mozHasAudio;
  return (told.webkitAudioDecodedByteCount ?? 0) > 0;
}

function formatTime(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
