import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { describeWork } from './import-progress.ts';

/** In the bar: that the library works, or that nobody tells how it is. */
export function ImportChip() {
  const engine = useLibraryEngine();
  const progress = useLibrary((state) => state.progress);
  const isCut = useLibrary((state) => state.isCut);
  const work = describeWork(progress);
  if (isCut && progress !== undefined) {
    return (
      <span className="chip" data-state="lost" role="status">
        Server does not answer
      </span>
    );
  }
  if (work === undefined) return null;
  return (
    <button
      type="button"
      className="chip import-chip"
      title={work.text}
      aria-label={work.text}
      onClick={() => engine.go({ view: 'settings', albumId: undefined, assetId: undefined })}
    >
      <span className="import-ring" data-paused={work.isPaused || undefined} />
      <span className="chip-label">{work.isPaused ? 'Paused' : 'Importing'}</span>
    </button>
  );
}
