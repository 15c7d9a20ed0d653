import type { LiveSourceInfo } from '../state/live-store.ts';
import type { LiveSource, SourceEvents } from './source.ts';
import { captureFrame, watchFrames } from './video-frames.ts';

export interface WebcamChoice {
  readonly cameraId?: string | undefined;
  /** `1280×720`. */
  readonly resolution: string;
}

/** A camera's pictures, without sound. Throws what `getUserMedia` throws. */
export async function openWebcam(choice: WebcamChoice, events: SourceEvents): Promise<LiveSource> {
  // Pages that did not come over https or from this machine have no cameras at all.
  if (navigator.mediaDevices === undefined) throw new DOMException('No cameras here.', 'SecurityError');
  const stream = await getStream(choice);
  const [track] = stream.getVideoTracks();
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const name = track?.label || 'Camera';
  let info: LiveSourceInfo = { kind: 'webcam', name, width: 0, height: 0, hasSound: false, steps: false };
  const tellSize = () => {
    info = { ...info, width: video.videoWidth, height: video.videoHeight };
    events.onInfo(info);
  };
  const onEnded = () =>
    events.onLost({
      title: 'The camera is gone.',
      text: 'It was unplugged, or another program or the system took it. Connect it again, then start it here.',
      action: 'webcam',
    });
  track?.addEventListener('ended', onEnded);
  video.addEventListener('resize', tellSize);
  try {
    await video.play();
  } catch (error) {
    for (const each of stream.getTracks()) each.stop();
    throw error;
  }
  tellSize();
  const frames = watchFrames(video, (frame) => events.onFrame(frame));
  return {
    get info() {
      return info;
    },
    pause: () => video.pause(),
    resume: () => video.play(),
    again() {
      const frame = captureFrame(video, performance.now());
      if (frame !== undefined) events.onFrame(frame);
    },
    close() {
      frames.stop();
      track?.removeEventListener('ended', onEnded);
      video.removeEventListener('resize', tellSize);
      for (const each of stream.getTracks()) each.stop();
      video.srcObject = null;
    },
  };
}

/** The chosen camera where it is still there, else any. */
async function getStream({ cameraId, resolution }: WebcamChoice): Promise<MediaStream> {
  const [width = 1280, height = 720] = resolution.split('×').map(Number);
  const size = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30 } };
  const ask = (video: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ video, audio: false });
  if (cameraId === undefined) return ask({ ...size, facingMode: 'user' });
  return ask({ ...size, deviceId: { exact: cameraId } }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'OverconstrainedError') return ask(size);
    throw error;
  });
}
