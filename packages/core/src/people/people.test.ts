import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FocalError } from '../errors.ts';
import { createPeople, type NewFace, type People } from './people.ts';

const DIMENSIONS = 16;

/** A face of somebody: people differ by about .8, faces of one by about .3. */
function vectorOf(person: number, variant: number): Float32Array {
  const draw = (index: number, seed: number): number => {
    let h = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    return ((h ^ (h >>> 15)) >>> 0) / 2 ** 31 - 1;
  };
  return Float32Array.from(
    { length: DIMENSIONS },
    (_, i) => draw(i, person * 7919) * 0.28 + draw(i, person * 7919 + variant * 104729 + 1) * 0.09,
  );
}

function faceOf(person: number, variant: number, extra: Partial<NewFace> = {}): NewFace {
  const id = `${person}-${variant}`;
  return { id, photo: `photo ${id}`, vector: vectorOf(person, variant), quality: 0.8, ...extra };
}

function album(people: number, faces: number): NewFace[] {
  return Array.from({ length: people * faces }, (_, i) => faceOf(i % people, Math.floor(i / people)));
}

const groups = (people: People) =>
  people
    .list()
    .map(({ faces }) => [...faces].sort().join(' '))
    .sort();
const personOf = (people: People, id: string) => people.face(id).person;

const create = (faces: readonly NewFace[] = []) => {
  const people = createPeople({ dimensions: DIMENSIONS });
  people.add(faces);
  return people;
};

describe('finding people', () => {
  test('puts the faces of each person together, at once or one by one', () => {
    const faces = album(6, 8);
    const atOnce = create(faces);
    const oneByOne = create();
    for (const face of faces) oneByOne.add([face]);
    expect(atOnce.list()).toHaveLength(6);
    expect(groups(oneByOne)).toEqual(groups(atOnce));
    expect(
      new Set(
        groups(atOnce)[0]
          ?.split(' ')
          .map((id) => id.split('-')[0]),
      ).size,
    ).toBe(1);
  });

  test('says what each new face changed, and nothing else', () => {
    const people = create([faceOf(1, 0)]);
    const change = people.add([faceOf(1, 1), faceOf(2, 0)]);
    expect(change.created).toEqual([2]);
    expect(change.removed).toEqual([]);
    expect(change.faces.map(({ id, person }) => [id, person])).toEqual([
      ['1-1', 1],
      ['2-0', 2],
    ]);
  });

  test('nobody is twice in one photo, unless it is a mirror or a collage', () => {
    const people = create([faceOf(1, 0, { photo: 'mirror' }), faceOf(1, 1, { photo: 'mirror' })]);
    expect(people.list()).toHaveLength(2);
    const change = people.setDouble('mirror', true);
    expect(people.list()).toHaveLength(1);
    expect(change.memory.doubles.added).toEqual(['mirror']);
    people.setDouble('mirror', false);
    expect(people.list()).toHaveLength(2);
  });

  test('a small face makes nobody, but is given to whom it is clearly near', () => {
    const people = create([faceOf(1, 0, { quality: 0.1 }), faceOf(2, 0, { quality: 0.1 })]);
    expect(people.list()).toEqual([]);
    people.add([faceOf(1, 1), faceOf(1, 2)]);
    expect(personOf(people, '1-0')).toBe(personOf(people, '1-1'));
    expect(personOf(people, '2-0')).toBe(0);
  });

  test('the nearest faces to a vector are found, nearest first', () => {
    const people = create(album(5, 6));
    const near = people.nearest(vectorOf(3, 2), { limit: 4 });
    expect(near[0]).toMatchObject({ id: '3-2', distance: 0 });
    expect(near.every(({ id }) => id.startsWith('3-'))).toBe(true);
    expect(near.map(({ distance }) => distance)).toEqual(near.map(({ distance }) => distance).sort((a, b) => a - b));
  });
});

describe('what the user says', () => {
  test('merged people stay one through finding everybody anew, and new faces of either join them', () => {
    const people = create(album(3, 5));
    const [a, b] = [personOf(people, '0-0'), personOf(people, '1-0')];
    const change = people.merge(a, b);
    expect(change.removed).toEqual([{ id: b, into: a }]);
    people.recluster();
    people.add([faceOf(1, 9), faceOf(0, 9)]);
    expect([personOf(people, '1-9'), personOf(people, '0-9'), personOf(people, '1-3')]).toEqual([a, a, a]);
  });

  test('faces that were split off stay apart, and their number is told', () => {
    const people = create(album(2, 6));
    const old = personOf(people, '0-0');
    const { created } = people.split(['0-1', '0-2']);
    expect(created).toEqual([personOf(people, '0-1')]);
    people.recluster();
    expect(personOf(people, '0-2')).toBe(created[0]);
    expect([...people.facesOf(old)]).not.toContain('0-1');
    expect(people.suggest().filter(({ kind }) => kind === 'same-person')).toEqual([]);
  });

  test('a face that was rejected never comes back', () => {
    const people = create(album(2, 6));
    const person = personOf(people, '0-0');
    people.reject('0-0');
    people.recluster();
    people.add([faceOf(0, 7)]);
    expect(personOf(people, '0-0')).not.toBe(person);
    expect(['0-1', '0-2', '0-3', '0-4', '0-5'].map((id) => personOf(people, id))).toEqual(Array(5).fill(person));
  });

  test('no other face goes with one that was rejected, or with those split off, then or later', () => {
    // Faces that differ much: of some of them a few look more like each other than like the rest.
    const spread = (person: number, variant: number): NewFace => {
      const [pair, own] = [vectorOf(person + 100, variant >> 1), vectorOf(person + 200, variant)];
      const vector = vectorOf(person, 0).map((value, i) => value + (pair[i] ?? 0) * 0.9 + (own[i] ?? 0) * 0.1);
      return faceOf(person, variant, { vector });
    };
    let moved = 0;
    for (let person = 0; person < 60; person++) {
      const faces = Array.from({ length: 8 }, (_, i) => spread(person, i));
      const ids = faces.map(({ id }) => id);
      const people = create(faces);
      const [largest] = [...people.list()].sort((a, b) => b.faces.length - a.faces.length);
      if (largest === undefined || largest.faces.length < 4) continue;
      const [first = '', second = '', ...rest] = people.facesOf(largest.id);
      if (person % 2 === 0) people.reject(first, largest.id);
      else people.split([first, second]);
      const stay = person % 2 === 0 ? [second, ...rest] : rest;
      expect(stay.map((id) => personOf(people, id))).toEqual(stay.map(() => largest.id));
      people.add([spread(person, 20), spread(person, 21)]);
      people.recluster();
      expect(stay.map((id) => personOf(people, id))).toEqual(stay.map(() => largest.id));
      moved += ids.filter((id) => personOf(people, id) !== largest.id).length;
    }
    expect(moved).toBeGreaterThan(30);
  });

  test('a face that was confirmed stays, however little it resembles', () => {
    const people = create(album(2, 6));
    const [person, other] = [personOf(people, '0-0'), personOf(people, '1-0')];
    people.keep(other);
    people.confirm('1-3', person);
    people.recluster();
    expect(personOf(people, '1-3')).toBe(person);
    expect(personOf(people, '1-4')).toBe(other);
  });

  test('faces that nobody knows follow the one that is confirmed and looks like them', () => {
    const people = create(album(2, 6));
    const person = personOf(people, '0-0');
    people.confirm('1-3', person);
    expect(personOf(people, '1-4')).toBe(person);
  });

  test('people who were told apart are not asked about again', () => {
    const faces = [...album(1, 4), ...Array.from({ length: 4 }, (_, i) => between(i))];
    const people = create(faces);
    const [question] = people.suggest();
    expect(question).toMatchObject({ kind: 'same-person' });
    const [a, b] = question?.kind === 'same-person' ? question.people : [0, 0];
    people.keepApart(a, b);
    expect(people.suggest()).toEqual([]);
  });

  test('people who are both seen in a photo become one only where that is a mirror or a collage', () => {
    const people = create([...album(2, 3), faceOf(0, 5, { photo: 'both' }), faceOf(1, 5, { photo: 'both' })]);
    const [a, b] = [personOf(people, '0-0'), personOf(people, '1-0')];
    expect(() => people.merge(a, b)).toThrow(/seen in one photo/);
    people.merge(a, b, { allowDoubles: true });
    expect(personOf(people, '1-5')).toBe(a);
  });

  test('faces that are seen anew keep what was said of them, the others are found anew', () => {
    const people = create(album(3, 5));
    const [a, b] = [personOf(people, '0-0'), personOf(people, '1-0')];
    people.confirm('0-1', a);
    people.reject('0-2', b);
    const change = people.revise([
      faceOf(0, 1, { vector: vectorOf(1, 31) }),
      faceOf(0, 2, { vector: vectorOf(1, 32) }),
      faceOf(0, 3, { vector: vectorOf(1, 33) }),
    ]);
    expect(personOf(people, '0-1')).toBe(a);
    expect(personOf(people, '0-2')).not.toBe(b);
    expect(change.faces).toContainEqual(expect.objectContaining({ id: '0-3', person: b }));
    expect(people.nearest(vectorOf(1, 33), { limit: 1 })).toMatchObject([{ id: '0-3', distance: 0 }]);
    const fresh = createPeople({ state: people.toState() });
    expect(essence(fresh)).toEqual(essence(people));
    people.revise([faceOf(0, 3, { photo: 'photo 1-0' })]);
    expect(new Set([personOf(people, '0-3'), personOf(people, '1-0')]).size).toBe(2);
  });

  test('faces that were removed come back as whose they were, and with them everything of their person', () => {
    const people = create(album(3, 5));
    people.keep(personOf(people, '1-0'));
    people.reject('1-4');
    const person = personOf(people, '1-0');
    // Somebody else comes to look like them.
    people.confirm('1-3', personOf(people, '0-0'));
    const before = essence(people);
    const gone = before.known.filter((face) => face.person === person);
    const known = gone.map(({ id }) => people.face(id));
    const change = people.remove(gone.map(({ id }) => id));
    expect(() => people.facesOf(person)).toThrow(`There is no person ${person}.`);
    people.putBack(
      known.map(({ id, ...face }) => {
        const [who = 0, variant = 0] = id.split('-').map(Number);
        return { ...faceOf(who, variant), known: face };
      }),
    );
    people.undo(change);
    const sorted = (all: ReturnType<typeof essence>) => ({
      ...all,
      known: [...all.known].sort((a, b) => (a.id < b.id ? -1 : 1)),
    });
    expect(sorted(essence(people))).toEqual(sorted(before));
  });

  test('each action can be taken back', () => {
    const faces = album(4, 6);
    const actions: ((people: People) => ReturnType<People['keep']>)[] = [
      (people) => people.merge(1, 2),
      (people) => people.split(['0-1', '0-2']),
      (people) => people.reject('1-1'),
      (people) => people.confirm('2-1', 1),
      (people) => people.keepApart(1, 2),
      (people) => people.keep(3),
      (people) => people.setDouble('photo 0-0', true),
    ];
    for (const action of actions) {
      const people = create(faces);
      const before = essence(people);
      const change = action(people);
      expect(essence(people)).not.toEqual(before);
      people.undo(change);
      expect(essence(people)).toEqual(before);
    }
  });

  test('what cannot be is refused with the reason', () => {
    const people = create(album(2, 3));
    expect(() => people.merge(1, 1)).toThrow(FocalError);
    expect(() => people.merge(1, 99)).toThrow('There is no person 99.');
    expect(() => people.face('none')).toThrow('There is no face none.');
    expect(() => people.add([faceOf(0, 0)])).toThrow('The face 0-0 is there already.');
    expect(() => people.add([{ ...faceOf(5, 0), vector: new Float32Array(3) }])).toThrow(/vector of 16 finite numbers/);
    expect(() => people.add([faceOf(5, 0, { quality: 2 })])).toThrow(/quality from 0 to 1/);
    expect(() => people.split([])).toThrow(/Expected faces/);
  });
});

describe('state', () => {
  test('goes through storage, with its graph or without', () => {
    const people = create(album(4, 6));
    people.merge(1, 2);
    people.reject('3-0');
    people.remove(['2-1']);
    const stored = structuredClone(people.toState());
    const { graph: _, ...plain } = stored;
    for (const state of [stored, plain]) {
      const again = createPeople({ state });
      expect(essence(again)).toEqual(essence(people));
      again.add([faceOf(3, 9)]);
      expect(personOf(again, '3-9')).toBe(personOf(people, '3-2'));
    }
  });

  test('it does not matter how many faces are compared before an action, and how many by it', () => {
    const { graph: _, ...state } = create(album(6, 9)).toState();
    const actions = fc.array(fc.tuple(fc.nat(7), fc.nat(1e6), fc.nat(1e6), fc.nat(40)), { maxLength: 12 });
    fc.assert(
      fc.property(actions, (sequence) => {
        const [early, late] = [createPeople({ state }), createPeople({ state })];
        expect(early.link(state.faces.length)).toBe(true);
        for (const [i, [kind, a, b, more]] of sequence.entries()) {
          late.link(more);
          const [one, other] = [early, late].map((people) => {
            const [ids, faces] = [people.list().map(({ id }) => id), people.list().flatMap((each) => each.faces)];
            const [first, second] = [ids[a % ids.length] as number, ids[b % ids.length] as number];
            const face = faces[a % faces.length] ?? '';
            return tryTo(() => {
              if (kind === 0) people.keep(first);
              else if (kind === 1) people.keepApart(first, second);
              else if (kind === 2) people.merge(first, second);
              else if (kind === 3) people.reject(face);
              else if (kind === 4) people.confirm(face, second);
              else if (kind === 5) people.add([faceOf(b % 8, 100 + i)]);
              else if (kind === 6) people.remove([face]);
              else people.revise([{ ...faceOf(b % 8, 200 + i), id: face }]);
            })?.message;
          });
          expect(other).toBe(one);
        }
        expect(late.toState()).toEqual(early.toState());
      }),
    );
  });

  test('a person whose faces are known elsewhere only gets a number, and then a face by it', () => {
    const people = create(album(2, 3));
    const number = people.reserve();
    people.add([faceOf(7, 0)]);
    expect(personOf(people, '7-0')).toBe(number + 1);
    expect(people.split(['0-1'], { as: number }).created).toEqual([]);
    expect(personOf(people, '0-1')).toBe(number);
    expect(people.next.person).toBe(number + 2);
    expect(() => people.split(['0-2'], { as: number })).toThrow(`There is a person ${number} already.`);
  });

  test('the vector of a face that was removed is nowhere', () => {
    const people = create(album(2, 3));
    const secret = vectorOf(1, 1);
    people.remove(['1-1']);
    const { vectors, faces } = people.toState();
    expect(faces.some(({ id }) => id === '1-1')).toBe(false);
    expect(vectors.includes(secret[0] as number)).toBe(false);
    expect(people.nearest(secret).some(({ id }) => id === '1-1')).toBe(false);
  });

  test('numbers stay with their people when everybody is found anew', () => {
    const people = create(album(5, 6));
    const before = essence(people);
    const change = people.recluster();
    expect(change.faces).toEqual([]);
    expect(essence(people)).toEqual(before);
  });
});

/** The error that refuses an action; any other is thrown on. */
function tryTo(action: () => void): FocalError | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof FocalError) return error;
    throw error;
  }
  return undefined;
}

/** Everything that can be told from the state but vectors and graph. */
function essence(people: People) {
  const { faces, kept, apart, doubles } = people.toState();
  const known = faces.map(({ id, person, isPinned, not }) => ({
    id,
    person,
    isPinned,
    not: [...not].sort((a, b) => a - b),
  }));
  return { known, kept: [...kept].sort((a, b) => a - b), apart: [...apart].sort(), doubles };
}

/** Somebody who resembles person 0 so much that a question is due. */
function between(variant: number): NewFace {
  const own = vectorOf(0, 20 + variant);
  const vector = own.map((value, i) => value + (i % 2 === 0 ? 0.145 : -0.145));
  return { ...faceOf(0, 20 + variant), id: `b-${variant}`, vector };
}

describe('constraints', () => {
  type Step = readonly [kind: number, a: number, b: number];
  const steps = fc.array(fc.tuple(fc.nat(11), fc.nat(1e6), fc.nat(1e6)), { minLength: 5, maxLength: 25 });

  test('what was said holds through any sequence of actions', () => {
    let checked = 0;
    fc.assert(
      fc.property(steps, (sequence) => {
        const run = createRun();
        for (const step of sequence) {
          run.take(step);
          run.check();
          checked++;
        }
      }),
      { numRuns: 1000 },
    );
    expect(checked).toBeGreaterThan(5000);
    // Some 15 s alone; more where other tests take the processor.
  }, 300_000);

  /** The actions beside a plain account of what was said. */
  function createRun() {
    const people = createPeople({ dimensions: DIMENSIONS });
    const photos = new Map<string, string>();
    const doubles = new Set<string>();
    /** Of faces, who they were said to be, and not to be. */
    const is = new Map<string, number>();
    const isNot = new Map<string, Set<number>>();
    let next = 0;
    const denied = (id: string) => isNot.get(id) ?? new Set<number>();
    const deny = (id: string, person: number) => {
      if (is.get(id) === person) is.delete(id);
      isNot.set(id, denied(id).add(person));
    };
    const affirm = (id: string, person: number) => {
      denied(id).delete(person);
      is.set(id, person);
    };
    /** What is refused changes nothing. */
    const attempt = (action: () => void) => {
      const before = essence(people);
      const refused = tryTo(action);
      expect(refused === undefined ? before : essence(people)).toEqual(before);
    };

    return {
      take([kind, a, b]: Step) {
        const ids = [...photos.keys()];
        const face = ids[a % ids.length];
        const list = people.list();
        const first = list[a % list.length];
        const second = list[b % list.length];
        if (kind <= 3 || face === undefined || first === undefined || second === undefined) {
          const faces = Array.from({ length: 1 + (b % 5) }, (_, i) => {
            const person = (a + i) % 6;
            const photo = `p${Math.floor(next / 3)}`;
            const id = `f${next++}`;
            photos.set(id, photo);
            return { id, photo, vector: vectorOf(person, next), quality: b % 7 === 0 ? 0.1 : 0.7 };
          });
          people.add(faces);
        } else if (kind === 4) {
          attempt(() => {
            people.merge(first.id, second.id);
            for (const [id, person] of is) if (person === second.id) is.set(id, first.id);
            for (const [id, others] of isNot) {
              if (!others.has(second.id)) continue;
              others.delete(second.id);
              others.add(first.id);
              // What was said of everybody at once is newer than what was said of one.
              if (personOf(people, id) === first.id) others.delete(first.id);
            }
            for (const id of ids) if (personOf(people, id) === first.id) denied(id).delete(first.id);
          });
        } else if (kind === 5) {
          attempt(() => {
            const old = personOf(people, face);
            const [created = 0] = people.split([face]).created;
            affirm(face, created);
            if (old !== 0 && people.list().some(({ id }) => id === old)) deny(face, old);
          });
        } else if (kind === 6) {
          attempt(() => {
            const old = personOf(people, face);
            people.reject(face);
            if (people.list().some(({ id }) => id === old)) deny(face, old);
            else is.delete(face);
          });
        } else if (kind === 7) {
          attempt(() => {
            people.confirm(face, second.id);
            affirm(face, second.id);
          });
        } else if (kind === 8) {
          people.remove([face]);
          photos.delete(face);
          is.delete(face);
          isNot.delete(face);
        } else if (kind === 9) {
          people.recluster();
        } else if (kind === 11) {
          const photo = photos.get(face) as string;
          people.revise([{ id: face, photo, vector: vectorOf(b % 6, next++), quality: b % 7 === 0 ? 0.1 : 0.7 }]);
        } else {
          const photo = photos.get(face) as string;
          attempt(() => {
            people.setDouble(photo, !doubles.has(photo));
            if (!doubles.delete(photo)) doubles.add(photo);
          });
        }
        // People who are gone are nobody's business any more.
        const there = new Set(people.list().map(({ id }) => id));
        for (const others of isNot.values()) for (const id of others) if (!there.has(id)) others.delete(id);
      },
      check() {
        const members = people.list();
        expect(members.flatMap(({ faces }) => faces).length).toBe(
          [...photos.keys()].filter((id) => personOf(people, id) !== 0).length,
        );
        for (const { faces } of members) {
          expect(faces.length).toBeGreaterThan(0);
          const single = faces.map((id) => photos.get(id) as string).filter((photo) => !doubles.has(photo));
          expect(new Set(single).size).toBe(single.length);
        }
        for (const [id, person] of is) expect([id, personOf(people, id)]).toEqual([id, person]);
        for (const [id, others] of isNot) expect([...others]).not.toContain(personOf(people, id));
      },
    };
  }
});
