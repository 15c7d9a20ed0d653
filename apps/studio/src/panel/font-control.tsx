import { useEngine, useStudio } from '../ui/context.tsx';
import { FileButton } from '../ui/file-button.tsx';
import { Icon } from '../ui/icons.tsx';

const HELP =
  'A font file of your own (TTF, OTF), for text in other scripts than Latin, Greek and Cyrillic. It stays in this browser.';

/** Chooses the font that all steps write in. */
export function FontControl() {
  const engine = useEngine();
  const chosen = useStudio(({ history, assets }) => assets[history.present.font ?? '']);
  const setFont = useStudio((state) => state.setFont);
  return (
    <div className="control">
      <div className="control-head">
        <span className="control-title" title={HELP}>
          Font
        </span>
        <button
          type="button"
          className="icon-button small reset"
          title="Use Noto Sans again"
          aria-label="Use Noto Sans again"
          disabled={chosen === undefined}
          onClick={() => setFont(undefined)}
        >
          <Icon name="reset" size={14} />
        </button>
        <span className="control-value">{chosen === undefined && 'Noto Sans'}</span>
      </div>
      <FileButton
        label="Font"
        prompt="Choose a font"
        accept=".ttf,.otf,.ttc,font/ttf,font/otf,font/collection"
        icon="text"
        description={HELP}
        chosen={chosen}
        onChoose={(file) => void engine.setFont(file)}
      />
    </div>
  );
}
