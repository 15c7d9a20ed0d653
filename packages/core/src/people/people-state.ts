import { FocalError } from '../errors.ts';
import { type Book, createBook, type Look } from './book.ts';
import { type KnownFace, listKept, toKnownFace } from './changes.ts';
import { createLateGraph, type LateGraph } from './late-graph.ts';
import { createNeighbourGraph, type GraphState, type NeighbourGraph } from './neighbour-graph.ts';
import type { VectorStore } from './vectors.ts';

/** Everything, as plain data that can be cloned and stored. */
export interface PeopleState {
  readonly version: 1;
  readonly dimensions: number;
  /** Numbers of people and of looks are never used twice. */
  readonly nextPerson: number;
  readonly nextLook: number;
  readonly faces: readonly StoredFace[];
  /** The vectors of `faces`, one after the other. */
  readonly vectors: Float32Array;
  /** People whom the user knows. */
  readonly kept: readonly number[];
  readonly apart: readonly string[];
  readonly doubles: readonly string[];
  /** Left out, it is made again when it is first needed, or before by `People.link`: some 20 s for 100,000 faces. */
  readonly graph?: GraphState;
}

export interface StoredFace extends KnownFace {
  readonly photo: string;
  readonly quality: number;
  /** Its place in the graph. Only needed with `graph`. */
  readonly slot?: number;
}

/** Below this, a face tells too little to make a person of it: some 20 pixels high, or out of focus. */
export const WEAK_QUALITY = 0.25;

export function toPeopleState(book: Book, graph: NeighbourGraph): PeopleState {
  const { dimensions } = book.vectors;
  const faces = [...book.faces.values()];
  const vectors = new Float32Array(faces.length * dimensions);
  faces.forEach(({ slot }, i) => vectors.set(book.vectors.get(slot), i * dimensions));
  return {
    version: 1,
    dimensions,
    nextPerson: book.nextPerson,
    nextLook: book.nextLook,
    faces: faces.map((face) => ({
      ...toKnownFace(face),
      photo: face.photo,
      quality: face.quality,
      slot: face.slot,
    })),
    vectors,
    kept: [...listKept(book)],
    apart: [...book.apart],
    doubles: [...book.doubles],
    graph: graph.toState(),
  };
}

export function fromPeopleState(state: PeopleState, vectors: VectorStore): { book: Book; graph: LateGraph } {
  const { dimensions, faces, kept, apart, doubles } = state;
  if (state.version !== 1 || state.vectors.length !== faces.length * dimensions) {
    throw new FocalError('corrupt-input', 'Expected people of version 1 with a vector for each face.');
  }
  const book = createBook(vectors, { nextPerson: state.nextPerson, nextLook: state.nextLook, doubles });
  const looks = new Map<number, Look>();
  const hasGraph = state.graph !== undefined;
  faces.forEach(({ id, photo, quality, person, look, isPinned, slot }, i) => {
    const face = book.add({ id, photo, quality, isWeak: quality < WEAK_QUALITY }, hasGraph ? slot : undefined);
    vectors.set(face.slot, state.vectors.subarray(i * dimensions, (i + 1) * dimensions));
    if (person === 0) return;
    const theirs = looks.get(look) ?? book.createLook(book.people.get(person) ?? book.createPerson(person), look);
    looks.set(look, theirs);
    book.join(face, theirs);
    book.pin(face, isPinned);
  });
  for (const id of kept) book.setKept(book.person(id), true);
  for (const pair of apart) {
    const [a = 0, b = 0] = pair.split(',').map(Number);
    book.setApart(a, b, true);
  }
  for (const { id, not } of faces) for (const person of not) book.forbid(book.get(id), person);
  book.settle();
  const slots = hasGraph ? [] : Array.from(book.faces.values(), ({ slot }) => slot);
  return { book, graph: createLateGraph(createNeighbourGraph(vectors, state.graph), slots) };
}
