import { useState } from 'react';
import type { Person } from '../api/types.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { useMerge } from './use-merge.ts';

/** The name, changed in place: Enter keeps it, Escape does not. A name that somebody has offers to make them one. */
export function PersonName({ person, isLarge = false }: { readonly person: Person; readonly isLarge?: boolean }) {
  const engine = useLibraryEngine();
  const toast = useLibrary((state) => state.toast);
  const merge = useMerge();
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const save = async () => {
    const name = draft?.trim() ?? person.name;
    if (name === person.name) return setDraft(undefined);
    await engine.attempt(async () => {
      let other: Person | undefined;
      await engine.actOnPeople(name === '' ? 'Without a name again.' : `Named ${name}.`, async () => {
        const done = await engine.api.people.change(person.id, { name });
        [other] = done.sameName;
        return done;
      });
      if (other === undefined) return;
      const same = other;
      const question = `There is another ${same.name}. One person?`;
      toast('question', question, { label: 'Make them one', run: () => void merge(same, person) }, 'people');
    });
    setDraft(undefined);
  };
  return (
    <input
      className={isLarge ? 'album-name person-name large' : 'person-name'}
      aria-label={person.name === '' ? 'Name this person' : `Name of ${person.name}`}
      placeholder="Add a name"
      value={draft ?? person.name}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      {...(isLarge && { size: Math.max(10, (draft ?? person.name).length) })}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        setDraft(person.name);
      }}
    />
  );
}
