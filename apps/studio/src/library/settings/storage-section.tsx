import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import type { LibraryUsage, StoredPart } from '../api/types.ts';
import { formatBytes } from '../ui/format.ts';
import { useLibraryParts } from '../ui/library-context.tsx';
import { useAsked } from '../ui/use-asked.ts';

const WORDS: Readonly<Record<StoredPart, string>> = {
  database: 'What is known of photos and people',
  thumbnails: 'Small pictures for grids',
  pictures: 'Larger pictures, faces and versions',
  covered: 'Photos with covered faces, for guests',
  shared: 'Videos for guests, without metadata',
  backups: 'Backups',
  uploads: 'Uploaded photos and videos',
  incoming: 'Uploads under way',
};

/** What the library keeps on the disk, and what of it can go. */
export function StorageSection() {
  const { engine, store } = useLibraryParts();
  const [usage, setUsage] = useState<LibraryUsage | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  useAsked(({ api }) => api.storage(), setUsage);
  const free = async () => {
    setBusy(true);
    await engine.attempt(async () => {
      const freed = await engine.api.freeStorage();
      setUsage(await engine.api.storage());
      store.getState().toast('success', `${formatBytes(freed)} freed.`);
    });
    setBusy(false);
  };
  const parts = usage?.parts.filter(({ bytes }) => bytes > 0) ?? [];
  const spare = parts.reduce((sum, { bytes, isSpare }) => sum + (isSpare ? bytes : 0), 0);
  return (
    <section className="settings-section" aria-labelledby="storage">
      <h2 id="storage">Storage</h2>
      {usage === undefined ? (
        <p role="status">Adding up …</p>
      ) : (
        <>
          <p>
            Beside your files, which stay where they are, Focal keeps this in <code>{usage.folder}</code>. The disk has{' '}
            {formatBytes(usage.freeBytes)} free of {formatBytes(usage.totalBytes)}.
          </p>
          <dl className="settings-list">
            {parts.map(({ part, bytes }) => (
              <div key={part}>
                <dt>{WORDS[part]}</dt>
                <dd>{formatBytes(bytes)}</dd>
              </div>
            ))}
          </dl>
          {spare > 0 && (
            <>
              <button type="button" className="button" disabled={isBusy} onClick={() => void free()}>
                <Icon name="trash" size={16} />
                Free {formatBytes(spare)}
              </button>
              <p>Larger pictures, faces, versions and covered photos are made again when they are looked at.</p>
            </>
          )}
        </>
      )}
    </section>
  );
}
