import { useId, useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { versionUrl } from '../api/api.ts';
import type { AssetDetails, AssetVersion } from '../api/types.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';

const CHANGED = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The studio with a photo of the library, and a version to go on with. */
export function toStudioAddress(assetId: number, shown: { readonly versionId: number } | undefined): string {
  return `/?asset=${assetId}${shown === undefined ? '' : `&version=${shown.versionId}`}`;
}

/** Original and versions of a photo: which is shown, and what is done with each. */
export function VersionsSection({
  details,
  onChanged,
}: {
  readonly details: AssetDetails;
  readonly onChanged: () => void;
}) {
  const engine = useLibraryEngine();
  const toast = useLibrary((state) => state.toast);
  const name = useId();
  const { versions } = engine.api;
  const act = (work: () => Promise<void>): Promise<boolean> =>
    engine.attempt(async () => {
      await work();
      onChanged();
      await engine.refresh();
    });
  const show = (version: number | null) => void act(() => versions.show(details.id, version));
  const remove = async (version: AssetVersion) => {
    if (!(await act(() => versions.remove(details.id, version.id)))) return;
    toast('success', `${version.name} is deleted. The original stays.`, {
      label: 'Undo',
      run: () => void restore(version),
    });
  };
  const restore = (version: AssetVersion) => act(() => versions.restore(details.id, version.id));
  return (
    <section className="info-part" aria-label="Versions">
      <h3>Versions</h3>
      <ul className="version-list">
        <li className="version-row">
          <label className="version-pick">
            <input type="radio" name={name} checked={details.shown === undefined} onChange={() => show(null)} />
            <span>Original</span>
          </label>
        </li>
        {details.versions.map((version) => (
          <li key={version.id} className="version-row">
            <div className="version-head">
              <input
                type="radio"
                name={name}
                aria-label={`Show ${version.name}`}
                checked={version.isCurrent}
                onChange={() => show(version.id)}
              />
              <VersionName
                key={version.name}
                version={version}
                onRename={(text) => void act(() => versions.rename(details.id, version.id, text))}
              />
              <IconButton
                icon="brush"
                label={`Edit ${version.name}`}
                onClick={() => location.assign(toStudioAddress(details.id, { versionId: version.id }))}
              />
              <a
                className="icon-button"
                href={versionUrl(details.id, version.id)}
                download
                aria-label={`Save ${version.name}`}
                title={`Save ${version.name}`}
              >
                <Icon name="download" />
              </a>
              <IconButton icon="trash" label={`Delete ${version.name}`} onClick={() => void remove(version)} />
            </div>
            <p className="version-note">{CHANGED.format(version.changedAt)}</p>
            {[...version.warnings, ...(version.problem === undefined ? [] : [version.problem])].map((text) => (
              <p key={text} className="version-note">
                <Icon name="warning" size={14} />
                {text}
              </p>
            ))}
          </li>
        ))}
        {details.deletedVersions.map((version) => (
          <li key={version.id} className="version-row">
            <div className="version-head">
              <span className="version-deleted">{version.name}</span>
              <button type="button" className="button small" onClick={() => void restore(version)}>
                Bring back
              </button>
            </div>
            <p className="version-note">Deleted {CHANGED.format(version.deletedAt)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Changed in place: Enter keeps it, Escape does not. */
function VersionName({
  version,
  onRename,
}: {
  readonly version: AssetVersion;
  readonly onRename: (name: string) => void;
}) {
  const [draft, setDraft] = useState(version.name);
  const save = () => {
    const text = draft.trim();
    if (text === '') setDraft(version.name);
    else if (text !== version.name) onRename(text);
  };
  return (
    <input
      className="person-name version-name"
      aria-label={`Name of ${version.name}`}
      value={draft}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        setDraft(version.name);
      }}
    />
  );
}
