import type { Book, FaceEntry } from './book.ts';
import type { NeighbourGraph } from './neighbour-graph.ts';
import { placeFaces } from './place.ts';

/**
 * Finds everybody anew whom the user does not know; each person found gets the number of the one most of whose faces
 * they have. Of people whom the user knows, only faces that fit another one better move: who was looked at is not to
 * change without a reason that shows.
 */
export function recluster(book: Book, graph: NeighbourGraph): void {
  const people = new Map<FaceEntry, number>();
  const looks = new Map<FaceEntry, number>();
  for (const face of book.faces.values()) {
    const { look } = face;
    if (look === undefined) continue;
    looks.set(face, look.id);
    if (!look.person.isKept) people.set(face, look.person.id);
  }
  for (const face of people.keys()) book.leave(face);
  placeFaces(book, graph, book.faces.values());
  inherit(
    people,
    ({ look }) => (look?.person.id === 0 ? look.person : undefined),
    (person, id) => book.setId(person, id),
  );
  inherit(
    looks,
    ({ look }) => look,
    (look, id) => {
      look.id = id;
    },
  );
}

/** Gives each heir the number that most of its faces had, the largest shares first, each number once. */
function inherit<T extends object>(
  numbers: ReadonlyMap<FaceEntry, number>,
  heirOf: (face: FaceEntry) => T | undefined,
  give: (heir: T, id: number) => void,
): void {
  const shares = new Map<T, Map<number, number>>();
  for (const [face, id] of numbers) {
    const heir = heirOf(face);
    if (heir === undefined) continue;
    const counts = shares.get(heir) ?? new Map<number, number>();
    shares.set(heir, counts.set(id, (counts.get(id) ?? 0) + 1));
  }
  const claims = [...shares].flatMap(([heir, counts]) => [...counts].map(([id, count]) => ({ heir, id, count })));
  claims.sort((a, b) => b.count - a.count || a.id - b.id);
  const given = new Set<number>();
  const done = new Set<T>();
  for (const { heir, id } of claims) {
    if (done.has(heir) || given.has(id)) continue;
    done.add(heir);
    given.add(id);
    give(heir, id);
  }
}
