import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { PersonChoice } from '../state/library-store.ts';
import { useLibrary, useLibraryParts } from '../ui/library-context.tsx';
import { Cover, countFaces, titleOf } from './face-picture.tsx';
import { usePeople } from './use-people.ts';

/** Asks for a person, where something does; somebody new by a name, where that fits. */
export function ChoosePersonDialog() {
  const choice = useLibrary((state) => state.choice);
  return choice === undefined ? null : <Choose choice={choice} />;
}

function Choose({ choice }: { readonly choice: PersonChoice }) {
  const { store } = useLibraryParts();
  const { title, except, onChoose, onName } = choice;
  const [name, setName] = useState('');
  const wanted = name.trim();
  const { people, more } = usePeople({ isHidden: false, showsAll: true, name: wanted });
  const close = () => store.setState({ choice: undefined });
  const listed = people?.filter(({ id }) => id !== except) ?? [];
  const same = listed.find((person) => person.name !== '' && person.name.toLowerCase() === wanted.toLowerCase());
  const submit = () => {
    const [only] = listed;
    close();
    if (same !== undefined) onChoose(same);
    else if (onName !== undefined && wanted !== '') onName(wanted);
    else if (listed.length === 1 && only !== undefined) onChoose(only);
  };
  return (
    <Dialog title={title} onClose={close}>
      <form
        className="choose-person"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== '') submit();
        }}
      >
        <input
          className="text-input"
          aria-label="Name"
          placeholder={onName === undefined ? 'Find by name' : 'Find by name, or name somebody new'}
          value={name}
          maxLength={200}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the dialog is there to type a name
          autoFocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {onName !== undefined && wanted !== '' && same === undefined && (
          <button type="submit" className="button primary">
            <Icon name="plus" />
            New: {wanted}
          </button>
        )}
      </form>
      <ul className="album-choices people-choices">
        {listed.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className="album-choice"
              onClick={() => {
                close();
                onChoose(person);
              }}
            >
              <Cover person={person} />
              <strong>{titleOf(person)}</strong>
              <span>{countFaces(person.faces)}</span>
            </button>
          </li>
        ))}
      </ul>
      {people !== undefined && listed.length === 0 && onName === undefined && (
        <p className="dialog-lead">Nobody else has such a name.</p>
      )}
      {more !== undefined && (
        <button type="button" className="button" onClick={more}>
          Show more
        </button>
      )}
    </Dialog>
  );
}
