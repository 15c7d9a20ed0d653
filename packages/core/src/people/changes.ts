import type { Book, FaceEntry, FaceKnowledge, Person } from './book.ts';
import { stateOf } from './book.ts';

/** A face as the state holds it: people and looks by number, 0 for none. */
export interface KnownFace extends FaceKnowledge {
  readonly id: string;
}

/** What was added to a set and what was taken out. */
export interface SetChange<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
}

/** What has been said besides of single faces. */
export interface MemoryChange {
  /** People whom the user knows. */
  readonly kept: SetChange<number>;
  /** Pairs who are two people, as `1,2`, the smaller number first. */
  readonly apart: SetChange<string>;
  /** Photos in which somebody may be seen twice. */
  readonly doubles: SetChange<string>;
}

/** What an action changed: enough for a database to follow and to take it back. Plain data. */
export interface PeopleChange {
  /** Faces of whom something changed, as they are now. */
  readonly faces: readonly KnownFace[];
  /** The same faces as they were. */
  readonly before: readonly KnownFace[];
  readonly created: readonly number[];
  /** People who are gone; `into`: who has all of their faces now, where one does. */
  readonly removed: readonly { readonly id: number; readonly into?: number }[];
  readonly memory: MemoryChange;
}

/** Watches a book from here on. What it gives tells what has changed since. */
export function watch(book: Book): () => PeopleChange {
  const ids = new Set(book.people.keys());
  const kept = listKept(book);
  const apart = new Set(book.apart);
  const doubles = new Set(book.doubles);
  return () => {
    const { before, created } = book.settle();
    const changed = [...before].filter(([face, known]) => !isSame(known, stateOf(face)));
    return {
      faces: changed.map(([face]) => toKnownFace(face)),
      before: changed.map(([{ id }, known]) => ({ id, ...known })),
      created: created.filter((id) => book.people.has(id) && !ids.has(id)),
      removed: listRemoved(book, ids, changed),
      memory: {
        kept: compare(kept, listKept(book)),
        apart: compare(apart, book.apart),
        doubles: compare(doubles, book.doubles),
      },
    };
  };
}

export function toKnownFace(face: FaceEntry): KnownFace {
  return { id: face.id, ...stateOf(face) };
}

export function listKept(book: Book): ReadonlySet<number> {
  return new Set([...book.people.values()].filter(({ isKept }) => isKept).map(({ id }: Person) => id));
}

function isSame(a: FaceKnowledge, b: FaceKnowledge): boolean {
  if (a.person !== b.person || a.look !== b.look || a.isPinned !== b.isPinned) return false;
  return a.not.length === b.not.length && a.not.every((id) => b.not.includes(id));
}

function listRemoved(
  book: Book,
  ids: ReadonlySet<number>,
  changed: readonly (readonly [FaceEntry, FaceKnowledge])[],
): PeopleChange['removed'] {
  const heirs = new Map<number, Set<number>>();
  for (const [face, { person }] of changed) {
    heirs.set(person, (heirs.get(person) ?? new Set()).add(face.look?.person.id ?? 0));
  }
  return [...ids]
    .filter((id) => !book.people.has(id))
    .map((id) => {
      const [into = 0, ...others] = heirs.get(id) ?? [];
      return into === 0 || others.length > 0 ? { id } : { id, into };
    });
}

function compare<T>(before: ReadonlySet<T>, after: ReadonlySet<T>): SetChange<T> {
  return {
    added: [...after].filter((each) => !before.has(each)),
    removed: [...before].filter((each) => !after.has(each)),
  };
}
