import { useEffect, useId, useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import type { FaceSearch } from '../api/types.ts';
import { describeError } from '../state/describe-error.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { Cover, countFaces, FacePicture, titleOf } from './face-picture.tsx';
import { useFileDrop } from './use-file-drop.ts';

/** What is searched for: a face of a picture that was chosen, or one of the library. */
interface Wanted {
  readonly picture?: { readonly file: File; readonly url: string };
  /** Which face of the picture, 0 the largest. */
  readonly index: number;
}

type Result =
  | { readonly state: 'looking' }
  | { readonly state: 'failed'; readonly text: string }
  | { readonly state: 'found'; readonly found: FaceSearch };

/** Who is this? By a picture that is dropped or chosen, or by a face of the library. */
export function FindFaceView() {
  const engine = useLibraryEngine();
  const faceId = useLibrary((state) => state.place.faceId);
  const round = useLibrary((state) => state.peopleRound);
  const [wanted, setWanted] = useState<Wanted>({ index: 0 });
  const [result, setResult] = useState<Result | undefined>(undefined);
  const { picture, index } = wanted;
  const take = (file: File | undefined) => {
    if (file === undefined) return;
    if (faceId !== undefined) engine.go({ faceId: undefined }, 'replace');
    setWanted({ picture: { file, url: URL.createObjectURL(file) }, index: 0 });
  };
  const isOver = useFileDrop((files) => take(files[0]));
  const inputId = useId();

  useEffect(() => () => (picture === undefined ? undefined : URL.revokeObjectURL(picture.url)), [picture]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when who is who changed
  useEffect(() => {
    let isLeft = false;
    const { people } = engine.api;
    const look = faceId !== undefined ? people.resembling(faceId) : picture && people.search(picture.file, index);
    if (look === undefined) return;
    setResult({ state: 'looking' });
    look.then(
      (found) => {
        if (!isLeft) setResult({ state: 'found', found });
      },
      (error: unknown) => {
        if (!isLeft) setResult({ state: 'failed', text: describeError(error) });
      },
    );
    return () => {
      isLeft = true;
    };
  }, [engine, faceId, picture, index, round]);

  const boxes = result?.state === 'found' ? result.found.boxes : [];
  return (
    <div className="view-scroll">
      <div className="view-head people-head">
        <IconButton
          icon="previous"
          label="All people"
          onClick={() => engine.go({ page: undefined, faceId: undefined })}
        />
        <h1>Who is this?</h1>
      </div>
      <div className="find-face">
        <div className="find-picture" data-over={isOver || undefined}>
          {faceId !== undefined ? (
            <FacePicture key={faceId} id={faceId} version={String(faceId)} />
          ) : picture !== undefined ? (
            <div className="find-frame">
              <img
                key={picture.url}
                src={picture.url}
                alt="What is searched for"
                onError={(event) => {
                  event.currentTarget.hidden = true;
                }}
              />
              {boxes.map(({ x, y, width, height }, at) => (
                <button
                  key={`${x} ${y}`}
                  type="button"
                  className="find-box"
                  aria-pressed={at === index}
                  aria-label={`Face ${at + 1} of ${boxes.length}`}
                  style={{
                    left: `${x * 100}%`,
                    top: `${y * 100}%`,
                    width: `${width * 100}%`,
                    height: `${height * 100}%`,
                  }}
                  onClick={() => setWanted({ picture, index: at })}
                />
              ))}
            </div>
          ) : (
            <p>Drop a picture that shows a face</p>
          )}
          {picture !== undefined && faceId === undefined && boxes.length > 1 && (
            <p className="hint">{boxes.length} faces: choose which one.</p>
          )}
          <label className="button" htmlFor={inputId}>
            <Icon name="open" />
            {picture === undefined ? 'Choose a picture' : 'Another picture'}
          </label>
          <input
            id={inputId}
            className="find-input"
            type="file"
            accept="image/*,.heic,.heif,.avif,.tif,.tiff"
            aria-label="Choose a picture"
            onChange={({ currentTarget }) => {
              take(currentTarget.files?.[0]);
              currentTarget.value = '';
            }}
          />
        </div>
        <div className="find-results" aria-live="polite">
          {result?.state === 'looking' && <ProgressBar label="Looking for this face" done={undefined} />}
          {result?.state === 'failed' && (
            <Notice icon="warning" title="This picture could not be searched for" text={result.text} />
          )}
          {result?.state === 'found' && <Found found={result.found} />}
        </div>
      </div>
    </div>
  );
}

function Found({ found: { people, faces } }: { readonly found: FaceSearch }) {
  const engine = useLibraryEngine();
  if (faces.length === 0) {
    return <Notice icon="people" title="Nobody like this" text="No face of the library resembles this one." />;
  }
  return (
    <>
      <ul className="album-choices find-people">
        {people.map(({ person, distance }) => (
          <li key={person.id}>
            <button
              type="button"
              className="album-choice"
              onClick={() => engine.go({ view: 'people', personId: person.id, page: undefined, faceId: undefined })}
            >
              <Cover person={person} />
              <strong>{titleOf(person)}</strong>
              <span>{`${describeLikeness(distance)} · ${countFaces(person.faces)}`}</span>
            </button>
          </li>
        ))}
      </ul>
      <h2 className="find-title">Faces</h2>
      <ul className="face-list">
        {faces.map(({ face, distance }) => (
          <li key={face.id}>
            <button
              type="button"
              className="face-tile"
              aria-label={`Open the photo of this face, ${describeLikeness(distance)}`}
              title={describeLikeness(distance)}
              onClick={() => engine.go({ assetId: face.assetId })}
            >
              <FacePicture key={face.version} id={face.id} version={face.version} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Faces of one person are mostly nearer than .6. */
function describeLikeness(distance: number): string {
  return distance < 0.45 ? 'very alike' : distance < 0.6 ? 'alike' : distance < 0.75 ? 'a little alike' : 'not alike';
}
