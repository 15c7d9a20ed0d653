import { useEffect, useRef } from 'react';
import { Toasts } from '../ui/toasts.tsx';
import { AddToAlbumDialog } from './albums/add-to-album-dialog.tsx';
import { AlbumsView } from './albums/albums-view.tsx';
import { NewAlbumDialog } from './albums/new-album-dialog.tsx';
import { DuplicatesView } from './duplicates/duplicates-view.tsx';
import { ExportDialog } from './export/export-dialog.tsx';
import { AddFolderDialog } from './folders/add-folder-dialog.tsx';
import { LibraryKeysDialog } from './keys/library-keys-dialog.tsx';
import { useLibraryKeys } from './keys/use-library-keys.ts';
import { LibraryBar } from './library-bar.tsx';
import { LibraryNav } from './library-nav.tsx';
import { MapView } from './map/map-view.tsx';
import { ChoosePersonDialog } from './people/choose-person-dialog.tsx';
import { PeopleView } from './people/people-view.tsx';
import { PhotosView } from './photos-view.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { SettingsView } from './settings/settings-view.tsx';
import { TrashView } from './trash-view.tsx';
import { useLibrary, useLibraryEngine } from './ui/library-context.tsx';
import { Notice } from './ui/notice.tsx';
import { usePlaceFocus } from './ui/use-place-focus.ts';
import { UploadLayer } from './upload/upload-layer.tsx';
import { Viewer } from './viewer/viewer.tsx';

/** The whole page. */
export function LibraryPage() {
  const engine = useLibraryEngine();
  const theme = useLibrary((state) => state.theme);
  const toasts = useLibrary((state) => state.toasts);
  const dismissToast = useLibrary((state) => state.dismissToast);
  const dialog = useLibrary((state) => state.dialog);
  const problem = useLibrary((state) => state.problem);
  const view = useLibrary((state) => state.place.view);
  const assetId = useLibrary((state) => state.place.assetId);
  const isReady = useLibrary((state) => state.progress !== undefined);
  const isSelecting = useLibrary((state) => state.selection.size > 0);
  const isOpen = assetId !== undefined && isReady;
  const main = useRef<HTMLElement>(null);
  useLibraryKeys();
  usePlaceFocus(main);

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  return (
    <div className="app library" data-has-photo="false">
      <div inert={isOpen}>{isSelecting ? <SelectionBar /> : <LibraryBar />}</div>
      <div className="library-body" inert={isOpen}>
        <LibraryNav />
        <main ref={main} className="library-main" tabIndex={-1}>
          {problem !== undefined ? (
            <Notice icon="warning" title="The library does not open" text={`${problem.text} ${problem.hint ?? ''}`}>
              <button type="button" className="button primary" onClick={() => void engine.start()}>
                Try again
              </button>
            </Notice>
          ) : (
            <>
              {view === 'photos' && <PhotosView />}
              {view === 'people' && <PeopleView />}
              {view === 'map' && <MapView />}
              {view === 'albums' && <AlbumsView />}
              {view === 'duplicates' && <DuplicatesView />}
              {view === 'trash' && <TrashView />}
              {view === 'settings' && <SettingsView />}
            </>
          )}
        </main>
      </div>
      {isOpen && <Viewer id={assetId} />}
      {dialog === 'keys' && <LibraryKeysDialog />}
      {dialog === 'add-folder' && <AddFolderDialog />}
      {dialog === 'add-to-album' && <AddToAlbumDialog />}
      {dialog === 'new-album' && <NewAlbumDialog />}
      {dialog === 'export' && <ExportDialog />}
      <UploadLayer />
      <ChoosePersonDialog />
      <Toasts toasts={toasts} onDismiss={dismissToast} />
    </div>
  );
}
