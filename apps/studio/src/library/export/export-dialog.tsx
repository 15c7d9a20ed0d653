import type { MetadataChoice } from '@focal/core';
import { useState } from 'react';
import { MetadataSelect } from '../../export/metadata-select.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Segments } from '../../ui/segments.tsx';
import { exportUrl, MOST_EXPORTED } from '../api/api.ts';
import type { EditsChoice } from '../api/types.ts';
import { countOf } from '../state/library-engine.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';

const EDITS: readonly { readonly value: EditsChoice; readonly label: string; readonly hint: string }[] = [
  { value: 'none', label: 'Originals', hint: 'Files as they are, with all of their metadata.' },
  {
    value: 'beside',
    label: 'Both',
    hint: 'Originals as they are; beside each that is shown edited, the edited photo.',
  },
  { value: 'instead', label: 'Edited', hint: 'Edited photos in place of their originals; all others as they are.' },
];

/** Saves what is selected as one ZIP file. */
export function ExportDialog() {
  const engine = useLibraryEngine();
  const selection = useLibrary((state) => state.selection);
  const openDialog = useLibrary((state) => state.openDialog);
  const [edits, setEdits] = useState<EditsChoice>('none');
  const [metadata, setMetadata] = useState<MetadataChoice>('none');
  const [hasSidecars, setSidecars] = useState(false);
  const ids = [...selection];
  const isTooMany = ids.length > MOST_EXPORTED;
  const close = () => openDialog(undefined);
  return (
    <Dialog title={`Save ${countOf(ids)}`} onClose={close}>
      <Segments
        label="Edited photos"
        value={edits}
        options={EDITS}
        onChange={(value) => setEdits(value as EditsChoice)}
      />
      <p className="hint">{EDITS.find(({ value }) => value === edits)?.hint}</p>
      {edits !== 'none' && <MetadataSelect value={metadata} onChange={setMetadata} />}
      <label className="watch-switch">
        <input
          type="checkbox"
          checked={hasSidecars}
          onChange={({ currentTarget: { checked } }) => setSidecars(checked)}
        />
        An XMP file beside each original: rating, caption, names of people
      </label>
      {isTooMany && (
        <p className="form-problem" role="alert">
          At most {MOST_EXPORTED} items go into one file. Select fewer, or use: focal library export FOLDER
        </p>
      )}
      <footer className="dialog-foot">
        <span className="spacer" />
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        {!isTooMany && (
          <a
            className="button primary"
            href={exportUrl(ids, { edits, metadata, hasSidecars })}
            download="focal-photos.zip"
            onClick={() => {
              close();
              engine.clearSelection();
            }}
          >
            <Icon name="download" />
            Download
          </a>
        )}
      </footer>
    </Dialog>
  );
}
