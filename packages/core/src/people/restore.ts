import { type Book, type FaceEntry, type Look, type Person, stateOf } from './book.ts';
import type { KnownFace, MemoryChange, SetChange } from './changes.ts';

const NONE: SetChange<never> = { added: [], removed: [] };
const NOTHING_SAID: MemoryChange = { kept: NONE, apart: NONE, doubles: NONE };

/** Puts back faces as they were, and what was said. Gives faces whose place is taken by now: they have to be placed. */
export function restore(
  book: Book,
  before: readonly KnownFace[],
  memory: MemoryChange = NOTHING_SAID,
): readonly FaceEntry[] {
  const entries = before.flatMap((known) => {
    const face = book.faces.get(known.id);
    return face === undefined ? [] : [{ face, known }];
  });
  for (const photo of memory.doubles.added) book.setDouble(photo, false);
  for (const photo of memory.doubles.removed) book.setDouble(photo, true);
  for (const { face, known } of entries) {
    const { person, look } = stateOf(face);
    if (person !== known.person || look !== known.look) book.leave(face);
  }
  const loose: FaceEntry[] = [];
  const looks = listLooks(book);
  for (const { face, known } of entries) {
    if (known.person === 0 || face.look !== undefined) continue;
    const person = book.people.get(known.person) ?? book.createPerson(known.person);
    const isTaken = !book.doubles.has(face.photo) && person.photos.has(face.photo);
    if (isTaken) loose.push(face);
    else book.join(face, findLook(book, looks, known, person));
  }
  restoreKept(book, memory);
  for (const { face, known } of entries) {
    if (face.look !== undefined && face.look.person.id === known.person) book.pin(face, known.isPinned);
    for (const id of face.not) if (!known.not.includes(id)) book.permit(face, id);
    for (const id of known.not) if (book.people.get(id)?.isKept && face.look?.person.id !== id) book.forbid(face, id);
  }
  return loose;
}

function restoreKept(book: Book, { kept, apart }: MemoryChange): void {
  for (const id of kept.added) {
    const person = book.people.get(id);
    if (person !== undefined) book.setKept(person, false);
  }
  for (const id of kept.removed) {
    const person = book.people.get(id);
    if (person !== undefined) book.setKept(person, true);
  }
  for (const pair of apart.added) book.setApart(...toPair(pair), false);
  for (const pair of apart.removed) {
    const [a, b] = toPair(pair);
    if (book.people.has(a) && book.people.has(b)) book.setApart(a, b, true);
  }
}

function findLook(book: Book, looks: Map<number, Look>, { look: id }: KnownFace, person: Person): Look {
  const known = looks.get(id);
  if (known?.person === person && known.faces.size > 0) return known;
  // The number may be that of a look that went on elsewhere.
  const made = known === undefined || known.faces.size === 0 ? book.createLook(person, id) : book.createLook(person);
  looks.set(id, made);
  return made;
}

function listLooks(book: Book): Map<number, Look> {
  const looks = [...book.people.values()].flatMap((person) => [...person.looks]);
  return new Map(looks.map((look) => [look.id, look]));
}

function toPair(pair: string): [number, number] {
  const [a = 0, b = 0] = pair.split(',').map(Number);
  return [a, b];
}
