import { Icon } from '../../ui/icons.tsx';
import { useLibrary } from '../ui/library-context.tsx';
import { UploadButton } from '../upload/upload-button.tsx';
import { AddFolderForm } from './add-folder-form.tsx';
import { ImportState } from './import-state.tsx';

/** What stands there before the first folder, and while the first photos come in. */
export function EmptyLibrary() {
  const isWorking = useLibrary(({ progress }) => (progress?.scans.length ?? 0) > 0);
  return (
    <div className="library-empty">
      <div className="empty-shelf" aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
        <span />
        <Icon name="library" size={40} />
      </div>
      <h1>{isWorking ? 'Looking through your folder' : 'All your photos in one place'}</h1>
      <p className="empty-lead">
        Name a folder of this machine: Focal finds who and what is in its photos and videos, and never changes a file.
      </p>
      {isWorking ? (
        <ImportState />
      ) : (
        <>
          <AddFolderForm />
          <p className="empty-lead">Or send photos from this device, here or by dropping them on this page.</p>
          <UploadButton className="button" />
        </>
      )}
    </div>
  );
}
