import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { AssetDetails, SeenFace } from '../api/types.ts';
import { useLibraryParts } from '../ui/library-context.tsx';
import { SeenAt } from '../viewer/seen-at.tsx';
import { FacePicture } from './face-picture.tsx';

/** Who is in a photo: their pages, and what can be said of each face. */
export function PeopleInPhoto({
  details,
  onLight,
  onDraw,
  onSeek,
}: {
  readonly details: AssetDetails;
  /** The pointer is on a face of the list. */
  readonly onLight: (face: string | undefined) => void;
  readonly onDraw: () => void;
  /** Shows the frame of a video in which something is seen, where it can be played. */
  readonly onSeek: ((atMs: number) => void) | undefined;
}) {
  const { engine, store } = useLibraryParts();
  const { people } = engine.api;
  const say = ({ id, person }: SeenFace) =>
    store.setState({
      choice: {
        title: 'Who is this?',
        ...(person !== undefined && { except: person.id }),
        onChoose: (other) =>
          void engine.actOnPeople(`It is ${other.name === '' ? 'somebody else' : other.name}.`, () =>
            people.move([id], other.id),
          ),
        onName: (name) =>
          void engine.actOnPeople(`It is ${name}.`, async () => {
            // Somebody without a name gets it with all of their faces.
            if (person?.name === '') return people.change(person.id, { name });
            return people.split([id], name);
          }),
      },
    });
  return (
    <section className="info-part">
      <h3>People</h3>
      <ul className="info-people">
        {details.faces.map((face) => {
          const { id, atMs, person, version } = face;
          const name = person?.name ?? '';
          return (
            <li
              key={id}
              className="info-person"
              onPointerEnter={() => onLight(`face ${id}`)}
              onPointerLeave={() => onLight(undefined)}
            >
              <FacePicture key={version} id={id} version={version} />
              <button
                type="button"
                className="info-who"
                data-unknown={name === '' || undefined}
                title={person === undefined ? 'Say who it is' : 'All photos of this person'}
                onFocus={() => onLight(`face ${id}`)}
                onBlur={() => onLight(undefined)}
                onClick={() =>
                  person === undefined
                    ? say(face)
                    : engine.go({
                        view: 'people',
                        personId: person.id,
                        albumId: undefined,
                        assetId: undefined,
                        search: '',
                      })
                }
              >
                {name === '' ? (person === undefined ? 'Nobody known' : 'Unnamed') : name}
              </button>
              {atMs !== undefined && <SeenAt atMs={atMs} what={name === '' ? 'this face' : name} onSeek={onSeek} />}
              <IconButton
                icon="search"
                label="Find this face"
                onClick={() =>
                  engine.go({
                    view: 'people',
                    page: 'find',
                    faceId: id,
                    personId: undefined,
                    albumId: undefined,
                    assetId: undefined,
                    search: '',
                  })
                }
              />
              <IconButton icon="brush" label="Say who it is" onClick={() => say(face)} />
              {person === undefined ? (
                <IconButton
                  icon="trash"
                  label="This is no face"
                  onClick={() => void engine.actOnPeople('No face.', () => people.removeFaces([id]))}
                />
              ) : (
                <IconButton
                  icon="close"
                  label={`Not ${name === '' ? 'this person' : name}`}
                  onClick={() =>
                    void engine.actOnPeople(`Not ${name === '' ? 'this person' : name}.`, () => people.reject([id]))
                  }
                />
              )}
            </li>
          );
        })}
      </ul>
      {details.faces.length > 1 && (
        <label className="info-double">
          <input
            type="checkbox"
            checked={details.isDouble}
            onChange={({ currentTarget: { checked } }) =>
              void engine.actOnPeople(checked ? 'A mirror or a collage.' : 'No mirror and no collage.', () =>
                people.setDouble(details.id, checked),
              )
            }
          />
          Mirror or collage: somebody may be seen twice
        </label>
      )}
      {details.kind === 'photo' && (
        <button type="button" className="filter-chip" title="Draw a face (D)" onClick={onDraw}>
          <Icon name="plus" size={14} />
          Draw a face
        </button>
      )}
    </section>
  );
}
