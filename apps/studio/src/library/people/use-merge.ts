import { useCallback } from 'react';
import type { Person } from '../api/types.ts';
import { useLibraryParts } from '../ui/library-context.tsx';
import { titleOf } from './face-picture.tsx';

/** Makes two people one, who goes on as the first. Where photos show both, it is asked whether these are mirrors. */
export function useMerge(): (into: Person, from: Person) => Promise<void> {
  const { engine, store } = useLibraryParts();
  return useCallback(
    async (into, from) => {
      const merge = (allowDoubles: boolean) =>
        engine.actOnPeople(`${titleOf(into)} and ${titleOf(from)} are one person now.`, async () => {
          const done = await engine.api.people.merge(into.id, [from.id], allowDoubles);
          const { personId } = store.getState().place;
          if (personId !== undefined) engine.go({ personId: done.person.id }, 'replace');
          return done;
        });
      await engine.attempt(async () => {
        const both = await engine.api.people.photos(into.id, { limit: 1, person: [String(into.id), String(from.id)] });
        if (both.assets.length === 0) return void (await merge(false));
        store.getState().toast('info', 'Some photos show both of them. Are these mirrors or collages?', {
          label: 'Yes, one person',
          run: () => void merge(true),
        });
      });
    },
    [engine, store],
  );
}
