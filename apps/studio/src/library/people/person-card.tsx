import { Icon } from '../../ui/icons.tsx';
import type { Person } from '../api/types.ts';
import { Cover, countFaces, titleOf } from './face-picture.tsx';
import { PersonName } from './person-name.tsx';

/** Somebody in the list: face, name in place, and in how many photos. */
export function PersonCard({ person, onOpen }: { readonly person: Person; readonly onOpen: () => void }) {
  return (
    <div className="person-card">
      <button
        type="button"
        className="person-open"
        aria-label={`${titleOf(person)}, ${countFaces(person.faces)}`}
        onClick={onOpen}
      >
        <Cover person={person} />
        {person.isFavourite && (
          <span className="person-mark" title="Favourite">
            <Icon name="heart-full" size={16} />
          </span>
        )}
      </button>
      <PersonName person={person} />
      <span className="person-count">{countFaces(person.faces)}</span>
    </div>
  );
}
