import type { LiveFrame, OfferedFrame } from '@focal/web';

/** Offers each frame that a video shows, until told to stop. */
export function watchFrames(
  video: HTMLVideoElement,
  onFrame: (frame: OfferedFrame, mediaTime: number) => void,
): { readonly stop: () => void } {
  let handle = 0;
  let isOver = false;
  const next = () => {
    handle = video.requestVideoFrameCallback((now, { mediaTime }) => {
      if (isOver) return;
      const frame = captureFrame(video, now);
      if (frame !== undefined) onFrame(frame, mediaTime);
      next();
    });
  };
  next();
  return {
    stop() {
      isOver = true;
      video.cancelVideoFrameCallback(handle);
    },
  };
}

/** The frame that a video shows now; nothing where it has none. */
export function captureFrame(video: HTMLVideoElement, timeMs: number): OfferedFrame | undefined {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return undefined;
  const take = (): LiveFrame | undefined => {
    try {
      return { kind: 'captured', frame: new VideoFrame(video) };
    } catch {
      // Between two frames, as after a jump: the next callback brings one.
      return undefined;
    }
  };
  return { take, width, height, timeMs };
}
