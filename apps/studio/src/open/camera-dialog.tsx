import { useEffect, useRef, useState } from 'react';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { describeCameraError, startCamera } from './camera.ts';

/** Takes a photo with a camera of this machine. The camera is off as soon as the dialog closes. */
export function CameraDialog() {
  const engine = useEngine();
  const openDialog = useStudio((state) => state.openDialog);
  const video = useRef<HTMLVideoElement>(null);
  const [cameras, setCameras] = useState<readonly MediaDeviceInfo[]>([]);
  const [cameraId, setCameraId] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [isLive, setLive] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const close = () => openDialog(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` starts the camera again.
  useEffect(() => {
    const controller = new AbortController();
    setLive(false);
    setProblem(undefined);
    startCamera(cameraId, controller.signal)
      .then(async ({ stream, cameras: found }) => {
        const element = video.current;
        if (element === null || controller.signal.aborted) return;
        element.srcObject = stream;
        await element.play();
        setCameras(found);
        setLive(true);
      })
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setProblem(describeCameraError(error));
      });
    return () => controller.abort();
  }, [cameraId, attempt]);

  const shoot = async () => {
    const element = video.current;
    if (element === null) return;
    const canvas = document.createElement('canvas');
    canvas.width = element.videoWidth;
    canvas.height = element.videoHeight;
    canvas.getContext('2d')?.drawImage(element, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) return setProblem('The camera gave no picture. Try again.');
    close();
    await engine.open(blob, 'camera.png');
  };

  return (
    <Dialog title="Take a photo" onClose={close} wide>
      <div className="camera">
        <video ref={video} muted playsInline aria-label="Camera" data-live={isLive} />
        {problem !== undefined && (
          <div className="camera-problem" role="alert">
            <Icon name="warning" size={24} />
            <p>{problem}</p>
            <button type="button" className="button" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </div>
        )}
        {problem === undefined && !isLive && <p className="camera-wait">Starting the camera …</p>}
      </div>
      <footer className="dialog-foot">
        {cameras.length > 1 && (
          <select
            className="select"
            aria-label="Camera"
            value={cameraId ?? cameras[0]?.deviceId}
            onChange={(event) => setCameraId(event.currentTarget.value)}
          >
            {cameras.map((camera, index) => (
              <option key={camera.deviceId} value={camera.deviceId}>
                {camera.label || `Camera ${index + 1}`}
              </option>
            ))}
          </select>
        )}
        <span className="spacer" />
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button primary" disabled={!isLive} onClick={() => void shoot()}>
          <Icon name="camera" />
          Take photo
        </button>
      </footer>
    </Dialog>
  );
}
