import { FocalError } from '../errors.ts';
import { addFace, addFaceSum, createFaceSum, type FaceSum } from './linkage.ts';
import type { VectorStore } from './vectors.ts';

/** A face and all that is known of whose it is. */
export interface FaceEntry {
  readonly id: string;
  readonly slot: number;
  photo: string;
  quality: number;
  /** Too small or unclear to tell people apart by. */
  isWeak: boolean;
  look: Look | undefined;
  /** Whether somebody said so: stays with its person whatever else is found. */
  isPinned: boolean;
  /** People whom this face was said not to be. */
  not: readonly number[];
}

/** Faces that resemble each other. Most people have one look; merging two people by hand gives one with several. */
export interface Look {
  person: Person;
  readonly faces: Set<FaceEntry>;
  readonly sum: FaceSum;
  /** Grows with every change. */
  version: number;
  /** Never used twice: the older one decides where all else is equal. */
  id: number;
}

export interface Person {
  /** 0 until the action that made it is over. */
  id: number;
  readonly looks: Set<Look>;
  /** How many faces of each photo. */
  readonly photos: Map<string, number>;
  /** Known to the user: never merged with another such, and there as long as it has a face. */
  isKept: boolean;
}

/** What is known of a face: people and looks by their numbers, 0 for none. */
export interface FaceKnowledge {
  readonly person: number;
  readonly look: number;
  readonly isPinned: boolean;
  readonly not: readonly number[];
}

/**
 * Who everybody is: faces, looks and people, what may not be one, and what an action changed. All changes go through
 * here, so that counts, sums and memory agree.
 */
export interface Book {
  readonly vectors: VectorStore;
  readonly faces: ReadonlyMap<string, FaceEntry>;
  readonly people: ReadonlyMap<number, Person>;
  /** Pairs of people who were said to be two, as `1,2`. */
  readonly apart: ReadonlySet<string>;
  /** Photos in which one person may be seen twice. */
  readonly doubles: ReadonlySet<string>;
  get(id: string): FaceEntry;
  at(slot: number): FaceEntry | undefined;
  person(id: number): Person;
  /** @param slot where its vector is: by default the first that is free. */
  add(face: Pick<FaceEntry, 'id' | 'photo' | 'quality' | 'isWeak'>, slot?: number): FaceEntry;
  drop(face: FaceEntry): void;
  /** The same face seen anew, with another vector: it stays where it is. */
  revise(face: FaceEntry, seen: Pick<FaceEntry, 'photo' | 'quality' | 'isWeak'>, vector: Float32Array): void;
  weightOf(face: FaceEntry): number;
  createPerson(id?: number): Person;
  createLook(person: Person, id?: number): Look;
  /** Puts a face that belongs nowhere into a look. */
  join(face: FaceEntry, look: Look): void;
  /** Takes a face out of its look; looks and people without faces go. */
  leave(face: FaceEntry): void;
  joinLooks(into: Look, from: Look): void;
  /** Moves all looks; what was said of `from` is said of `into` from then on. */
  joinPeople(into: Person, from: Person): void;
  pin(face: FaceEntry, isPinned: boolean): void;
  forbid(face: FaceEntry, person: number): void;
  permit(face: FaceEntry, person: number): void;
  setKept(person: Person, isKept: boolean): void;
  setApart(a: number, b: number, isApart: boolean): void;
  setDouble(photo: string, isDouble: boolean): void;
  /** Whether nothing said or seen speaks against this face being this person. */
  mayJoin(face: FaceEntry, person: Person): boolean;
  /** Whether two people may be found to be one without being asked. */
  mayMerge(a: Person, b: Person): boolean;
  /** Whether a face of one was said not to be the other. */
  isDenied(a: Person, b: Person): boolean;
  /** Whether a face of `other` was said not to be `person`. */
  isDeniedBy(person: Person, other: Person): boolean;
  /** Gives a person who is new the number of one who is gone. */
  setId(person: Person, id: number): void;
  /** Gives a new person a number of its own now, not when the action is over. */
  number(person: Person): number;
  /** A number that nobody else will have. */
  reserve(): number;
  /** Photos that show both, and that one person may not be in twice. */
  sharedPhotos(a: Person, b: Person): readonly string[];
  /** What faces that changed since the last call were before, and people who are new. Gives new people their ids. */
  settle(): { readonly before: ReadonlyMap<FaceEntry, FaceKnowledge>; readonly created: readonly number[] };
  readonly nextPerson: number;
  readonly nextLook: number;
}

export interface BookState {
  readonly nextPerson: number;
  readonly nextLook: number;
  readonly doubles: Iterable<string>;
}

export function createBook(vectors: VectorStore, state?: BookState): Book {
  const faces = new Map<string, FaceEntry>();
  const bySlot: (FaceEntry | undefined)[] = [];
  let firstFree = 0;
  const people = new Map<number, Person>();
  const apart = new Set<string>();
  const doubles = new Set<string>(state?.doubles);
  /** Who was said not to be a person, by that person. */
  const deniers = new Map<number, Set<FaceEntry>>();
  let nextPerson = state?.nextPerson ?? 1;
  let nextLook = state?.nextLook ?? 1;
  const fresh = new Set<Person>();
  let numbered: number[] = [];
  let before = new Map<FaceEntry, FaceKnowledge>();

  const touch = (face: FaceEntry): void => {
    if (before.has(face)) return;
    before.set(face, stateOf(face));
  };

  const takeSlot = (): number => {
    while (bySlot[firstFree] !== undefined) firstFree++;
    return firstFree;
  };

  const weightOf = ({ quality, isWeak }: FaceEntry): number => (isWeak ? 0.02 : 0.2 + 0.8 * quality);

  const count = ({ photos }: Person, photo: string, change: number): void => {
    const next = (photos.get(photo) ?? 0) + change;
    if (next === 0) photos.delete(photo);
    else photos.set(photo, next);
  };

  const forget = (person: Person): void => {
    fresh.delete(person);
    people.delete(person.id);
    for (const face of deniers.get(person.id) ?? []) {
      touch(face);
      face.not = face.not.filter((id) => id !== person.id);
    }
    deniers.delete(person.id);
    if (!person.isKept) return;
    for (const pair of apart) if (pair.split(',').includes(String(person.id))) apart.delete(pair);
  };

  const forbid = (face: FaceEntry, person: number): void => {
    touch(face);
    if (!face.not.includes(person)) face.not = [...face.not, person];
    const list = deniers.get(person) ?? new Set();
    deniers.set(person, list.add(face));
  };

  const permit = (face: FaceEntry, person: number): void => {
    touch(face);
    face.not = face.not.filter((id) => id !== person);
    deniers.get(person)?.delete(face);
  };

  const sharedPhotos = (a: Person, b: Person): string[] => {
    const [few, many] = a.photos.size < b.photos.size ? [a, b] : [b, a];
    return [...few.photos.keys()].filter((photo) => many.photos.has(photo) && !doubles.has(photo));
  };

  const denies = (a: Person, b: Person): boolean => {
    for (const face of deniers.get(a.id) ?? []) if (face.look?.person === b) return true;
    return false;
  };

  const leave = (face: FaceEntry): void => {
    const { look } = face;
    if (look === undefined) return;
    touch(face);
    face.look = undefined;
    face.isPinned = false;
    look.faces.delete(face);
    look.version++;
    addFace(look.sum, vectors.get(face.slot), weightOf(face), -1);
    count(look.person, face.photo, -1);
    if (look.faces.size > 0) return;
    look.person.looks.delete(look);
    if (look.person.looks.size === 0) forget(look.person);
  };

  const number = (person: Person): number => {
    person.id = nextPerson++;
    people.set(person.id, person);
    fresh.delete(person);
    numbered.push(person.id);
    return person.id;
  };

  const createPerson = (id = 0): Person => {
    const person: Person = { id, looks: new Set(), photos: new Map(), isKept: false };
    if (id === 0) fresh.add(person);
    else {
      people.set(id, person);
      nextPerson = Math.max(nextPerson, id + 1);
    }
    return person;
  };

  return {
    vectors,
    faces,
    people,
    apart,
    doubles,
    get nextPerson() {
      return nextPerson;
    },
    get nextLook() {
      return nextLook;
    },
    get(id) {
      const face = faces.get(id);
      if (face === undefined) throw new FocalError('not-found', `There is no face ${id}.`);
      return face;
    },
    at: (slot) => (slot < 0 ? undefined : bySlot[slot]),
    person(id) {
      const person = people.get(id);
      if (person === undefined) throw new FocalError('not-found', `There is no person ${id}.`);
      return person;
    },
    add(face, slot = takeSlot()) {
      const entry: FaceEntry = {
        ...face,
        slot,
        look: undefined,
        isPinned: false,
        not: [],
      };
      touch(entry);
      bySlot[entry.slot] = entry;
      faces.set(entry.id, entry);
      return entry;
    },
    drop(face) {
      leave(face);
      for (const person of face.not) permit(face, person);
      faces.delete(face.id);
      bySlot[face.slot] = undefined;
      firstFree = Math.min(firstFree, face.slot);
      before.delete(face);
    },
    revise(face, seen, vector) {
      const { look } = face;
      if (look !== undefined) {
        addFace(look.sum, vectors.get(face.slot), weightOf(face), -1);
        count(look.person, face.photo, -1);
      }
      Object.assign(face, seen);
      vectors.set(face.slot, vector);
      if (look === undefined) return;
      addFace(look.sum, vector, weightOf(face));
      count(look.person, face.photo, 1);
      look.version++;
    },
    weightOf,
    createPerson,
    createLook(person, id = nextLook) {
      const look: Look = { id, person, faces: new Set(), sum: createFaceSum(vectors.dimensions), version: 0 };
      nextLook = Math.max(nextLook, id + 1);
      person.looks.add(look);
      return look;
    },
    join(face, look) {
      touch(face);
      face.look = look;
      look.faces.add(face);
      look.version++;
      addFace(look.sum, vectors.get(face.slot), weightOf(face));
      count(look.person, face.photo, 1);
    },
    leave,
    joinLooks(into, from) {
      for (const face of from.faces) {
        touch(face);
        face.look = into;
        into.faces.add(face);
      }
      addFaceSum(into.sum, from.sum);
      into.version++;
      from.faces.clear();
      from.version++;
      from.person.looks.delete(from);
    },
    joinPeople(into, from) {
      for (const look of from.looks) {
        for (const face of look.faces) touch(face);
        look.person = into;
        into.looks.add(look);
      }
      from.looks.clear();
      for (const [photo, faceCount] of from.photos) count(into, photo, faceCount);
      from.photos.clear();
      for (const face of deniers.get(from.id) ?? []) {
        permit(face, from.id);
        forbid(face, into.id);
      }
      for (const pair of apart) {
        const ids = pair.split(',').map(Number);
        if (!ids.includes(from.id)) continue;
        apart.delete(pair);
        const other = ids.find((id) => id !== from.id) ?? 0;
        if (other !== into.id) apart.add(pairKey(into.id, other));
      }
      into.isKept ||= from.isKept;
      forget(from);
    },
    pin(face, isPinned) {
      touch(face);
      face.isPinned = isPinned;
    },
    forbid,
    permit,
    setKept(person, isKept) {
      person.isKept = isKept;
    },
    setApart(a, b, isApart) {
      if (isApart) apart.add(pairKey(a, b));
      else apart.delete(pairKey(a, b));
    },
    setDouble(photo, isDouble) {
      if (isDouble) doubles.add(photo);
      else doubles.delete(photo);
    },
    mayJoin(face, person) {
      if (face.not.includes(person.id)) return false;
      return doubles.has(face.photo) || !person.photos.has(face.photo);
    },
    mayMerge(a, b) {
      if ((a.isKept && b.isKept) || denies(a, b) || denies(b, a)) return false;
      return sharedPhotos(a, b).length === 0;
    },
    isDenied: (a, b) => denies(a, b) || denies(b, a),
    isDeniedBy: denies,
    setId(person, id) {
      fresh.delete(person);
      person.id = id;
      people.set(id, person);
    },
    sharedPhotos,
    number,
    reserve: () => nextPerson++,
    settle() {
      for (const person of fresh) if (person.looks.size > 0) number(person);
      fresh.clear();
      const created = numbered;
      numbered = [];
      const changed = before;
      before = new Map();
      return { before: changed, created };
    },
  };
}

export function stateOf({ look, isPinned, not }: FaceEntry): FaceKnowledge {
  return { person: look?.person.id ?? 0, look: look?.id ?? 0, isPinned, not };
}

/** A pair of people as text, the same either way round. */
export function pairKey(a: number, b: number): string {
  return a < b ? `${a},${b}` : `${b},${a}`;
}
