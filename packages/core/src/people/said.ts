import { FocalError } from '../errors.ts';
import type { Book, FaceEntry, Look, Person } from './book.ts';
import { linkageOfFace, sameLimitOfFace } from './linkage.ts';

// [Note: what was said] A face that is pinned stays with its person. Every look of a person whom the user knows has a
// pinned face, its most typical one where the user confirmed none, so that such people, and looks that were merged by
// hand, are found again however much else changes.

/** Pins the most typical face of looks in which none is pinned, of everybody whom the user knows. */
export function anchorKept(book: Book): void {
  for (const person of book.people.values()) {
    if (person.isKept) for (const look of person.looks) anchor(book, look);
  }
}

function anchor(book: Book, look: Look): void {
  let best: FaceEntry | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const face of look.faces) {
    if (face.isPinned) return;
    const distance = linkageOfFace(book.vectors.get(face.slot), look.sum) + (face.isWeak ? 1 : 0);
    if (distance >= least && best !== undefined) continue;
    least = distance;
    best = face;
  }
  if (best !== undefined) book.pin(best, true);
}

/** Puts a face that is nowhere into the look of a person that it resembles, or into one of its own. */
export function joinPerson(book: Book, face: FaceEntry, person: Person): void {
  const vector = book.vectors.get(face.slot);
  let target: Look | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const look of person.looks) {
    const distance = linkageOfFace(vector, look.sum);
    if (distance >= least || distance > sameLimitOfFace(look.sum)) continue;
    least = distance;
    target = look;
  }
  book.join(face, target ?? book.createLook(person));
}

/**
 * Before two people become one: faces of the first that were said not to be the second leave. Where that was said of all
 * of them, or they were said to be the first, what is said now counts. Gives those who left.
 */
export function takeDenied(book: Book, person: Person, other: Person): readonly FaceEntry[] {
  const faces = listFaces(person);
  const denied = faces.filter((face) => face.not.includes(other.id));
  const loose = denied.length === faces.length ? [] : denied.filter(({ isPinned }) => !isPinned);
  for (const face of denied) {
    if (loose.includes(face)) book.leave(face);
    else book.permit(face, other.id);
  }
  return loose;
}

/** Throws where two faces that are said to be one person are of one photo. */
export function assertNoDoubles(faces: readonly FaceEntry[], personOf: (face: FaceEntry) => unknown): void {
  const seen = new Map<unknown, Set<string>>();
  for (const face of faces) {
    const photos = seen.get(personOf(face)) ?? new Set();
    if (photos.has(face.photo)) {
      throw new FocalError('invalid-argument', 'Two of these faces are of one photo, in which nobody is seen twice.', {
        hint: 'Say that the photo shows a mirror or is a collage.',
      });
    }
    seen.set(personOf(face), photos.add(face.photo));
  }
}

/** Of faces of one photo, those that have to leave for nobody to be seen twice: what was said stays, then the nearest. */
export function listSurplus(book: Book, faces: readonly FaceEntry[]): readonly FaceEntry[] {
  const rank = (face: FaceEntry): number =>
    face.isPinned ? -1 : linkageOfFace(book.vectors.get(face.slot), (face.look as Look).sum);
  const best = new Map<Person, FaceEntry>();
  const placed = faces.filter(({ look }) => look !== undefined);
  for (const face of placed) {
    const { person } = face.look as Look;
    const other = best.get(person);
    if (other === undefined || rank(face) < rank(other)) best.set(person, face);
  }
  return placed.filter((face) => best.get((face.look as Look).person) !== face);
}

export function listFaces(person: Person): readonly FaceEntry[] {
  return [...person.looks].flatMap(({ faces }) => [...faces]);
}
