import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { GridLoading } from '../grid/grid-loading.tsx';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { ActionsDialog } from './actions-dialog.tsx';
import { FindFaceView } from './find-face-view.tsx';
import { PersonCard } from './person-card.tsx';
import { PersonView } from './person-view.tsx';
import { SuggestionsBar } from './suggestions-bar.tsx';
import { UnknownFacesView } from './unknown-faces-view.tsx';
import { usePeople } from './use-people.ts';

/** Everybody who is seen, or the person whose page is open. */
export function PeopleView() {
  const personId = useLibrary((state) => state.place.personId);
  const page = useLibrary((state) => state.place.page);
  if (personId !== undefined) return <PersonView key={personId} id={personId} />;
  if (page === 'find') return <FindFaceView />;
  return page === 'unknown' ? <UnknownFacesView /> : <Everybody />;
}

function Everybody() {
  const engine = useLibraryEngine();
  const [isHidden, setHidden] = useState(false);
  const [showsAll, setAll] = useState(false);
  const [name, setName] = useState('');
  const [showsActions, setActions] = useState(false);
  const { people, problem, more, reload } = usePeople({ isHidden, showsAll, name: name.trim() });
  const lastPersonId = useLibrary((state) => state.lastPersonId);
  const waiting = useLibrary(({ progress }) => (progress?.faces.waiting ?? 0) + (progress?.jobs.scene.waiting ?? 0));
  if (problem !== undefined) {
    return (
      <Notice icon="warning" title="People could not be listed" text={problem}>
        <button type="button" className="button primary" onClick={reload}>
          <Icon name="reset" />
          Try again
        </button>
      </Notice>
    );
  }
  if (people === undefined) return <GridLoading />;
  const isPlain = !isHidden && !showsAll && name === '';
  if (people.length === 0 && isPlain && waiting > 0) {
    return (
      <Notice
        icon="people"
        title="Looking for people"
        text="Your photos are looked at one after the other. Who is seen in them comes up here."
      />
    );
  }
  return (
    <div className="view-scroll">
      <div className="view-head people-head">
        <h1>People</h1>
        <input
          className="text-input people-filter"
          type="search"
          aria-label="Find a person by name"
          placeholder="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <button
          type="button"
          className="filter-chip"
          title="Find people by a picture"
          onClick={() => engine.go({ view: 'people', page: 'find', faceId: undefined })}
        >
          <Icon name="search" size={14} />
          By a picture
        </button>
        <button
          type="button"
          className="filter-chip"
          title="Faces of nobody known"
          onClick={() => engine.go({ view: 'people', page: 'unknown', faceId: undefined })}
        >
          Unknown faces
        </button>
        <button
          type="button"
          className="filter-chip"
          aria-pressed={showsAll}
          title="Also people who are seen only once"
          onClick={() => setAll(!showsAll)}
        >
          Seen once, too
        </button>
        <button type="button" className="filter-chip" aria-pressed={isHidden} onClick={() => setHidden(!isHidden)}>
          <Icon name="eye-off" size={14} />
          Hidden
        </button>
        <button type="button" className="filter-chip" title="What was done, and undo" onClick={() => setActions(true)}>
          <Icon name="undo" size={14} />
          Last actions
        </button>
      </div>
      {showsActions && <ActionsDialog onClose={() => setActions(false)} />}
      {isPlain && <SuggestionsBar />}
      {people.length === 0 ? (
        <Notice
          icon="people"
          title={isHidden ? 'Nobody is hidden' : 'Nobody here'}
          text={
            isHidden
              ? 'Whom you hide is left out of the list, and is found here.'
              : name === ''
                ? 'People who are seen in at least two photos come up here.'
                : 'Nobody has a name with this in it.'
          }
        />
      ) : (
        <ul className="people-list">
          {people.map((person) => (
            <li key={person.id}>
              <PersonCard
                person={person}
                isFirst={person.id === lastPersonId}
                onOpen={() => engine.go({ view: 'people', personId: person.id })}
              />
            </li>
          ))}
        </ul>
      )}
      {more !== undefined && (
        <button type="button" className="button people-more" onClick={more}>
          Show more
        </button>
      )}
    </div>
  );
}
