import { useEffect, useRef } from 'react';
import { Icon } from '../../ui/icons.tsx';
import type { Person } from '../api/types.ts';
import { isNowhere } from '../ui/use-place-focus.ts';
import { Cover, countFaces, titleOf } from './face-picture.tsx';
import { PersonName } from './person-name.tsx';

/** Somebody in the list: face, name in place, and in how many photos. */
export function PersonCard({
  person,
  isFirst,
  onOpen,
}: {
  readonly person: Person;
  /** Keys begin here, where they are nowhere else. */
  readonly isFirst: boolean;
  readonly onOpen: () => void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isFirst && isNowhere()) button.current?.focus();
  }, [isFirst]);
  return (
    <div className="person-card">
      <button
        ref={button}
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
