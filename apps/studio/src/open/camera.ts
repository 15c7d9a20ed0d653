export interface RunningCamera {
  readonly stream: MediaStream;
  readonly cameras: readonly MediaDeviceInfo[];
}

const BEST = { width: { ideal: 4096 }, height: { ideal: 3072 } };

/** Starts a camera, the one facing away where there are two. It stops when the signal aborts. */
export async function startCamera(cameraId: string | undefined, signal: AbortSignal): Promise<RunningCamera> {
  // Pages that did not come over https or from this machine have no cameras at all.
  if (navigator.mediaDevices === undefined) throw new DOMException('No cameras here.', 'SecurityError');
  const choice = cameraId === undefined ? { facingMode: 'environment' } : { deviceId: { exact: cameraId } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: { ...choice, ...BEST }, audio: false });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const devices = await navigator.mediaDevices.enumerateDevices();
  return { stream, cameras: devices.filter((device) => device.kind === 'videoinput') };
}

/** What went wrong with the camera, and what to do. */
export function describeCameraError(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
      return 'This page may not use the camera. Allow it in the address bar or in the system’s privacy settings, then try again.';
    case 'SecurityError':
      return 'Browsers give cameras only to pages from this machine or over https. Open Focal at its localhost address.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No camera was found. Connect one, then try again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The camera is in use by another program. Close that one, then try again.';
    default:
      return `The camera did not start${error instanceof Error ? `: ${error.message}` : '.'}`;
  }
}
