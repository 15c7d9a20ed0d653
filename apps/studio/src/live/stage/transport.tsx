import { IconButton } from '../../ui/icon-button.tsx';
import { toggleFullscreen } from '../ui/fullscreen.ts';
import { useLive, useLiveEngine } from '../ui/live-context.tsx';
import { toClock } from '../ui/to-clock.ts';

/** Below the picture: pause and steps, sound, release, snapshot, recording, picture-in-picture, full screen. */
export function Transport() {
  const engine = useLiveEngine();
  const isLive = useLive((state) => state.phase === 'live');
  const source = useLive((state) => state.source);
  const isPaused = useLive((state) => state.isPaused);
  const isMuted = useLive((state) => state.isMuted);
  const isFollowing = useLive((state) => state.focus.state !== 'idle');
  const isInPicture = useLive((state) => state.isInPicture);
  if (source === undefined) return null;
  return (
    <div className="transport" role="toolbar" aria-label="Playing and saving">
      <div className="transport-side">
        <IconButton
          icon={isPaused ? 'play' : 'pause'}
          label={isPaused ? 'Go on' : 'Pause'}
          keys="Space"
          disabled={!isLive}
          onClick={() => void engine.togglePause()}
        />
        {source.steps && (
          <span className="wide-only">
            <IconButton
              icon="step-back"
              label="Frame before"
              keys="←"
              disabled={!isPaused}
              onClick={() => void engine.step(-1)}
            />
            <IconButton
              icon="step-on"
              label="Next frame"
              keys="→"
              disabled={!isPaused}
              onClick={() => void engine.step(1)}
            />
          </span>
        )}
        {source.hasSound && (
          <IconButton
            icon={isMuted ? 'sound-off' : 'sound'}
            label={isMuted ? 'Sound on' : 'Mute'}
            keys="M"
            onClick={() => engine.toggleMute()}
          />
        )}
      </div>
      <button
        type="button"
        className="button small release"
        disabled={!isFollowing}
        title="Let the subject go (Esc)"
        onClick={() => void engine.release()}
      >
        Release
      </button>
      <div className="transport-side end">
        <RecordButton />
        <IconButton icon="camera" label="Snapshot" keys="S" disabled={!isLive} onClick={() => void engine.snapshot()} />
        {engine.hasPictureInPicture && (
          <span className="wide-only">
            <IconButton
              icon="pip"
              label="Small window on top"
              keys="P"
              isPressed={isInPicture}
              disabled={!isLive}
              onClick={() => void engine.togglePictureInPicture()}
            />
          </span>
        )}
        <IconButton icon="fullscreen" label="Full screen" keys="F" onClick={() => void toggleFullscreen()} />
      </div>
    </div>
  );
}

/** Begins and ends a recording, and tells how long it is. */
function RecordButton() {
  const engine = useLiveEngine();
  const isLive = useLive((state) => state.phase === 'live');
  const recording = useLive((state) => state.recording);
  const label = recording === undefined ? 'Record' : recording.isFinishing ? 'Saving …' : 'Stop and save';
  return (
    <button
      type="button"
      className="button small quiet record"
      data-on={recording !== undefined || undefined}
      aria-label={label}
      title={`${label} (R)`}
      disabled={!isLive || recording?.isFinishing === true}
      onClick={() => void engine.toggleRecording()}
    >
      <span className="record-dot" />
      {recording === undefined ? (
        <span className="wide-only">Record</span>
      ) : (
        <span className="record-time">{recording.isFinishing ? 'Saving' : toClock(recording.seconds)}</span>
      )}
    </button>
  );
}
