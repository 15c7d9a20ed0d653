import type { Engine } from '../engine/engine.ts';
import { browserModels } from '../place/models.ts';
import type { StudioStore } from '../state/store.ts';
import type { BrowserModel, ProblemAction } from '../state/types.ts';
import { useEngine, useStudio, useStudioParts } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';

/** What is under way, and a way to stop it. */
export function ProgressCard() {
  const engine = useEngine();
  const progress = useStudio((state) => state.progress);
  const hasMatte = useStudio((state) => state.matte !== undefined);
  if (progress === undefined) return null;
  return (
    <div className="status-card" data-floating role="status" aria-live="polite">
      <div className="status-text">
        <strong>{progress.label}</strong>
        <span>{progress.done === undefined ? '' : `${Math.round(progress.done * 100)} %`}</span>
      </div>
      <ProgressBar label={progress.label} done={progress.done} />
      <button type="button" className="button small" onClick={() => engine.cancel()}>
        {hasMatte ? 'Keep what there is' : 'Cancel'}
      </button>
    </div>
  );
}

/** What went wrong, and what to do. */
export function ProblemCard() {
  const { store, engine } = useStudioParts();
  const problem = useStudio((state) => state.problem);
  const browserModel = useStudio((state) => state.browserModel);
  if (problem === undefined) return null;
  const actions: Record<ProblemAction, { readonly label: string; readonly run: () => void }> = {
    retry: { label: 'Try again', run: () => void engine.analyse() },
    'use-browser': { label: 'Use this browser', run: () => moveToBrowser(store, engine, browserModel) },
    'use-server': { label: 'Use the server', run: () => engine.setPlace('server', browserModel) },
    open: { label: 'Open another', run: () => document.getElementById('open-photo')?.click() },
  };
  // Where to work is only worth a button once there is a photo.
  const hasPhoto = store.getState().photo !== undefined;
  const offered = problem.actions.filter((action) => hasPhoto || action === 'open');
  return (
    <div className="status-card problem" data-floating role="alert">
      <Icon name="warning" size={20} />
      <div className="problem-text">
        <strong>{problem.title}</strong>
        <p>{problem.text}</p>
        <div className="problem-actions">
          {offered.map((action, index) => (
            <button
              key={action}
              type="button"
              className={index === 0 ? 'button small primary' : 'button small'}
              onClick={actions[action].run}
            >
              {actions[action].label}
            </button>
          ))}
        </div>
      </div>
      <button
        type="button"
        className="icon-button small"
        aria-label="Dismiss"
        onClick={() => store.setState({ problem: undefined })}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

/** Lets this browser find the subject. What a heavy model costs is said first. */
function moveToBrowser(store: StudioStore, engine: Engine, model: BrowserModel): void {
  if (browserModels.some(({ id, isHeavy }) => id === model && isHeavy)) store.getState().openDialog('place-browser');
  else engine.setPlace('browser', model);
}
