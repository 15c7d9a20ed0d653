import { useEffect, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import type { BadFile } from '../api/types.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';

/** Files that could not be read, and why. `mark` changes when they may be others. */
export function BadFiles({ mark }: { readonly mark: string }) {
  const engine = useLibraryEngine();
  const [bad, setBad] = useState<{ readonly files: readonly BadFile[]; readonly total: number } | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the mark changes
  useEffect(() => {
    void engine.attempt(async () => setBad(await engine.api.badFiles()));
  }, [engine, mark]);
  if (bad === undefined || bad.total === 0) return null;
  return (
    <section className="bad-files" aria-labelledby="bad-files">
      <div className="view-head">
        <h2 id="bad-files">
          {bad.total === 1 ? 'One file could not be read' : `${bad.total.toLocaleString()} files could not be read`}
        </h2>
        <button type="button" className="button small" onClick={() => void engine.attempt(engine.api.retryBad)}>
          <Icon name="reset" size={16} />
          Try again
        </button>
      </div>
      <ul>
        {bad.files.map(({ path, message, hint }) => (
          <li key={path}>
            <strong>{path}</strong>
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
