import { useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { PersonFace } from '../api/types.ts';
import { GridLoading } from '../grid/grid-loading.tsx';
import { useLibrary, useLibraryParts } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { FaceList } from './face-list.tsx';
import { titleOf } from './face-picture.tsx';
import { useChosenFaces } from './use-chosen-faces.ts';

/** Faces of nobody known, small ones apart: chosen ones are named, given to somebody, hidden, or are none. */
export function UnknownFacesView() {
  const { engine, store } = useLibraryParts();
  const round = useLibrary((state) => state.peopleRound);
  const [isSmall, setSmall] = useState(false);
  const [state, setState] = useState<{ readonly faces: readonly PersonFace[]; readonly next?: string } | undefined>();
  const { chosen, ids, those, toggle, clear } = useChosenFaces();
  const { people } = engine.api;
  useAsked(
    () => people.unknown(isSmall),
    (page) => {
      setState(page);
      clear();
    },
    [isSmall, round],
  );
  const say = () =>
    store.setState({
      choice: {
        title: `Who ${ids.length === 1 ? 'is this' : 'are these'}?`,
        onChoose: (person) =>
          void engine.actOnPeople(`${those}: ${titleOf(person)}.`, () => people.move(ids, person.id)),
        onName: (name) => void engine.actOnPeople(`${those}: ${name}.`, () => people.split(ids, name)),
      },
    });
  const faces = state?.faces ?? [];
  return (
    <div className="view-scroll">
      <div className="view-head people-head">
        <IconButton icon="previous" label="All people" onClick={() => engine.go({ page: undefined })} />
        <h1>Unknown faces</h1>
        <Segments
          label="Which faces"
          value={isSmall ? 'small' : 'clear'}
          options={[
            { value: 'clear', label: 'Clear' },
            { value: 'small', label: 'Small or blurred' },
          ]}
          onChange={(value) => {
            setState(undefined);
            setSmall(value === 'small');
          }}
        />
      </div>
      {state === undefined ? (
        <GridLoading />
      ) : faces.length === 0 ? (
        <Notice
          icon="people"
          title="No unknown faces"
          text={
            isSmall
              ? 'Faces that are too small or too blurred to tell whose they are come here.'
              : 'Every clear face belongs to somebody. Those that you take from a person come here.'
          }
        />
      ) : (
        <>
          <div className="faces-bar" role="toolbar" aria-label="Chosen faces">
            {ids.length === 0 ? (
              <p>Choose faces to say who they are.</p>
            ) : (
              <>
                <strong role="status">{those}</strong>
                <button type="button" className="button" onClick={say}>
                  <Icon name="people" />
                  Say who …
                </button>
                <button
                  type="button"
                  className="button"
                  title="They are somebody who is not to be listed"
                  onClick={() => void engine.actOnPeople(`${those} hidden.`, () => people.hideFaces(ids))}
                >
                  <Icon name="eye-off" />
                  Hide
                </button>
                <button
                  type="button"
                  className="button"
                  onClick={() => void engine.actOnPeople(`${those}: no face.`, () => people.removeFaces(ids))}
                >
                  <Icon name="trash" />
                  No face
                </button>
                <button type="button" className="button quiet" onClick={clear}>
                  Choose none
                </button>
              </>
            )}
          </div>
          <FaceList faces={faces} chosen={chosen} label="Unknown face" onToggle={toggle} />
        </>
      )}
      {state?.next !== undefined && (
        <button
          type="button"
          className="button people-more"
          onClick={() =>
            void engine.attempt(async () => {
              const page = await people.unknown(isSmall, state.next);
              setState({ faces: [...faces, ...page.faces], ...(page.next !== undefined && { next: page.next }) });
            })
          }
        >
          Show more
        </button>
      )}
    </div>
  );
}
