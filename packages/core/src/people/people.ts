import { FocalError } from '../errors.ts';
import { type Book, createBook, type FaceEntry, type Person } from './book.ts';
import { type KnownFace, type PeopleChange, toKnownFace, watch } from './changes.ts';
import { createLateGraph } from './late-graph.ts';
import { linkageOfFace } from './linkage.ts';
import { createNeighbourGraph } from './neighbour-graph.ts';
import { fromPeopleState, type PeopleState, toPeopleState, WEAK_QUALITY } from './people-state.ts';
import { placeFaces } from './place.ts';
import { recluster } from './recluster.ts';
import { restore } from './restore.ts';
import { anchorKept, assertNoDoubles, joinPerson, listFaces, listSurplus, takeDenied } from './said.ts';
import { listSuggestions, type PeopleSuggestion } from './suggest.ts';
import { createVectorStore } from './vectors.ts';

/** A face that a scene holds, for {@link People.add}. */
export interface NewFace {
  /** Unique in the library. */
  readonly id: string;
  /** What it was seen in: in one photo, nobody is seen twice, unless it is said to be a mirror or a collage. */
  readonly photo: string;
  /** Who it is, from the fact `identities`. */
  readonly vector: Float32Array;
  /** `quality.overall` of the face, 0..1: the better, the more it counts. */
  readonly quality: number;
}

export interface NearFace {
  readonly id: string;
  /** 0 for nobody. */
  readonly person: number;
  /** Euclidean, as `faceDistance`. */
  readonly distance: number;
}

/**
 * Who is who in a library, found from faces and from what the user says. What was said holds: a face stays with the
 * person it was confirmed to be, is never again the one it was said not to be, people who were told apart stay two, and
 * nobody is twice in one photo. Everything else is found anew as faces come and go. Numbers of people stay theirs.
 *
 * Pure and synchronous; the same calls give the same people. See docs/people.md for how it is done.
 *
 * @example
 * const people = createPeople();
 * people.add([{ id: 'f1', photo: 'p1', vector, quality: 0.8 }]).created // [1]
 */
export interface People {
  /** Number of faces. */
  readonly size: number;
  /** People by number, with the ids of their faces. */
  list(): readonly { readonly id: number; readonly faces: readonly string[]; readonly isKept: boolean }[];
  face(id: string): KnownFace;
  /** The faces of a person, the most typical first. */
  facesOf(person: number): readonly string[];
  add(faces: readonly NewFace[]): PeopleChange;
  /** Faces that were seen anew, such as by a newer model: what was said of them holds, the rest is found anew. */
  revise(faces: readonly NewFace[]): PeopleChange;
  /** Faces that were removed, whose they were before and with what was said of them. Not yet said again of people: `undo`. */
  putBack(faces: readonly (NewFace & { readonly known: Omit<KnownFace, 'id'> })[]): PeopleChange;
  /** Forgets faces: their vectors are overwritten. */
  remove(ids: readonly string[]): PeopleChange;
  /** These are one person, who goes on as `into`. Where a photo shows both: an error, or it is taken for a mirror or a collage. */
  merge(into: number, from: number, options?: { readonly allowDoubles?: boolean }): PeopleChange;
  /**
   * These faces are one person, and another than they were thought to be: theirs is the new number in `created`, or `as`,
   * a number from {@link reserve} that nobody has here.
   */
  split(ids: readonly string[], options?: { readonly as?: number }): PeopleChange;
  /** A number for a person none of whose faces is known here. */
  reserve(): number;
  /** The numbers that the next person and the next look get. */
  readonly next: { readonly person: number; readonly look: number };
  /** This face is not this person (by default the one it was taken for). */
  reject(id: string, person?: number): PeopleChange;
  /** This face is this person. */
  confirm(id: string, person: number): PeopleChange;
  /** These are two people, however alike. */
  keepApart(a: number, b: number): PeopleChange;
  /** The user knows this person (has named, hidden or otherwise touched them): stays, and is never merged with another such. */
  keep(person: number): PeopleChange;
  /** Whether one person may be seen twice in this photo: a mirror, a collage. */
  setDouble(photo: string, isDouble: boolean): PeopleChange;
  /** Finds everybody anew whom the user does not know. Numbers stay with those who have most of the faces. */
  recluster(): PeopleChange;
  /** Takes an action back, the last one first. Faces that are gone stay so. */
  undo(change: PeopleChange): PeopleChange;
  /** Questions to the user, the surest first. */
  suggest(options?: { readonly limit?: number; readonly person?: number }): readonly PeopleSuggestion[];
  /** The faces nearest to a vector: who is this? */
  nearest(vector: Float32Array, options?: { readonly limit?: number; readonly within?: number }): readonly NearFace[];
  /**
   * Of a state that came without its graph, compares so many faces with the others; whether that is done with all. What
   * needs it first does the rest at once: everything that gives faces a place, suggestions, `nearest` and `toState`.
   */
  link(most: number): boolean;
  toState(): PeopleState;
}

export interface PeopleOptions {
  /** Length of the vectors. Default 128. */
  readonly dimensions?: number;
  /** Goes on from there. */
  readonly state?: PeopleState;
}

const DIMENSIONS = 128;

export function createPeople(options: PeopleOptions = {}): People {
  const dimensions = options.state?.dimensions ?? options.dimensions ?? DIMENSIONS;
  const vectors = createVectorStore(dimensions);
  const { book, graph } =
    options.state === undefined
      ? { book: createBook(vectors), graph: createLateGraph(createNeighbourGraph(vectors), []) }
      : fromPeopleState(options.state, vectors);

  /** Runs an action, places the faces it gives, and tells what changed. */
  const act = (action: () => Iterable<FaceEntry>): PeopleChange => {
    const finish = watch(book);
    placeFaces(book, graph, action());
    anchorKept(book);
    return finish();
  };
  const take = ({ id, photo, quality, vector }: NewFace): FaceEntry => {
    const face = book.add({ id, photo, quality, isWeak: quality < WEAK_QUALITY });
    vectors.set(face.slot, vector);
    graph.insert(face.slot);
    return face;
  };
  const facesIn = (photo: string) => [...book.faces.values()].filter((face) => face.photo === photo);
  const know = (person: Person): void => {
    if (!person.isKept) book.setKept(person, true);
  };

  return {
    get size() {
      return book.faces.size;
    },
    get next() {
      return { person: book.nextPerson, look: book.nextLook };
    },
    reserve: () => book.reserve(),
    list: () =>
      [...book.people.values()].map((person) => ({
        id: person.id,
        faces: listFaces(person).map(({ id }) => id),
        isKept: person.isKept,
      })),
    face: (id) => toKnownFace(book.get(id)),
    facesOf(id) {
      const distances = new Map<string, number>();
      for (const look of book.person(id).looks) {
        for (const face of look.faces) distances.set(face.id, linkageOfFace(vectors.get(face.slot), look.sum));
      }
      return [...distances].sort((a, b) => a[1] - b[1]).map(([face]) => face);
    },
    add(faces) {
      assertNew(book, faces);
      assertFaces(faces, dimensions);
      return act(() => faces.map(take));
    },
    putBack(faces) {
      assertNew(book, faces);
      assertFaces(faces, dimensions);
      return act(() => {
        for (const face of faces) take(face);
        return restore(
          book,
          faces.map(({ id, known }) => ({ id, ...known })),
        );
      });
    },
    revise(faces) {
      const seen = faces.map((face) => ({ ...face, entry: book.get(face.id) }));
      assertFaces(faces, dimensions);
      return act(() => {
        graph.remove(new Set(seen.map(({ entry }) => entry.slot)));
        const moved = new Set<string>();
        for (const { entry, photo, quality, vector } of seen) {
          if (entry.photo !== photo && !book.doubles.has(photo)) moved.add(photo);
          book.revise(entry, { photo, quality, isWeak: quality < WEAK_QUALITY }, vector);
          graph.insert(entry.slot);
        }
        const surplus = [...moved].flatMap((photo) => listSurplus(book, facesIn(photo)));
        for (const face of surplus) book.leave(face);
        return new Set([...surplus, ...seen.map(({ entry }) => entry)]);
      });
    },
    remove(ids) {
      const gone = [...new Set(ids)].map((id) => book.get(id));
      return act(() => {
        graph.remove(new Set(gone.map(({ slot }) => slot)));
        for (const face of gone) {
          book.drop(face);
          vectors.clear(face.slot);
        }
        return [];
      });
    },
    merge(into, from, { allowDoubles = false } = {}) {
      const [stays, goes] = [book.person(into), book.person(from)];
      if (stays === goes) throw new FocalError('invalid-argument', `Expected two people, got ${into} twice.`);
      const photos = book.sharedPhotos(stays, goes);
      if (photos.length > 0 && !allowDoubles) {
        throw new FocalError(
          'invalid-argument',
          `Both of these people are seen in one photo (${photos.length} times).`,
          {
            hint: 'Say that these photos show a mirror or are collages, or say of the faces in them who they are.',
          },
        );
      }
      return act(() => {
        for (const photo of photos) book.setDouble(photo, true);
        const loose = [...takeDenied(book, stays, goes), ...takeDenied(book, goes, stays)];
        book.joinPeople(stays, goes);
        know(stays);
        return loose;
      });
    },
    split(ids, { as } = {}) {
      if (as !== undefined && book.people.has(as)) {
        throw new FocalError('exists', `There is a person ${as} already.`);
      }
      const faces = [...new Set(ids)].map((id) => book.get(id));
      if (faces.length === 0) throw new FocalError('invalid-argument', 'Expected faces to split off, got none.');
      assertNoDoubles(
        faces.filter(({ photo }) => !book.doubles.has(photo)),
        () => 0,
      );
      return act(() => {
        const person = book.createPerson(as);
        const others = new Set(faces.flatMap(({ look }) => look?.person ?? []));
        for (const face of faces) {
          book.leave(face);
          joinPerson(book, face, person);
          book.pin(face, true);
        }
        person.isKept = true;
        const id = as ?? book.number(person);
        for (const other of others) {
          if (other.looks.size === 0) continue;
          know(other);
          book.setApart(id, other.id, true);
          for (const face of faces) book.forbid(face, other.id);
        }
        return faces;
      });
    },
    reject(id, person) {
      const face = book.get(id);
      const other = person === undefined ? face.look?.person : book.person(person);
      if (other === undefined) {
        throw new FocalError('invalid-argument', `The face ${id} is nobody's yet, so there is nobody it is not.`);
      }
      return act(() => {
        const isTheirs = face.look?.person === other;
        if (isTheirs) book.leave(face);
        // The only face of somebody: there is nobody left to be kept from.
        if (other.looks.size > 0) {
          know(other);
          book.forbid(face, other.id);
        }
        return isTheirs ? [face] : [];
      });
    },
    confirm(id, person) {
      const face = book.get(id);
      const theirs = book.person(person);
      const rivals = book.doubles.has(face.photo)
        ? []
        : listFaces(theirs).filter((other) => other !== face && other.photo === face.photo);
      const rival = rivals.find(({ isPinned }) => isPinned);
      if (rival !== undefined) {
        throw new FocalError('invalid-argument', `The face ${rival.id} in the same photo was said to be this person.`, {
          hint: 'Say that the photo shows a mirror or is a collage, or that the other face is not this person.',
        });
      }
      return act(() => {
        book.permit(face, person);
        if (face.look?.person !== theirs) {
          book.leave(face);
          joinPerson(book, face, theirs);
        }
        book.pin(face, true);
        for (const other of rivals) book.leave(other);
        know(theirs);
        return [face, ...rivals];
      });
    },
    keepApart(a, b) {
      const [first, second] = [book.person(a), book.person(b)];
      if (first === second) throw new FocalError('invalid-argument', `Expected two people, got ${a} twice.`);
      return act(() => {
        know(first);
        know(second);
        book.setApart(a, b, true);
        return [];
      });
    },
    keep(id) {
      const person = book.person(id);
      return act(() => {
        know(person);
        return [];
      });
    },
    setDouble(photo, isDouble) {
      const seen = facesIn(photo);
      if (!isDouble)
        assertNoDoubles(
          seen.filter(({ isPinned }) => isPinned),
          ({ look }) => look?.person,
        );
      return act(() => {
        book.setDouble(photo, isDouble);
        if (!isDouble) for (const face of listSurplus(book, seen)) book.leave(face);
        return seen;
      });
    },
    recluster: () =>
      act(() => {
        recluster(book, graph);
        return [];
      }),
    undo: ({ before, memory }) => act(() => restore(book, before, memory)),
    suggest: ({ limit = 20, person } = {}) =>
      listSuggestions(book, graph, person === undefined ? { limit } : { limit, person }),
    nearest(vector, { limit = 20, within = 0.6 } = {}) {
      assertVector(vector, dimensions);
      return graph
        .search(vector, limit)
        .map(({ slot, distance }) => ({ face: book.at(slot) as FaceEntry, distance: Math.sqrt(distance) }))
        .filter(({ distance }) => distance <= within)
        .map(({ face, distance }) => ({ id: face.id, person: face.look?.person.id ?? 0, distance }));
    },
    link: (most) => graph.link(most),
    toState: () => toPeopleState(book, graph),
  };
}

function assertNew(book: Book, faces: readonly NewFace[]): void {
  const ids = new Set<string>();
  for (const { id } of faces) {
    if (book.faces.has(id) || ids.has(id)) throw new FocalError('exists', `The face ${id} is there already.`);
    ids.add(id);
  }
}

function assertFaces(faces: readonly NewFace[], dimensions: number): void {
  for (const { id, quality, vector } of faces) {
    if (!(quality >= 0 && quality <= 1)) {
      throw new FocalError('invalid-argument', `Expected a quality from 0 to 1 for the face ${id}, got ${quality}.`);
    }
    assertVector(vector, dimensions);
  }
}

function assertVector(vector: Float32Array, dimensions: number): void {
  if (vector.length === dimensions && vector.every(Number.isFinite)) return;
  throw new FocalError('invalid-argument', `Expected a vector of ${dimensions} finite numbers, got ${vector.length}.`, {
    hint: 'Vectors come with the fact identities of a scene.',
  });
}
