import type { Book, Look, Person } from './book.ts';
import { createHeap } from './heap.ts';
import { linkage, sameLimit } from './linkage.ts';

/** Links of looks that surpass the limit by more than this, squared, are not followed. */
const FAR = 0.15;

/**
 * Joins looks that are one person's, those that stay farthest below the limit first, until none is left that may be
 * joined. Only looks that are linked are compared, each with the neighbours of those it has taken in: the work grows
 * with the number of links, not of pairs.
 */
export function agglomerate(book: Book, links: Iterable<readonly [Look, Look]>): void {
  /** Of each look, how far beyond the limit each of its neighbours is. */
  const scores = new Map<Look, Map<Look, number>>();
  const heap = createHeap<readonly [Look, Look, number, number]>();
  const scoresOf = (look: Look): Map<Look, number> => {
    const known = scores.get(look);
    if (known !== undefined) return known;
    const made = new Map<Look, number>();
    scores.set(look, made);
    return made;
  };
  const compare = (a: Look, b: Look): void => {
    const score = linkage(a.sum, b.sum) - sameLimit(a.sum, b.sum);
    if (score > FAR) {
      scores.get(a)?.delete(b);
      scores.get(b)?.delete(a);
    } else {
      scoresOf(a).set(b, score);
      scoresOf(b).set(a, score);
    }
  };
  /** One entry for each look, with the best of its neighbours. */
  const pushBest = (look: Look): void => {
    let best: Look | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [other, score] of scores.get(look) ?? []) {
      if (score > least || (score === least && best !== undefined && best.id < other.id)) continue;
      best = other;
      least = score;
    }
    if (best !== undefined && least <= 0) heap.push(least, [look, best, look.version, best.version]);
  };

  for (const [a, b] of links) if (a !== b && !scores.get(a)?.has(b)) compare(a, b);
  for (const look of scores.keys()) pushBest(look);
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) {
    const [look, other, version, otherVersion] = next;
    // A look that changed has got an entry of its own since.
    if (look.version !== version) continue;
    if (other.version !== otherVersion) {
      pushBest(look);
    } else if (look.person !== other.person && !book.mayMerge(look.person, other.person)) {
      scores.get(look)?.delete(other);
      scores.get(other)?.delete(look);
      pushBest(look);
    } else {
      const [into, from] =
        look.faces.size > other.faces.size || (look.faces.size === other.faces.size && look.id < other.id)
          ? [look, other]
          : [other, look];
      joinPersonsOf(book, into, from);
      book.joinLooks(into, from);
      const around = new Set([...scoresOf(into).keys(), ...scoresOf(from).keys()]);
      for (const each of scoresOf(from).keys()) scores.get(each)?.delete(from);
      scores.delete(from);
      for (const each of around) if (each !== into && each !== from) compare(into, each);
      pushBest(into);
    }
  }
}

function joinPersonsOf(book: Book, a: Look, b: Look): void {
  if (a.person === b.person) return;
  const survivor = chooseSurvivor(a.person, b.person);
  book.joinPeople(survivor, survivor === a.person ? b.person : a.person);
}

/** Whose id remains: the one the user knows, else the one that was there before, else the one with more faces. */
function chooseSurvivor(a: Person, b: Person): Person {
  if (a.isKept !== b.isKept) return a.isKept ? a : b;
  if ((a.id === 0) !== (b.id === 0)) return a.id === 0 ? b : a;
  const [facesOfA, facesOfB] = [countFaces(a), countFaces(b)];
  if (facesOfA !== facesOfB) return facesOfA > facesOfB ? a : b;
  return a.id <= b.id ? a : b;
}

function countFaces(person: Person): number {
  let count = 0;
  for (const look of person.looks) count += look.faces.size;
  return count;
}
