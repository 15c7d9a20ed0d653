import { useId } from 'react';
import { RESOLUTIONS } from '../state/live-settings.ts';
import { useLive, useLiveEngine } from '../ui/live-context.tsx';
import { Toggle } from './toggle.tsx';

/** Which camera, and how large its pictures are; nothing for other sources. */
export function SourceSection() {
  const engine = useLiveEngine();
  const kind = useLive((state) => state.source?.kind);
  const cameras = useLive((state) => state.cameras);
  const cameraId = useLive((state) => state.settings.cameraId);
  const resolution = useLive((state) => state.settings.resolution);
  const usesMicrophone = useLive((state) => state.settings.usesMicrophone);
  const change = useLive((state) => state.change);
  const [cameraSelect, resolutionSelect] = [useId(), useId()];
  if (kind !== 'webcam') return null;
  return (
    <>
      {cameras.length > 1 && (
        <div className="live-select">
          <label className="control-title" htmlFor={cameraSelect}>
            Camera
          </label>
          <select
            id={cameraSelect}
            className="select"
            value={cameraId ?? cameras[0]?.deviceId}
            onChange={(event) => {
              change({ cameraId: event.currentTarget.value });
              void engine.openWebcam();
            }}
          >
            {cameras.map((camera, index) => (
              <option key={camera.deviceId} value={camera.deviceId}>
                {camera.label || `Camera ${index + 1}`}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="live-select">
        <label className="control-title" htmlFor={resolutionSelect}>
          Resolution
        </label>
        <select
          id={resolutionSelect}
          className="select"
          value={resolution}
          onChange={(event) => {
            change({ resolution: event.currentTarget.value });
            void engine.openWebcam();
          }}
        >
          {RESOLUTIONS.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </div>
      <Toggle
        title="Record the microphone"
        value={usesMicrophone}
        onChange={(value) => change({ usesMicrophone: value })}
      />
    </>
  );
}
