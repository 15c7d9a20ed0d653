import { useRef, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { Person } from '../api/types.ts';
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
  const { engine, store } = useLibraryParts();
  const { title, except, onChoose, onName } = choice;
  const [name, setName] = useState('');
  const wanted = name.trim();
  const { people, more } = usePeople({ isHidden: false, showsAll: true, name: wanted });
  const close = () => store.setState({ choice: undefined });
  const listed = people?.filter(({ id }) => id !== except) ?? [];
  const findSame = (all: readonly Person[]) =>
    all.find((person) => person.name !== '' && person.name.toLowerCase() === wanted.toLowerCase());
  const same = findSame(listed);
  const create = useRef<HTMLButtonElement>(null);
  /** By what is typed by now: the list may still be that of what was typed before. */
  const submit = () =>
    engine.attempt(async () => {
      const found = await engine.api.people.list({ name: wanted, minFaces: 1 });
      const others = found.people.filter(({ id }) => id !== except);
      const chosen = findSame(others) ?? (onName === undefined && others.length === 1 ? others[0] : undefined);
      // Enter with nobody found leaves what was typed, to be changed.
      if (chosen === undefined && onName === undefined) return;
      // Somebody like that is there: who is meant is still to be said.
      if (chosen === undefined && others.length > 0 && document.activeElement !== create.current) {
        return create.current?.focus();
      }
      close();
      if (chosen === undefined) onName?.(wanted);
      else onChoose(chosen);
    });
  return (
    <Dialog title={title} onClose={close}>
      <form
        className="choose-person"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== '') void submit();
        }}
      >
        <input
          className="text-input"
          aria-label="Name"
          placeholder={onName === undefined ? 'Find by name' : 'Find by name, or name somebody new'}
          value={name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {onName !== undefined && wanted !== '' && same === undefined && (
          <button ref={create} type="submit" className="button primary">
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
