import type { Theme } from '../state/types.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Icon, type IconName, Mark } from '../ui/icons.tsx';
import { ImportChip } from './folders/import-chip.tsx';
import { SearchBox } from './search/search-box.tsx';
import { useLibrary } from './ui/library-context.tsx';
import { UploadButton } from './upload/upload-button.tsx';

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICON: Readonly<Record<Theme, IconName>> = { system: 'auto', light: 'sun', dark: 'moon' };

/** Name, search, how the import goes, and the ways to the other pages. */
export function LibraryBar() {
  const theme = useLibrary((state) => state.theme);
  const setTheme = useLibrary((state) => state.setTheme);
  const openDialog = useLibrary((state) => state.openDialog);
  const isOpen = useLibrary(({ progress }) => progress !== undefined);
  const hasAny = useLibrary(({ progress }) => (progress?.assets ?? 0) > 0);
  return (
    <header className="top-bar library-bar">
      <span className="brand">
        <Mark size={22} />
        <span className="brand-name">Focal</span>
        <span className="library-tag">Library</span>
      </span>
      {hasAny ? <SearchBox /> : <span />}
      <div className="bar-side end">
        <ImportChip />
        {isOpen && <UploadButton />}
        <a className="chip" href="/" title="To the studio for photos">
          <Icon name="open" size={16} />
          <span className="chip-label">Studio</span>
        </a>
        <IconButton
          icon={THEME_ICON[theme]}
          label={`Theme: ${theme === 'system' ? 'as the system' : theme}. Change`}
          onClick={() => setTheme(NEXT_THEME[theme])}
        />
        <IconButton
          icon="help"
          className="wide-only"
          label="Keys and gestures"
          keys="?"
          onClick={() => openDialog('keys')}
        />
      </div>
    </header>
  );
}
