import { useEffect, useState } from 'react';
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
  const seconds = useSeconds(progress?.label);
  if (progress === undefined) return null;
  const { lastMs } = progress;
  return (
    <div className="status-card" data-floating role="status" aria-live="polite">
      <div className="status-text">
        <strong>{progress.label}</strong>
        <span>{progress.done === undefined ? tellTime(seconds, lastMs) : `${Math.round(progress.done * 100)} %`}</span>
      </div>
      <ProgressBar label={progress.label} done={progress.done ?? guessShare(seconds, lastMs)} />
      <button type="button" className="button small" onClick={() => engine.cancel()}>
        {hasMatte ? 'Keep what there is' : 'Cancel'}
      </button>
    </div>
  );
}

/** Whole seconds since what is under way was first shown. */
function useSeconds(label: string | undefined): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(0);
    if (label === undefined) return;
    const started = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - started) / 1000)), 250);
    return () => clearInterval(timer);
  }, [label]);
  return seconds;
}

/** What cannot tell how far it is says how long it takes. */
function tellTime(seconds: number, lastMs: number | undefined): string {
  if (lastMs !== undefined && lastMs > 1500) return `${seconds} of some ${Math.round(lastMs / 1000)} s`;
  return seconds < 2 ? '' : `${seconds} s`;
}

/** As far as it was after that time when it was last done; never done before it is. */
function guessShare(seconds: number, lastMs: number | undefined): number | undefined {
  return lastMs === undefined || lastMs < 1500 ? undefined : Math.min(0.96, (seconds * 1000) / lastMs);
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
