import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import type { LibraryFolder, LibraryProgress } from '../api/types.ts';
import { BadFiles } from '../folders/bad-files.tsx';
import { badFilesOf } from '../folders/describe-bad-files.ts';
import { ImportState } from '../folders/import-state.tsx';
import { ShareSwitch } from '../folders/share-switch.tsx';
import { WatchSwitch } from '../folders/watch-switch.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { ModelsSection } from './models-section.tsx';
import { StorageSection } from './storage-section.tsx';

/** Folders of the library and what is being done with them, who may see it, what it keeps, and models. */
export function SettingsView() {
  const engine = useLibraryEngine();
  const progress = useLibrary((state) => state.progress);
  const openDialog = useLibrary((state) => state.openDialog);
  const dialog = useLibrary((state) => state.dialog);
  const [folders, setFolders] = useState<readonly LibraryFolder[] | undefined>(undefined);
  const [leaving, setLeaving] = useState<LibraryFolder | undefined>(undefined);
  const scanning = new Set(progress?.scans.map(({ folderId }) => folderId));
  const mark = `${progress?.assets} ${badFilesOf(progress)} ${[...scanning].join()} ${dialog}`;

  useAsked(({ api }) => api.folders(), setFolders, [mark]);

  return (
    <div className="view-scroll">
      <div className="view-head">
        <h1>Settings</h1>
      </div>
      <section className="settings-section wide" aria-labelledby="folders">
        <div className="settings-head">
          <h2 id="folders">Folders</h2>
          <button type="button" className="button small" onClick={() => openDialog('add-folder')}>
            <Icon name="plus" size={16} />
            Add a folder
          </button>
        </div>
        <ImportState />
        {folders?.length === 0 ? (
          <p>None yet. Focal finds who and what is in the photos and videos of a folder, and never changes a file.</p>
        ) : (
          <ul className="folder-list">
            {folders?.map((folder) => (
              <FolderRow
                key={folder.id}
                folder={folder}
                isScanning={scanning.has(folder.id)}
                watch={progress?.watching.find(({ folderId }) => folderId === folder.id)}
                onRemove={() => setLeaving(folder)}
              />
            ))}
          </ul>
        )}
        <WatchSwitch />
        {badFilesOf(progress) > 0 && <BadFiles />}
      </section>
      <section className="settings-section" aria-labelledby="sharing">
        <h2 id="sharing">Sharing</h2>
        <ShareSwitch />
      </section>
      <StorageSection />
      <ModelsSection />
      {leaving !== undefined && (
        <ConfirmDialog
          title="Take this folder out?"
          text={`Photos that lie nowhere else leave the library. Files in ${leaving.path} stay, and all that you gave to them comes back when you add it again.`}
          action="Take it out"
          onClose={() => setLeaving(undefined)}
          onConfirm={() =>
            void engine.attempt(async () => {
              await engine.api.removeFolder(leaving.id);
              setFolders(await engine.api.folders());
            })
          }
        />
      )}
    </div>
  );
}

function FolderRow({
  folder: { id, path, isOnline, scannedAt, count, damaged, bad },
  isScanning,
  watch,
  onRemove,
}: {
  readonly folder: LibraryFolder;
  readonly isScanning: boolean;
  readonly watch: LibraryProgress['watching'][number] | undefined;
  readonly onRemove: () => void;
}) {
  const engine = useLibraryEngine();
  const facts = [
    `${count.toLocaleString()} ${count === 1 ? 'item' : 'items'}${damaged > 0 ? `, ${damaged.toLocaleString()} of them damaged` : ''}`,
    ...(bad > 0 ? [`${bad.toLocaleString()} ${damaged > 0 ? 'more ' : ''}could not be read`] : []),
    isScanning
      ? 'being looked through'
      : scannedAt === undefined
        ? 'not looked through yet'
        : `looked through ${new Date(scannedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`,
  ];
  return (
    <li className="folder-row">
      <Icon name="folder" size={22} />
      <div className="folder-text">
        <strong>{path}</strong>
        <span>{facts.join(' · ')}</span>
        {watch?.mode === 'polling' && (
          <span title={watch.reason}>Looked through every five minutes: {watch.reason}</span>
        )}
        {!isOnline && (
          <span className="folder-offline">
            <Icon name="warning" size={14} />
            Offline: it is not there now. Its photos stay in the library.
          </span>
        )}
      </div>
      <div className="folder-actions">
        <button
          type="button"
          className="button small"
          disabled={isScanning}
          onClick={() => void engine.attempt(() => engine.api.rescan(id))}
        >
          <Icon name="reset" size={16} />
          Look again
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={`Take ${path} out of the library`}
          title="Take it out of the library"
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      </div>
    </li>
  );
}
