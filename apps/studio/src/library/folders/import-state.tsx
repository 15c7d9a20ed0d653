import { Icon } from '../../ui/icons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { describeWork } from './import-progress.ts';

/** What is being done, how far it is, and a way to pause it. */
export function ImportState() {
  const engine = useLibraryEngine();
  const progress = useLibrary((state) => state.progress);
  const work = describeWork(progress);
  if (work === undefined) return null;
  return (
    <div className="import-state">
      <div className="import-text">
        <p role="status">{work.isPaused ? `Paused. ${work.text}` : work.text}</p>
        <ProgressBar label="Import" done={work.isPaused ? (work.done ?? 0) : work.done} />
      </div>
      <button type="button" className="button small" onClick={() => void engine.setPaused(!work.isPaused)}>
        <Icon name={work.isPaused ? 'play' : 'pause'} size={16} />
        {work.isPaused ? 'Go on' : 'Pause'}
      </button>
    </div>
  );
}
