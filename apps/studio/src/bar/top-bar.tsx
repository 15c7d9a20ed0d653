import { PlaceChip } from '../place/place-chip.tsx';
import { canSave } from '../state/store.ts';
import { useStudio } from '../ui/context.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { ThemeButton } from '../ui/theme-button.tsx';
import { useInstall } from './use-install.ts';

/** Name and photo, undo and redo, where the work happens, theme, keys, and the way out: saving. */
export function TopBar({ onPick }: { readonly onPick: () => void }) {
  const photo = useStudio((state) => state.photo);
  const canUndo = useStudio((state) => state.history.past.length > 0);
  const canRedo = useStudio((state) => state.history.future.length > 0);
  const undo = useStudio((state) => state.undo);
  const redo = useStudio((state) => state.redo);
  const theme = useStudio((state) => state.theme);
  const setTheme = useStudio((state) => state.setTheme);
  const openDialog = useStudio((state) => state.openDialog);
  const install = useInstall();
  const isSavable = useStudio(canSave);
  return (
    <header className="top-bar">
      <div className="bar-side">
        <span className="brand">
          <Mark size={22} />
          <span className="brand-name">Focal</span>
        </span>
        {photo !== undefined && (
          <>
            <span className="bar-line" />
            <button type="button" className="photo-name" title="Open another photo (O)" onClick={onPick}>
              <span className="name">{photo.name}</span>
              <span className="size">
                {photo.width} × {photo.height}
              </span>
            </button>
          </>
        )}
      </div>
      {photo !== undefined && (
        <div className="bar-middle">
          <IconButton icon="undo" label="Undo" keys="Ctrl Z" disabled={!canUndo} onClick={undo} />
          <IconButton icon="redo" label="Redo" keys="Ctrl Shift Z" disabled={!canRedo} onClick={redo} />
        </div>
      )}
      <div className="bar-side end">
        {install !== undefined && (
          <button
            type="button"
            className="chip seldom"
            title="Install Focal as an app"
            aria-label="Install"
            onClick={install}
          >
            <Icon name="download" size={16} />
            <span className="chip-label">Install</span>
          </button>
        )}
        <a
          className="chip"
          href={photo?.origin === undefined ? '/library' : `/library?photo=${photo.origin.assetId}`}
          title={
            photo?.origin === undefined ? 'All photos and videos of your folders' : 'To this photo in your library'
          }
        >
          <Icon name="library" size={16} />
          <span className="chip-label">Library</span>
        </a>
        {photo?.origin === undefined && (
          <a className="chip" href="/live" title="Keep a subject sharp in camera or video">
            <Icon name="video" size={16} />
            <span className="chip-label">Live</span>
          </a>
        )}
        <PlaceChip />
        <ThemeButton theme={theme} onChange={setTheme} />
        <span className="wide-only">
          <IconButton icon="help" label="Keys and gestures" keys="?" onClick={() => openDialog('shortcuts')} />
        </span>
        {photo !== undefined && (
          <>
            <span className="wide-only">
              <IconButton icon="camera" label="Take a photo" onClick={() => openDialog('camera')} />
            </span>
            <IconButton icon="open" label="Open another photo" keys="O" onClick={onPick} />
            {photo.origin !== undefined && (
              <button
                type="button"
                className="button primary"
                title="Keep this edit as a version beside the original"
                onClick={() => openDialog('keep-version')}
              >
                <Icon name="library" />
                <span className="save-label">Keep</span>
              </button>
            )}
            <button
              type="button"
              className={photo.origin === undefined ? 'button primary' : 'button'}
              aria-label="Save"
              title="Save the result as a file"
              disabled={!isSavable}
              onClick={() => openDialog('export')}
            >
              <Icon name="download" />
              {photo.origin === undefined && <span className="save-label">Save</span>}
            </button>
          </>
        )}
      </div>
    </header>
  );
}
