import { type ReactNode, useId, useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import type { AssetDetails } from '../api/types.ts';
import { PeopleInPhoto } from '../people/people-in-photo.tsx';
import { toChip } from '../search/edit-search.ts';
import { formatBytes, formatDuration, formatExposure, formatLocation, formatTime } from '../ui/format.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';
import { SeenAt } from './seen-at.tsx';
import { VersionsSection } from './versions-section.tsx';

const SOURCES = { exif: '', sidecar: 'from the file beside it', name: 'from the file’s name' } as const;

/** All that is known of a photo or video; caption and stars can be changed. */
export function InfoPanel({
  details,
  onChanged,
  onLight,
  onDraw,
  onSeek,
  onClose,
}: {
  readonly details: AssetDetails;
  readonly onChanged: () => void;
  /** The pointer is on the name of a thing, or on a face. */
  readonly onLight: (label: string | undefined) => void;
  readonly onDraw: () => void;
  /** Shows this frame of the video, where it can be played. */
  readonly onSeek: ((atMs: number) => void) | undefined;
  readonly onClose: () => void;
}) {
  const engine = useLibraryEngine();
  const { width, height, durationMs, bytes, format, location, city, faces, things, places, albums } = details;
  const camera = describeCamera(details);
  const counts = new Map<string, number>();
  for (const { label } of things) counts.set(label, (counts.get(label) ?? 0) + 1);
  const timeOf = (label: string) => things.find((thing) => thing.label === label)?.atMs;
  const megapixels = (width * height) / 1e6;
  return (
    <aside className="info-panel" aria-label="Facts">
      <header className="info-head">
        <h2>Facts</h2>
        <IconButton icon="close" label="Close the facts" keys="I" onClick={onClose} />
      </header>
      <Caption key={details.id} details={details} onChanged={onChanged} />
      <Rating details={details} onChanged={onChanged} />
      <dl className="info-list">
        <Fact icon="calendar" name="Date">
          <strong>{formatTime(details.sortTime)}</strong>
          <span>{details.takenFrom === undefined ? 'when the file was changed' : SOURCES[details.takenFrom]}</span>
        </Fact>
        {camera.name !== '' && (
          <Fact icon="camera" name="Camera">
            <strong>{camera.name}</strong>
            <span>{camera.settings}</span>
          </Fact>
        )}
        {location !== undefined && (
          <Fact icon="pin" name="Place">
            {city === undefined ? (
              <strong>{formatLocation(location.latitude, location.longitude)}</strong>
            ) : (
              <>
                <button
                  type="button"
                  className="link-button info-city"
                  title={`Everything near ${city.name}`}
                  onClick={() =>
                    engine.go({
                      view: 'photos',
                      albumId: undefined,
                      assetId: undefined,
                      search: toChip('place', city.name),
                    })
                  }
                >
                  {city.name}, {city.countryName}
                </button>
                <span>{formatLocation(location.latitude, location.longitude)}</span>
              </>
            )}
            {location.altitude !== undefined && (
              <span>{Math.round(location.altitude).toLocaleString()} m above the sea</span>
            )}
          </Fact>
        )}
        <Fact icon={details.kind === 'video' ? 'video' : 'open'} name="File">
          <strong>
            {width} × {height}
            {details.kind === 'photo' && megapixels >= 0.1 && ` · ${megapixels.toFixed(1)} MP`}
          </strong>
          <span>
            {[
              format.toUpperCase(),
              formatBytes(bytes),
              ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
            ].join(' · ')}
          </span>
        </Fact>
        {places.length === 0 && (
          <Fact icon="folder" name="Lies in">
            <span className="folder-offline">Its file is gone from its folder.</span>
          </Fact>
        )}
        {places.map(({ path, isOnline, isThere }) => (
          <Fact key={path} icon="folder" name="Lies in">
            <strong className="info-path">{path}</strong>
            {!isThere && (
              <span className="folder-offline">{isOnline ? 'The file is gone.' : 'Its folder is offline.'}</span>
            )}
          </Fact>
        ))}
      </dl>
      {details.versions.length + details.deletedVersions.length > 0 && (
        <VersionsSection details={details} onChanged={onChanged} />
      )}
      {counts.size > 0 && (
        <section className="info-part">
          <h3>Things</h3>
          <div className="info-chips">
            {[...counts].map(([label, count]) => (
              <span key={label} className="info-thing">
                <button
                  type="button"
                  className="filter-chip"
                  title={`Everything with: ${label}`}
                  onPointerEnter={() => onLight(label)}
                  onPointerLeave={() => onLight(undefined)}
                  onFocus={() => onLight(label)}
                  onBlur={() => onLight(undefined)}
                  onClick={() =>
                    engine.go({
                      view: 'photos',
                      albumId: undefined,
                      personId: undefined,
                      assetId: undefined,
                      search: toChip('thing', label),
                    })
                  }
                >
                  {label}
                  {count > 1 && <span className="filter-count">{count}</span>}
                </button>
                {timeOf(label) !== undefined && <SeenAt atMs={timeOf(label) ?? 0} what={label} onSeek={onSeek} />}
              </span>
            ))}
          </div>
        </section>
      )}
      {details.isAnalysed && !details.isPrivate && (
        <PeopleInPhoto details={details} onLight={onLight} onDraw={onDraw} onSeek={onSeek} />
      )}
      {faces.length > 0 && (
        <p className="info-note">
          {faces.length === 1 ? 'One face' : `${faces.length} faces`}
          {describeSmiles(details)}
        </p>
      )}
      {details.isAnalysed && details.problem !== undefined && <p className="info-note">{details.problem}</p>}
      {!details.isAnalysed && (
        <p className="info-note">
          {details.problem === undefined
            ? 'Who and what is seen has not been looked for yet.'
            : `Who and what is seen cannot be told: ${details.problem}`}
        </p>
      )}
      {albums.length > 0 && (
        <section className="info-part">
          <h3>Albums</h3>
          <div className="info-chips">
            {albums.map(({ id, name }) => (
              <button
                key={id}
                type="button"
                className="filter-chip"
                onClick={() =>
                  engine.go({ view: 'albums', albumId: id, personId: undefined, assetId: undefined, search: '' })
                }
              >
                <Icon name="album" size={14} />
                {name}
              </button>
            ))}
          </div>
        </section>
      )}
    </aside>
  );
}

function Fact({
  icon,
  name,
  children,
}: {
  readonly icon: IconName;
  readonly name: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt title={name}>
        <Icon name={icon} />
        <span className="visually-hidden">{name}</span>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function Caption({ details, onChanged }: { readonly details: AssetDetails; readonly onChanged: () => void }) {
  const engine = useLibraryEngine();
  const id = useId();
  const [text, setText] = useState(details.caption);
  const save = async () => {
    if (text === details.caption) return;
    if (await engine.change(details.id, { caption: text })) onChanged();
    else setText(details.caption);
  };
  return (
    <div className="caption">
      <label htmlFor={id} className="visually-hidden">
        Caption
      </label>
      <textarea
        id={id}
        rows={Math.min(6, Math.max(1, Math.ceil(text.length / 38)))}
        maxLength={5000}
        placeholder="Write a caption"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => void save()}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) event.currentTarget.blur();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setText(details.caption);
        }}
      />
    </div>
  );
}

function Rating({ details, onChanged }: { readonly details: AssetDetails; readonly onChanged: () => void }) {
  const engine = useLibraryEngine();
  const rate = async (rating: number) => {
    if (await engine.change(details.id, { rating })) onChanged();
  };
  return (
    <div className="stars" role="group" aria-label={`Stars: ${details.rating} of 5`}>
      {[1, 2, 3, 4, 5].map((star) => (
        <button
          key={star}
          type="button"
          className="star"
          aria-label={star === 1 ? '1 star' : `${star} stars`}
          aria-pressed={details.rating === star}
          data-on={star <= details.rating || undefined}
          onClick={() => void rate(details.rating === star ? 0 : star)}
        >
          <Icon name={star <= details.rating ? 'star-full' : 'star'} size={20} />
        </button>
      ))}
    </div>
  );
}

function describeCamera({ camera }: AssetDetails): { readonly name: string; readonly settings: string } {
  const { make = '', model = '', lens, exposureSeconds, aperture, iso, focalLengthMm } = camera;
  const name = model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`.trim();
  const settings = [
    ...(exposureSeconds === undefined ? [] : [formatExposure(exposureSeconds)]),
    ...(aperture === undefined ? [] : [`f/${Number(aperture.toFixed(1))}`]),
    ...(focalLengthMm === undefined ? [] : [`${Number(focalLengthMm.toFixed(1))} mm`]),
    ...(iso === undefined ? [] : [`ISO ${iso}`]),
    ...(lens === undefined ? [] : [lens]),
  ];
  return { name: name === '' ? (lens ?? '') : name, settings: settings.join(' · ') };
}

function describeSmiles({ faces }: AssetDetails): string {
  const smiling = faces.filter(({ smile = 0 }) => smile >= 0.6).length;
  if (smiling === 0) return '.';
  return faces.length === 1 ? ', smiling.' : `, ${smiling} smiling.`;
}
