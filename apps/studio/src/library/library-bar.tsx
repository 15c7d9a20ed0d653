import { IconButton } from '../ui/icon-button.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { ThemeButton } from '../ui/theme-button.tsx';
import { ImportChip } from './folders/import-chip.tsx';
import { SearchBox } from './search/search-box.tsx';
import { useLibrary } from './ui/library-context.tsx';
import { UploadButton } from './upload/upload-button.tsx';

/** Name, search, how the import goes, and the ways to the other pages. */
export function LibraryBar() {
  const theme = useLibrary((state) => state.theme);
  const setTheme = useLibrary((state) => state.setTheme);
  const openDialog = useLibrary((state) => state.openDialog);
  const isOpen = useLibrary(({ progress }) => progress !== undefined);
  // Until it is known that there is nothing to find: who presses / at once is heard.
  const hasSearch = useLibrary(({ progress, problem }) =>
    progress === undefined ? problem === undefined : progress.assets > 0,
  );
  return (
    <header className="top-bar library-bar">
      <span className="brand">
        <Mark size={22} />
        <span className="brand-name">Focal</span>
        <span className="library-tag">Library</span>
      </span>
      {hasSearch ? <SearchBox /> : <span />}
      <button type="button" className="skip-button" onClick={goToContent}>
        To what is shown
      </button>
      <div className="bar-side end">
        <ImportChip />
        {isOpen && <UploadButton />}
        <a className="chip" href="/" title="To the studio for photos">
          <Icon name="open" size={16} />
          <span className="chip-label">Studio</span>
        </a>
        <ThemeButton theme={theme} onChange={setTheme} />
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

/** Past the ways to other pages and all chips: to the photos, where there are any. */
function goToContent(): void {
  (
    document.querySelector<HTMLElement>('.grid-scroller') ?? document.querySelector<HTMLElement>('.library-main')
  )?.focus();
}
