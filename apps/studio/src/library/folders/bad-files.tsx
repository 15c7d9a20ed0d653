import { useEffect, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import type { BadFile } from '../api/types.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { describeBadFiles } from './describe-bad-files.ts';

/** Files that could not be read, and why. */
export function BadFiles() {
  const engine = useLibraryEngine();
  const progress = useLibrary((state) => state.progress);
  const [bad, setBad] = useState<{ readonly files: readonly BadFile[]; readonly total: number } | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when they may be others
  useEffect(() => {
    void engine.attempt(async () => setBad(await engine.api.badFiles()));
  }, [engine, progress?.damaged, progress?.bad]);
  if (bad === undefined || bad.total === 0) return null;
  return (
    <section className="bad-files" aria-labelledby="bad-files">
      <div className="view-head">
        <h2 id="bad-files">{describeBadFiles(progress)}</h2>
        <button type="button" className="button small" onClick={() => void engine.attempt(engine.api.retryBad)}>
          <Icon name="reset" size={16} />
          Try again
        </button>
      </div>
      <ul>
        {bad.files.map(({ path, assetId, message, hint }) => (
          <li key={path}>
            {assetId === undefined ? (
              <strong>{path}</strong>
            ) : (
              <button type="button" className="link-button" title="Show it" onClick={() => engine.go({ assetId })}>
                {path}
              </button>
            )}
            <span>
              {message} {hint}
            </span>
          </li>
        ))}
      </ul>
      {bad.files.length < bad.total && (
        <p className="hint">… and {(bad.total - bad.files.length).toLocaleString()} more.</p>
      )}
    </section>
  );
}
