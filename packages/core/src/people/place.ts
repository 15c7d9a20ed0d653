import { agglomerate } from './agglomerate.ts';
import type { Book, FaceEntry, Look } from './book.ts';
import { linkageOfFace, sameLimitOfFace } from './linkage.ts';
import type { NeighbourGraph } from './neighbour-graph.ts';

/**
 * How much nearer another look has to be for a face to move there, squared, and more for looks of few faces, to which a
 * face may be near by chance.
 */
const MOVE_GAIN = 0.01;
const FEW_GAIN = 0.1;
/** A face that is small or unclear has to be nearer than others by so much, squared. */
const WEAK_PENALTY = 0.08;

/**
 * Finds a place for faces: joins what belongs together, lets neighbours move where the new faces made a better place
 * for them, then gives small and unclear faces to whom they are clearly near. Those of them that are near nobody stay
 * without a person.
 */
export function placeFaces(book: Book, graph: NeighbourGraph, faces: Iterable<FaceEntry>): void {
  const all = [...faces];
  for (const face of all) {
    if (face.look === undefined && !face.isWeak) book.join(face, book.createLook(book.createPerson()));
  }
  agglomerate(book, linksOf(book, graph, all));
  settleMoves(book, graph, all);
  placeWeak(book, graph, all);
}

function* linksOf(book: Book, graph: NeighbourGraph, faces: readonly FaceEntry[]): Iterable<readonly [Look, Look]> {
  for (const { slot, look, isWeak } of faces) {
    if (look === undefined || isWeak) continue;
    for (const near of graph.near(slot)) {
      const other = book.at(near);
      if (other?.look !== undefined && other.look !== look && !other.isWeak) yield [look, other.look];
    }
  }
}

/** Lets faces move to the look of a neighbour that is nearer than the rest of their own, as long as any does. */
function settleMoves(book: Book, graph: NeighbourGraph, faces: readonly FaceEntry[]): void {
  const queue = new Set<FaceEntry>();
  const enqueue = (face: FaceEntry): void => {
    queue.add(face);
    for (const slot of graph.near(face.slot)) {
      const other = book.at(slot);
      if (other !== undefined) queue.add(other);
    }
  };
  for (const face of faces) enqueue(face);
  // Each move brings the sum of all linkages down, but sums are rounded: an end is set all the same.
  let left = queue.size * 4 + 64;
  for (const face of queue) {
    queue.delete(face);
    if (left-- <= 0) return;
    if (move(book, graph, face)) enqueue(face);
  }
}

function move(book: Book, graph: NeighbourGraph, face: FaceEntry): boolean {
  const { look, isPinned, isWeak } = face;
  if (look === undefined || isPinned || isWeak) return false;
  const vector = book.vectors.get(face.slot);
  const isAlone = look.faces.size === 1;
  let best = isAlone ? Number.POSITIVE_INFINITY : linkageOfFace(vector, look.sum, book.weightOf(face)) - MOVE_GAIN;
  let target: Look | undefined;
  for (const other of looksAround(book, graph, face)) {
    if (other === look || (other.person !== look.person && !mayMove(book, face, look, other))) continue;
    const distance = linkageOfFace(vector, other.sum);
    const score = isAlone ? distance : distance + FEW_GAIN / other.faces.size;
    if (score >= best || distance > sameLimitOfFace(other.sum)) continue;
    best = score;
    target = other;
  }
  if (target === undefined) return false;
  // Whom the user knows does not vanish for a better fit.
  if (isAlone && look.person.isKept && look.person.looks.size === 1) return false;
  book.leave(face);
  book.join(face, target);
  return true;
}

/** Where faces of the other were said not to be the one whom the user knows, it is said of each, and none follows. */
function mayMove(book: Book, face: FaceEntry, { person }: Look, { person: other }: Look): boolean {
  return book.mayJoin(face, other) && !(person.isKept && book.isDeniedBy(person, other));
}

function placeWeak(book: Book, graph: NeighbourGraph, faces: readonly FaceEntry[]): void {
  const candidates = new Set<FaceEntry>();
  for (const face of faces) {
    if (face.isWeak) candidates.add(face);
    for (const slot of graph.near(face.slot)) {
      const other = book.at(slot);
      if (other?.isWeak) candidates.add(other);
    }
  }
  for (const face of candidates) {
    if (face.look !== undefined) continue;
    const vector = book.vectors.get(face.slot);
    let best = Number.POSITIVE_INFINITY;
    let target: Look | undefined;
    for (const look of looksAround(book, graph, face)) {
      const distance = linkageOfFace(vector, look.sum);
      if (distance >= best || distance > sameLimitOfFace(look.sum) - WEAK_PENALTY || !book.mayJoin(face, look.person))
        continue;
      best = distance;
      target = look;
    }
    if (target !== undefined) book.join(face, target);
  }
}

/** The looks of a face's neighbours. Weak neighbours tell nothing. */
function looksAround(book: Book, graph: NeighbourGraph, face: FaceEntry): ReadonlySet<Look> {
  const looks = new Set<Look>();
  for (const slot of graph.near(face.slot)) {
    const other = book.at(slot);
    if (other?.look !== undefined && !other.isWeak) looks.add(other.look);
  }
  return looks;
}
