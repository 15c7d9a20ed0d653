import { PlaceChip } from '../place/place-chip.tsx';
import { canSave } from '../state/store.ts';
import type { Theme } from '../state/types.ts';
import { useStudio } from '../ui/context.tsx';
import { Icon, type IconName, Mark } from '../ui/icons.tsx';
import { useInstall } from './use-install.ts';

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICON: Readonly<Record<Theme, IconName>> = { system: 'auto', light: 'sun', dark: 'moon' };

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
          <button type="button" className="chip" title="Install Focal as an app" onClick={install}>
            <Icon name="download" size={16} />
            <span className="chip-label">Install</span>
          </button>
        )}
        <a className="chip" href="/library" title="All photos and videos of your folders">
          <Icon name="library" size={16} />
          <span className="chip-label">Library</span>
        </a>
        <a className="chip" href="/live" title="Keep a subject sharp in camera or video">
          <Icon name="video" size={16} />
          <span className="chip-label">Live</span>
        </a>
        <PlaceChip />
        <IconButton
          icon={THEME_ICON[theme]}
          label={`Theme: ${theme === 'system' ? 'as the system' : theme}. Change`}
          onClick={() => setTheme(NEXT_THEME[theme])}
        />
        <span className="wide-only">
          <IconButton icon="help" label="Keys and gestures" keys="?" onClick={() => openDialog('shortcuts')} />
        </span>
        {photo !== undefined && (
          <>
            <span className="wide-only">
              <IconButton icon="camera" label="Take a photo" onClick={() => openDialog('camera')} />
            </span>
            <IconButton icon="open" label="Open another photo" keys="O" onClick={onPick} />
            <button type="button" className="button primary" disabled={!isSavable} onClick={() => openDialog('export')}>
              <Icon name="download" />
              <span className="save-label">Save</span>
            </button>
          </>
        )}
      </div>
    </header>
  );
}

function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={props.label}
      title={props.keys === undefined ? props.label : `${props.label} (${props.keys})`}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
