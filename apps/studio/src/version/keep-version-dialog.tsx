import { useId, useState } from 'react';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Segments } from '../ui/segments.tsx';

/** Keeps what was done to a photo of the library as a version beside its original. */
export function KeepVersionDialog() {
  const engine = useEngine();
  const origin = useStudio((state) => state.photo?.origin);
  const openDialog = useStudio((state) => state.openDialog);
  const isPlain = useStudio(({ history }) => history.present.steps.every(({ enabled }) => !enabled));
  const id = useId();
  const [isNew, setNew] = useState(origin?.version === undefined);
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  if (origin === undefined) return null;
  const { version } = origin;
  const close = () => openDialog(undefined);
  const keep = async () => {
    setBusy(true);
    const isKept = await engine.keepVersion(
      isNew || version === undefined ? { name: name.trim() } : { versionId: version.id },
    );
    setBusy(false);
    if (isKept) close();
  };
  return (
    <Dialog title="Keep in the library" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <p className="dialog-lead">
          {isPlain
            ? 'Nothing is done to the photo yet. Add a step, and what it makes of the photo can be kept.'
            : 'The original stays as it is. This edit is kept beside it, and shown in its place.'}
        </p>
        {!isPlain && version !== undefined && (
          <Segments
            label="Version"
            value={isNew ? 'new' : 'replace'}
            options={[
              { value: 'replace', label: `Replace ${version.name}` },
              { value: 'new', label: 'New version' },
            ]}
            onChange={(value) => setNew(value === 'new')}
          />
        )}
        {!isPlain && isNew && (
          <label className="keep-name" htmlFor={id}>
            <span>Name</span>
            <input
              id={id}
              className="text-input"
              value={name}
              maxLength={200}
              placeholder="Such as: Warm. Else it gets a number"
              autoComplete="off"
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </label>
        )}
        <footer className="dialog-foot">
          <span className="spacer" />
          <button type="button" className="button" onClick={close}>
            {isPlain ? 'Close' : 'Cancel'}
          </button>
          <button type="submit" className="button primary" disabled={isBusy || isPlain}>
            <Icon name="library" />
            Keep
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
