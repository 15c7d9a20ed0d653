import { useEffect, useRef } from 'react';
import { TopBar } from './bar/top-bar.tsx';
import { ExportDialog } from './export/export-dialog.tsx';
import { ShortcutsDialog } from './help/shortcuts-dialog.tsx';
import { useShortcuts } from './help/use-shortcuts.ts';
import { CameraDialog } from './open/camera-dialog.tsx';
import { EmptyState } from './open/empty-state.tsx';
import { usePhotoInput } from './open/use-photo-input.ts';
import { Panel } from './panel/panel.tsx';
import { MatteNote } from './place/place-chip.tsx';
import { PlaceDialog } from './place/place-dialog.tsx';
import { Stage } from './stage/stage.tsx';
import { AddStepDialog } from './steps/add-step-dialog.tsx';
import { PhotoStrip } from './strip/photo-strip.tsx';
import { useEngine, useStudio } from './ui/context.tsx';
import { Mark } from './ui/icons.tsx';
import { Toasts } from './ui/toasts.tsx';
import { KeepVersionDialog } from './version/keep-version-dialog.tsx';

const ACCEPTED = 'image/*,.heic,.heif,.avif,.tif,.tiff';

/** The whole page. */
export function App() {
  const engine = useEngine();
  const input = useRef<HTMLInputElement>(null);
  const hasPhoto = useStudio((state) => state.photo !== undefined);
  const dialog = useStudio((state) => state.dialog);
  const theme = useStudio((state) => state.theme);
  const isExporting = useStudio((state) => state.exporting !== undefined);
  const toasts = useStudio((state) => state.toasts);
  const dismissToast = useStudio((state) => state.dismissToast);
  const { isOver } = usePhotoInput();
  useShortcuts();
  const pick = () => input.current?.click();

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  useEffect(() => {
    if (!isExporting) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isExporting]);

  return (
    <div className="app" data-has-photo={hasPhoto}>
      <TopBar onPick={pick} />
      {hasPhoto ? (
        <main className="workspace">
          <PhotoStrip onPick={pick} />
          <div className="stage-column">
            <Stage />
            <MatteNote />
          </div>
          <Panel />
        </main>
      ) : (
        <main className="workspace empty-workspace">
          <EmptyState onPick={pick} />
        </main>
      )}
      <input
        ref={input}
        id="open-photo"
        type="file"
        accept={ACCEPTED}
        multiple
        hidden
        aria-label="Choose a photo"
        onChange={(event) => {
          void engine.openAll([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      {isOver && (
        <div className="drop-veil" aria-hidden="true">
          <div>
            <Mark size={72} />
            <p>Drop photos to open them</p>
          </div>
        </div>
      )}
      {dialog === 'add-step' && <AddStepDialog />}
      {dialog === 'camera' && <CameraDialog />}
      {dialog === 'shortcuts' && <ShortcutsDialog />}
      {dialog === 'place' && <PlaceDialog />}
      {dialog === 'place-browser' && <PlaceDialog proposed="browser" />}
      {dialog === 'export' && <ExportDialog />}
      {dialog === 'keep-version' && <KeepVersionDialog />}
      {dialog === 'export-all' && <ExportDialog ofAll />}
      <Toasts toasts={toasts} onDismiss={dismissToast} />
    </div>
  );
}
