import type { Theme } from '../state/types.ts';
import { Icon, type IconName, Mark } from '../ui/icons.tsx';
import { useLive, useLiveEngine, useLiveParts } from './ui/live-context.tsx';

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICON: Readonly<Record<Theme, IconName>> = { system: 'auto', light: 'sun', dark: 'moon' };

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
        <button
          type="button"
          className="icon-button"
          aria-label={`Theme: ${theme === 'system' ? 'as the system' : theme}. Change`}
          title={`Theme: ${theme === 'system' ? 'as the system' : theme}. Change`}
          onClick={() => setTheme(NEXT_THEME[theme])}
        >
          <Icon name={THEME_ICON[theme]} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Keys and gestures"
          title="Keys and gestures (?)"
          onClick={() => store.setState({ dialog: 'keys' })}
        >
          <Icon name="help" />
        </button>
        {source !== undefined && (
          <>
            <button
              type="button"
              className="icon-button"
              aria-label="Webcam"
              title="Webcam (W)"
              onClick={() => void engine.openWebcam()}
            >
              <Icon name="camera" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="Open a video"
              title="Open a video (O)"
              onClick={onPick}
            >
              <Icon name="video" />
            </button>
          </>
        )}
      </div>
    </header>
  );
}
