import { useCallback } from 'react';
import type { Person } from '../api/types.ts';
import { useLibraryParts } from '../ui/library-context.tsx';
import { titleOf } from './face-picture.tsx';

/**
 * Makes two people one, who goes on as the first. Where photos show both, it is asked whether these are mirrors. A page of
 * one of them becomes that of both, and is itself again when it is taken back.
 */
export function useMerge(): (into: Person, from: Person) => Promise<void> {
  const { engine, store } = useLibraryParts();
  return useCallback(
    async (into, from) => {
      const { personId } = store.getState().place;
      let stays: Person | undefined;
      const merge = (allowDoubles: boolean) =>
        engine.actOnPeople(
          `${titleOf(into)} and ${titleOf(from)} are one person now${into.name === '' || from.name === '' ? '' : `, ${into.name}`}.`,
          async () => {
            const done = await engine.api.people.merge(into.id, [from.id], allowDoubles);
            stays = done.person;
            if (personId !== undefined) engine.go({ personId: stays.id }, 'replace');
            return done;
          },
          () => {
            if (personId !== undefined && store.getState().place.personId === stays?.id)
              engine.go({ personId }, 'replace');
          },
        );
      await engine.attempt(async () => {
        const both = await engine.api.people.photos(into.id, { limit: 1, person: [String(into.id), String(from.id)] });
        if (both.assets.length === 0) return void (await merge(false));
        const question = 'Some photos show both of them. Are these mirrors or collages?';
        const yes = { label: 'Yes, one person', run: () => void merge(true) };
        store.getState().toast('question', question, yes, 'people');
      });
    },
    [engine, store],
  );
}
