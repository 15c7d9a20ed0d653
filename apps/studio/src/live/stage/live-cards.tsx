import { Icon } from '../../ui/icons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import type { LiveProblem } from '../state/live-store.ts';
import { useLive, useLiveEngine } from '../ui/live-context.tsx';

/** What went wrong, and what to do. */
export function LiveProblemCard({
  problem,
  onPick,
}: {
  readonly problem: LiveProblem;
  readonly onPick?: (() => void) | undefined;
}) {
  const engine = useLiveEngine();
  const actions = {
    webcam: ['Try again', () => void engine.openWebcam()],
    file: ['Open another', () => onPick?.()],
    reload: ['Reload the page', () => location.reload()],
    models: ['Try again', () => void engine.loadModels()],
  } as const;
  const [label, run] = problem.action === undefined ? [] : actions[problem.action];
  return (
    <div className="live-problem" role="alert">
      <Icon name="warning" size={20} />
      <div className="problem-text">
        <strong>{problem.title}</strong>
        <p>{problem.text}</p>
      </div>
      {run !== undefined && (
        <button type="button" className="button small" onClick={run}>
          {label}
        </button>
      )}
    </div>
  );
}

/** The engine of ONNX Runtime Web, which comes with the models. */
const ENGINE_BYTES = 14e6;

/** Asks before the models are loaded, and shows how far that is. */
export function ModelsCard() {
  const engine = useLiveEngine();
  const models = useLive((state) => state.models);
  if (models.phase === 'absent') {
    const megabytes = Math.round((models.bytes + ENGINE_BYTES) / 1e6);
    return (
      <div className="live-card" role="region" aria-label="Models">
        <p>
          To find people and things, this browser loads <strong>{megabytes} MB</strong> once from your Focal server and
          keeps them.
        </p>
        <button type="button" className="button primary" onClick={() => void engine.loadModels()}>
          Load {megabytes} MB
        </button>
      </div>
    );
  }
  if (models.phase === 'loading') {
    return (
      <div className="live-card" role="status" aria-live="polite">
        <p>Loading what finds people and things …</p>
        <ProgressBar label="Loading the models" done={models.done > 0 && models.done < 1 ? models.done : undefined} />
      </div>
    );
  }
  if (models.phase === 'failed') {
    return <LiveProblemCard problem={{ title: 'The models are not there.', text: models.text, action: 'models' }} />;
  }
  return null;
}

/** Offers the better tracker once something is locked. */
export function TrackerCard() {
  const engine = useLiveEngine();
  const tracker = useLive((state) => state.tracker);
  if (tracker.phase === 'offered' || tracker.phase === 'failed') {
    const isFailed = tracker.phase === 'failed';
    return (
      <div className="live-card" role="region" aria-label="Better tracker">
        {isFailed ? (
          <p>
            <strong>NanoTrack did not come.</strong> {tracker.text}
          </p>
        ) : (
          <p>
            <strong>NanoTrack</strong> loses a subject less often. Your Focal server would download it once:{' '}
            <strong>1.8 MB</strong> from github.com, Apache-2.0. Nothing of your pictures goes there.
          </p>
        )}
        <div className="live-card-row">
          <button type="button" className="button primary" onClick={() => void engine.loadTracker()}>
            {isFailed ? 'Try again' : 'Download 1.8 MB'}
          </button>
          <button type="button" className="button" onClick={() => engine.declineTracker()}>
            No, thanks
          </button>
        </div>
      </div>
    );
  }
  if (tracker.phase !== 'loading') return null;
  return (
    <div className="live-card" role="status" aria-live="polite">
      <p>Downloading NanoTrack …</p>
      <ProgressBar label="Downloading NanoTrack" done={undefined} />
    </div>
  );
}
