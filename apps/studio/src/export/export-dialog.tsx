import type { MetadataChoice } from '@focal/core';
import type { WebFormat } from '@focal/web';
import { useState } from 'react';
import { toFileName } from '../engine/exporter.ts';
import { isOfOtherShape } from '../stage/viewport.ts';
import type { ExportState, ListedPhoto } from '../state/types.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Segments } from '../ui/segments.tsx';
import { LeftOutNote } from './left-out-note.tsx';
import { MetadataSelect } from './metadata-select.tsx';

const FORMATS = [
  { value: 'png', label: 'PNG' },
  { value: 'webp', label: 'WebP' },
  { value: 'jpeg', label: 'JPEG' },
];
const HINTS: Readonly<Record<WebFormat, string>> = {
  png: 'Exact, with transparency. Large.',
  webp: 'Small, with transparency.',
  jpeg: 'Small, opens everywhere. No transparency.',
};

/** Longer sides to choose from, in pixels: for print and large screens, for screens, for messages. */
const SIDES = [4096, 2048, 1080];

/** How the result leaves: format, quality, size, to a file or to the clipboard. */
export function ExportDialog({ ofAll = false }: { readonly ofAll?: boolean }) {
  const engine = useEngine();
  const photo = useStudio((state) => state.photo);
  const steps = useStudio((state) => state.history.present.steps);
  const isTransparent = useStudio((state) => state.result?.isOpaque === false);
  const photos = useStudio((state) => state.sitting);
  const isCropped = useStudio(
    ({ result }) => result !== undefined && photo !== undefined && isOfOtherShape(result, photo),
  );
  const exporting = useStudio((state) => state.exporting);
  const openDialog = useStudio((state) => state.openDialog);
  const problem = useStudio((state) => state.exportProblem);
  const waits = useStudio((state) => state.waits) && !ofAll;
  const [chosen, setFormat] = useState<WebFormat>();
  // As long as nothing is chosen: the picture may still be on its way.
  const format = chosen ?? (isTransparent ? 'png' : 'jpeg');
  const [quality, setQuality] = useState(92);
  const [side, setSide] = useState<number>();
  const [metadata, setMetadata] = useState<MetadataChoice>('none');
  if (photo === undefined) return null;
  const close = () => openDialog(undefined);
  const full = Math.max(photo.width, photo.height);
  const sides = SIDES.filter((each) => ofAll || each < full);
  const share = ofAll || side === undefined ? 1 : side / full;
  const choice = { format, quality, metadata, ...(side !== undefined && { longSide: side }) };
  // Stopped or failed, the choice stays on the screen for another try.
  const run = (work: Promise<boolean>) => void work.then((isSaved) => isSaved && close());
  return (
    <Dialog title={ofAll ? 'Save all photos' : 'Save the result'} onClose={close}>
      {ofAll ? (
        <p className="hint">{describeAll(photos)}</p>
      ) : (
        <dl className="facts">
          <dt>Name</dt>
          <dd>{toFileName(photo.name, steps, format)}</dd>
          <dt>Size</dt>
          <dd>
            {Math.round(photo.width * share)} × {Math.round(photo.height * share)} pixels
            {isCropped ? ' before it is cropped' : ''}
            {photo.colorSpace === 'display-p3' ? ', Display P3' : ''}
          </dd>
        </dl>
      )}
      <Segments label="Format" value={format} options={FORMATS} onChange={(value) => setFormat(value as WebFormat)} />
      <p className="hint">
        {format === 'jpeg' && isTransparent ? 'JPEG has no transparency: the background becomes white.' : HINTS[format]}
      </p>
      {format !== 'png' && (
        <label className="quality">
          <span>Quality</span>
          <input
            className="slider"
            type="range"
            min={40}
            max={100}
            value={quality}
            style={{ '--from': 0, '--to': (quality - 40) / 60, '--at': (quality - 40) / 60 } as React.CSSProperties}
            onChange={(event) => setQuality(event.currentTarget.valueAsNumber)}
          />
          <output>{quality}</output>
        </label>
      )}
      {sides.length > 0 && (
        <label className="quality export-size">
          <span>Longer side</span>
          <select
            className="select"
            value={side ?? ''}
            onChange={({ currentTarget: { value } }) => setSide(value === '' ? undefined : Number(value))}
          >
            <option value="">{ofAll ? 'As the photo' : `As the photo: ${full}`}</option>
            {sides.map((each) => (
              <option key={each} value={each}>
                {ofAll ? 'At most ' : ''}
                {each} pixels
              </option>
            ))}
          </select>
        </label>
      )}
      <MetadataSelect value={metadata} onChange={setMetadata} />
      <LeftOutNote />
      {waits && (
        <p className="hint" role="status">
          It can be saved once it is known who and what is in the photo: a step waits for that.
        </p>
      )}
      {problem !== undefined && (
        <p className="dialog-notice problem" role="alert">
          <Icon name="warning" />
          {problem}
        </p>
      )}
      {exporting === undefined ? (
        <footer className="dialog-foot">
          {!ofAll && (
            <button type="button" className="button" disabled={waits} onClick={() => run(engine.copy(side))}>
              <Icon name="copy" />
              Copy
            </button>
          )}
          <span className="spacer" />
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={waits}
            onClick={() => run(ofAll ? engine.downloadAll(choice) : engine.download(choice))}
          >
            <Icon name="download" />
            {ofAll ? 'Download all' : 'Download'}
          </button>
        </footer>
      ) : (
        <footer className="dialog-foot">
          <div className="export-progress" role="status">
            <span>{describe(exporting)}</span>
            <ProgressBar label="Preparing the full-size picture" done={exporting.done} />
          </div>
          <button type="button" className="button" onClick={() => engine.cancelExport()}>
            Stop
          </button>
        </footer>
      )}
    </Dialog>
  );
}

function describeAll(photos: readonly ListedPhoto[]): string {
  const bad = photos.filter(({ problem }) => problem !== undefined).map(({ name }) => `“${name}”`);
  const count = photos.length - bad.length;
  const text = `${count} ${count === 1 ? 'photo' : 'photos'}, each with its own look, in one ZIP file.`;
  if (bad.length === 0) return text;
  return `${text} Left out, since they cannot be opened: ${bad.join(', ')}.`;
}

function describe({ what, photo }: ExportState): string {
  if (photo !== undefined) return `Preparing photo ${photo[0]} of ${photo[1]}`;
  return what === 'copy' ? 'Preparing the copy' : 'Preparing the file';
}
