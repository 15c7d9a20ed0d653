import { FocalError } from '@focal/core';
import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import type { Person, PersonFace } from '../api/types.ts';
import { GridLoading } from '../grid/grid-loading.tsx';
import { useLibrary, useLibraryParts } from '../ui/library-context.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { FaceList } from './face-list.tsx';
import { titleOf } from './face-picture.tsx';
import { useChosenFaces } from './use-chosen-faces.ts';

/** The faces of a person, the best first: chosen ones are somebody else, are moved, or are none. */
export function PersonFaces({ person }: { readonly person: Person }) {
  const { engine, store } = useLibraryParts();
  const round = useLibrary((state) => state.peopleRound);
  const [state, setState] = useState<{ readonly faces: readonly PersonFace[]; readonly next?: string } | undefined>();
  const { chosen, ids, those, toggle, clear } = useChosenFaces();
  const { people } = engine.api;
  useAsked(
    // Somebody without a face left is gone, and this page with them.
    () =>
      people.faces(person.id).catch((error: unknown) => {
        if (error instanceof FocalError && error.code === 'not-found') return { faces: [] };
        throw error;
      }),
    (page) => {
      setState(page);
      clear();
    },
    [person.id, round],
  );
  if (state === undefined) return <GridLoading />;
  const { faces, next } = state;
  const name = titleOf(person);
  const move = () =>
    store.setState({
      choice: {
        title: `Who ${ids.length === 1 ? 'is this' : 'are these'}?`,
        except: person.id,
        onChoose: (other) =>
          void engine.actOnPeople(`${those} moved to ${titleOf(other)}.`, () => people.move(ids, other.id)),
        onName: (newName) => void engine.actOnPeople(`${those} moved to ${newName}.`, () => people.split(ids, newName)),
      },
    });
  const [first = 0] = ids;
  return (
    <div className="view-scroll">
      <div className="faces-bar" role="toolbar" aria-label="Chosen faces">
        {ids.length === 0 ? (
          <p>Choose faces that are somebody else, or no faces.</p>
        ) : (
          <>
            <strong role="status">{those}</strong>
            <button
              type="button"
              className="button"
              onClick={() => void engine.actOnPeople(`${those}: not ${name}.`, () => people.reject(ids))}
            >
              <Icon name="close" />
              Not {person.name === '' ? 'this person' : name}
            </button>
            <button type="button" className="button" onClick={move}>
              <Icon name="people" />
              Somebody else …
            </button>
            {ids.length === 1 && (
              <button
                type="button"
                className="button"
                onClick={() =>
                  void engine.actOnPeople('Stands for this person now.', () =>
                    people.change(person.id, { coverFaceId: first }),
                  )
                }
              >
                <Icon name="check" />
                Use as cover
              </button>
            )}
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
      <FaceList faces={faces} chosen={chosen} label="Face" onToggle={toggle} />
      {next !== undefined && (
        <button
          type="button"
          className="button people-more"
          onClick={() =>
            void engine.attempt(async () => {
              const page = await people.faces(person.id, next);
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
