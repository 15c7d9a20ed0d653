import { useCallback, useEffect, useRef, useState } from 'react';
import type { Person } from '../api/types.ts';
import { describeError } from '../state/describe-error.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';

export interface PeopleList {
  /** Undefined until they are there. */
  readonly people: readonly Person[] | undefined;
  readonly problem: string | undefined;
  /** Undefined where all are there. */
  readonly more: (() => void) | undefined;
  readonly reload: () => void;
}

/** So many photos make somebody without a name worth showing. */
const LEAST_FACES = 2;

/** People as the server lists them, asked for again whenever who is who may have changed. */
export function usePeople({
  isHidden,
  showsAll,
  name,
}: {
  isHidden: boolean;
  showsAll: boolean;
  name?: string;
}): PeopleList {
  const engine = useLibraryEngine();
  const round = useLibrary((state) => state.peopleRound);
  const [state, setState] = useState<{ readonly people: readonly Person[]; readonly next?: string } | undefined>();
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [tries, setTries] = useState(0);
  const loaded = useRef(0);
  const read = useCallback(
    (cursor?: string) =>
      engine.api.people.list({
        minFaces: showsAll ? 1 : LEAST_FACES,
        ...(isHidden && { hidden: 'true' }),
        ...(name !== undefined && name !== '' && { name }),
        ...(cursor !== undefined && { cursor }),
      }),
    [engine, isHidden, showsAll, name],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when who is who changed, or somebody tries again
  useEffect(() => {
    let isOver = false;
    const look = async () => {
      try {
        const people: Person[] = [];
        let next: string | undefined;
        do {
          const page = await read(next);
          people.push(...page.people);
          next = page.next;
        } while (next !== undefined && people.length < loaded.current);
        if (isOver) return;
        loaded.current = people.length;
        setState({ people, ...(next !== undefined && { next }) });
        setProblem(undefined);
      } catch (error) {
        if (!isOver) setProblem(describeError(error));
      }
    };
    void look();
    return () => {
      isOver = true;
    };
  }, [read, round, tries]);
  const next = state?.next;
  return {
    people: state?.people,
    problem: state === undefined ? problem : undefined,
    reload: () => setTries((now) => now + 1),
    more:
      next === undefined
        ? undefined
        : () =>
            void engine.attempt(async () => {
              const page = await read(next);
              setState((now) => {
                const people = [...(now?.people ?? []), ...page.people];
                loaded.current = people.length;
                return { people, ...(page.next !== undefined && { next: page.next }) };
              });
            }),
  };
}
