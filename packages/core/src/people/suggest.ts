import type { Book, FaceEntry, Look, Person } from './book.ts';
import { pairKey } from './book.ts';
import { linkage, linkageOfFace, sameLimit, sameLimitOfFace } from './linkage.ts';
import type { NeighbourGraph } from './neighbour-graph.ts';

/** How far beyond the limit something is still worth a question, squared. */
const BEYOND = 0.08;

/** A question to the user. `distance`: mean distance between the faces, on the scale of `faceDistance`. */
export type PeopleSuggestion =
  | {
      /** Are these two one person? Yes: `merge`; no: `keepApart`. The one with more faces comes first. */
      readonly kind: 'same-person';
      readonly people: readonly [number, number];
      readonly distance: number;
    }
  | {
      /** Is this face, which belongs to nobody yet, this person? Yes: `confirm`; no: `reject` with that person. */
      readonly kind: 'is-person';
      readonly face: string;
      readonly person: number;
      readonly distance: number;
    };

/** Questions whose answers help, the surest first: one for each pair of people, and for each face that is nobody's. */
export function listSuggestions(
  book: Book,
  graph: NeighbourGraph,
  { limit, person }: { readonly limit: number; readonly person?: number },
): readonly PeopleSuggestion[] {
  const best = new Map<string, { readonly suggestion: PeopleSuggestion; readonly score: number }>();
  const compared = new Set<string>();
  const offer = (key: string, score: number, suggestion: PeopleSuggestion): void => {
    if (score > BEYOND || score >= (best.get(key)?.score ?? Number.POSITIVE_INFINITY)) return;
    best.set(key, { suggestion, score });
  };
  const comparePeople = (a: Look, b: Look): void => {
    const key = pairKey(a.id, b.id);
    if (compared.has(key)) return;
    compared.add(key);
    const pair = pairKey(a.person.id, b.person.id);
    const distance = linkage(a.sum, b.sum);
    const score = distance - sameLimit(a.sum, b.sum);
    if (score > BEYOND || book.apart.has(pair) || !mayBeSame(book, a.person, b.person)) return;
    const [first, second] = a.faces.size >= b.faces.size ? [a.person.id, b.person.id] : [b.person.id, a.person.id];
    offer(pair, score, { kind: 'same-person', people: [first, second], distance: Math.sqrt(distance) });
  };
  const compareFace = (face: FaceEntry, look: Look): void => {
    if (!book.mayJoin(face, look.person)) return;
    const distance = linkageOfFace(book.vectors.get(face.slot), look.sum);
    offer(face.id, distance - sameLimitOfFace(look.sum), {
      kind: 'is-person',
      face: face.id,
      person: look.person.id,
      distance: Math.sqrt(distance),
    });
  };
  for (const face of person === undefined ? book.faces.values() : around(book, graph, person)) {
    for (const slot of graph.near(face.slot)) {
      const other = book.at(slot);
      if (other?.look === undefined || other.isWeak) continue;
      if (person !== undefined && face.look?.person.id !== person && other.look.person.id !== person) continue;
      if (face.look === undefined) compareFace(face, other.look);
      else if (!face.isWeak && face.look.person !== other.look.person) comparePeople(face.look, other.look);
    }
  }
  return [...best.values()]
    .sort((a, b) => a.score - b.score)
    .slice(0, limit)
    .map(({ suggestion }) => suggestion);
}

/** Unlike `mayMerge`, of people whom the user knows as well. */
function mayBeSame(book: Book, a: Person, b: Person): boolean {
  return !book.isDenied(a, b) && book.sharedPhotos(a, b).length === 0;
}

/** The faces of a person and those near them. */
function around(book: Book, graph: NeighbourGraph, person: number): ReadonlySet<FaceEntry> {
  const found = new Set<FaceEntry>();
  for (const look of book.person(person).looks) {
    for (const face of look.faces) {
      found.add(face);
      for (const slot of graph.near(face.slot)) {
        const other = book.at(slot);
        if (other !== undefined) found.add(other);
      }
    }
  }
  return found;
}
