import { IconButton } from '../ui/icon-button.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { ThemeButton } from '../ui/theme-button.tsx';
import { useLive, useLiveEngine, useLiveParts } from './ui/live-context.tsx';

/** Name and source, other sources, the way to the photos, theme and keys. */
export function LiveBar({ onPick }: { readonly onPick: () => void }) {
  const engine = useLiveEngine();
  const { store } = useLiveParts();
  const source = useLive((state) => state.source);
  const theme = useLive((state) => state.theme);
  const setTheme = useLive((state) => state.setTheme);
  return (
    <header className="top-bar">
      <div className="bar-side">
        <span className="brand">
          <Mark size={22} />
          <span className="brand-name">Focal</span>
        </span>
        <span className="live-tag">Live</span>
        {source !== undefined && (
          <>
            <span className="bar-line" />
            <button
              type="button"
              className="photo-name"
              title="Close it and choose another source"
              onClick={() => void engine.closeSource()}
            >
              <span className="name">{source.name}</span>
              {source.width > 0 && (
                <span className="size">
                  {source.width} × {source.height}
                </span>
              )}
            </button>
          </>
        )}
      </div>
      <div className="bar-side end">
        <a className="chip" href="/library" title="All photos and videos of your folders">
          <Icon name="library" size={16} />
          <span className="chip-label">Library</span>
        </a>
        <a className="chip" href="/" title="To the studio for photos">
          <Icon name="open" size={16} />
          <span className="chip-label">Photos</span>
        </a>
        <ThemeButton theme={theme} onChange={setTheme} />
        <IconButton icon="help" label="Keys and gestures" keys="?" onClick={() => store.setState({ dialog: 'keys' })} />
        {source !== undefined && (
          <>
            <IconButton icon="camera" label="Webcam" keys="W" onClick={() => void engine.openWebcam()} />
            <IconButton icon="video" label="Open a video" keys="O" onClick={onPick} />
          </>
        )}
      </div>
    </header>
  );
}
