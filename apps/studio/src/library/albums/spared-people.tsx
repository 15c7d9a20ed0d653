import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import type { Person } from '../api/types.ts';
import { Cover, titleOf } from '../people/face-picture.tsx';
import { usePeople } from '../people/use-people.ts';

/** People offered at a time; others are found by name. */
const OFFERED = 12;

/** Chooses whose faces stay where all others are covered. */
export function SparedPeople({
  people,
  onChange,
}: {
  readonly people: readonly Person[];
  readonly onChange: (people: readonly Person[]) => void;
}) {
  const [name, setName] = useState('');
  const { people: found } = usePeople({ isHidden: false, showsAll: false, name: name.trim() });
  const offered = (found ?? []).filter(({ id }) => !people.some((person) => person.id === id)).slice(0, OFFERED);
  const add = (person: Person) => {
    onChange([...people, person]);
    setName('');
  };
  return (
    <div className="spared">
      {people.length > 0 && (
        <ul className="spared-chosen" aria-label="Seen by guests">
          {people.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className="spared-person"
                aria-label={`Cover ${titleOf(person)}, too`}
                onClick={() => onChange(people.filter(({ id }) => id !== person.id))}
              >
                <Cover person={person} />
                {titleOf(person)}
                <Icon name="close" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        className="text-input"
        aria-label="Whose face may be seen"
        placeholder="Whose face may be seen? Find by name"
        autoComplete="off"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // Not the whole form.
          event.preventDefault();
          const [only, ...others] = offered;
          if (name.trim() !== '' && only !== undefined && others.length === 0) add(only);
        }}
      />
      {offered.length > 0 && (
        <ul className="spared-offered" aria-label="People">
          {offered.map((person) => (
            <li key={person.id}>
              <button type="button" className="spared-person" onClick={() => add(person)}>
                <Cover person={person} />
                {titleOf(person)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {found !== undefined && name.trim() !== '' && offered.length === 0 && <p>Nobody else has such a name.</p>}
    </div>
  );
}
