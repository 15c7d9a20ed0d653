import { type Box, FocalError, type NearFace, type PeopleChange } from '@focal/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import { isFaceSeen, isSeen } from '../assets/sight.ts';
import type { FoundFaceVector } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { type FaceBefore, listActions, noteAction, readFacesBefore } from './actions.ts';
import { type ClusterAction, toPhotoKey, VECTOR_LENGTH } from './cluster-protocol.ts';
import {
  assertTheirs,
  confirm,
  countFaces,
  facesOnlyHere,
  findFaceAt,
  insertDrawn,
  markPlaced,
  noSuchFace,
  ownersOf,
} from './face-rows.ts';
import { importNames, listNamedRegions, markApplied, type NamedRegion } from './import-names.ts';
import { addPeople, type PersonRow, peopleOf, readPeopleRows } from './keep-change.ts';
import type { Keeper, Plan, Steps } from './keeper.ts';
import { getPerson, listFaces, listPeople, noSuchPerson, readFaces, readPeople } from './list-people.ts';
import { listUnplaced } from './load-people.ts';
import type {
  ActionKind,
  Answer,
  FacePage,
  FaceSearch,
  PeopleActed,
  PeopleAction,
  PeopleListOptions,
  PeoplePage,
  Person,
  PersonChange,
  PersonFace,
  Suggestion,
} from './person.ts';
import { undoLast } from './undo.ts';

/** Who is seen in the photos of a library. Every action is kept at once, and can be taken back, the last one first. */
export interface LibraryPeople {
  list(options?: PeopleListOptions): Promise<PeoplePage>;
  /** Throws `not-found`. */
  get(id: number): Promise<Person>;
  /** The faces of a person, or with null of nobody, the best first. */
  faces(
    id: number | null,
    options?: {
      readonly cursor?: string;
      readonly limit?: number;
      /** Only those that are too small or too blurred to make somebody, or only the others. */
      readonly isSmall?: boolean;
    },
  ): Promise<FacePage>;
  /** `sameName`: others who have that name already: perhaps they are one person. */
  change(
    id: number,
    change: PersonChange,
  ): Promise<PeopleActed & { readonly person: Person; readonly sameName: readonly Person[] }>;
  /** These are all one person, who goes on as `into`. `allowDoubles`: photos that show two of them are mirrors or collages. */
  merge(
    into: number,
    from: readonly number[],
    options?: { readonly allowDoubles?: boolean },
  ): Promise<PeopleActed & { readonly person: Person }>;
  /** These faces are one person, and another than they were thought to be. */
  split(faces: readonly number[], name?: string): Promise<PeopleActed & { readonly person: Person }>;
  /** These faces are this person. */
  move(faces: readonly number[], person: number): Promise<PeopleActed & { readonly person: Person }>;
  /** These faces are not this person; by default whom each was taken for. */
  reject(faces: readonly number[], person?: number): Promise<PeopleActed>;
  /** These are two people, however alike. */
  keepApart(a: number, b: number): Promise<PeopleActed>;
  /**
   * There is a face in this part of a photo, found or not: that of this person, of somebody new by this name, or of
   * whom it resembles.
   */
  draw(
    asset: number,
    box: Box,
    who?: { readonly person?: number; readonly name?: string },
  ): Promise<PeopleActed & { readonly face: PersonFace }>;
  /** These are no faces. */
  removeFaces(faces: readonly number[]): Promise<PeopleActed>;
  /** Each of these is somebody who is not to be listed; nothing is said of whether they are one. */
  hideFaces(faces: readonly number[]): Promise<PeopleActed>;
  /** Whether one person may be seen twice in this photo: a mirror, a collage. */
  setDouble(asset: number, isDouble: boolean): Promise<PeopleActed>;
  /** Questions whose answers help, the surest first. */
  suggest(options?: { readonly limit?: number; readonly person?: number }): Promise<readonly Suggestion[]>;
  answer(answer: Answer): Promise<PeopleActed>;
  /** The last actions that can be taken back, the newest first. */
  actions(limit?: number): Promise<readonly PeopleAction[]>;
  /** Takes the last action back, which has to be this one where one is named. Throws `not-found`, `exists`. */
  undo(action?: number): Promise<{ readonly undone: ActionKind; readonly action: number }>;
  /**
   * Who is this? The bytes of a picture's file, or its path; `face` is which of its faces, the largest by default. Throws
   * `not-found` where no face is found in it, or not so many.
   */
  search(
    picture: Uint8Array | string,
    options?: { readonly limit?: number; readonly face?: number; readonly signal?: AbortSignal },
  ): Promise<FaceSearch>;
  /** Who is this face of the library like, itself left out? Throws `not-found`, also where it cannot be compared. */
  resembling(face: number, options?: { readonly limit?: number }): Promise<FaceSearch>;
}

export interface PeopleParts {
  readonly db: Kysely<Tables>;
  readonly keeper: Keeper;
  readonly now: () => number;
  /** The face in this part of a photo of the library. */
  readonly faceIn: (asset: number, box: Box) => Promise<FoundFaceVector | undefined>;
  readonly facesOf: (picture: Uint8Array | string, signal?: AbortSignal) => Promise<readonly FoundFaceVector[]>;
  readonly onChange: () => void;
  /** Told when people are listed. */
  readonly onLook: () => void;
}

export interface NameImporter {
  /** Takes over what some regions of XMP say of faces, as one action; false where none waits. */
  importNames(): Promise<boolean>;
}

const LONGEST_NAME = 200;
const MOST_FACES = 10_000;
const NEAREST = 60;
/** Boxes smaller than this share of a photo's side are slips of the hand. */
const LEAST_SIDE = 0.004;

/** Faces that an action is about, by what the clustering knows of them. */
interface Known {
  readonly compared: readonly number[];
  /** Without a vector: only the database has them. */
  readonly others: readonly number[];
}

/** What an action is, as the list of actions keeps it. */
interface Action<T> {
  readonly kind: ActionKind;
  readonly personId: number | null;
  /** People it is about besides of those whom the clustering changes. */
  readonly people?: readonly number[];
  /** Faces that it changes besides of the clustering. */
  readonly faces?: readonly number[];
  readonly drawn?: readonly number[];
  readonly removed?: readonly number[];
  readonly apart?: readonly (readonly [number, number])[];
  /** Nothing was done that could be taken back. */
  readonly isSilent?: boolean;
  readonly before?: (trx: Transaction<Tables>) => Promise<void>;
  readonly after: (trx: Transaction<Tables>) => Promise<T>;
}

export function createLibraryPeople(parts: PeopleParts): LibraryPeople & NameImporter {
  const { db, keeper, now } = parts;

  /** Runs an action and keeps it with all that it takes to undo it. */
  async function act<T>(plan: (steps: Steps) => Promise<Action<T>>): Promise<{ result: T; action: number }> {
    const done = await keepAction(plan);
    parts.onChange();
    return done;
  }

  async function keepAction<T>(plan: (steps: Steps) => Promise<Action<T>>): Promise<{ result: T; action: number }> {
    return keeper.change(async (steps): Promise<Plan<{ result: T; action: number }>> => {
      const changes: PeopleChange[] = [];
      const {
        kind,
        personId,
        people = [],
        faces = [],
        drawn = [],
        removed = [],
        apart = [],
        isSilent = false,
        before,
        after,
      } = await plan({
        ask: (question) => steps.ask(question),
        async act(each: ClusterAction) {
          const made = await steps.act(each);
          changes.push(...made);
          return made;
        },
      });
      let rows: readonly PersonRow[] = [];
      let facesBefore: readonly FaceBefore[] = [];
      return {
        people,
        async before(trx) {
          rows = await readPeopleRows(trx, [...new Set([...peopleOf(changes), ...people])]);
          facesBefore = await readFacesBefore(trx, [...new Set([...faces, ...removed])]);
          await before?.(trx);
        },
        async after(trx) {
          const result = await after(trx);
          if (isSilent) return { result, action: 0 };
          const undo = { changes, people: rows, faces: facesBefore, apart, drawn, removed };
          return { result, action: await noteAction(trx, { kind, personId, undo }, now()) };
        },
      };
    });
  }

  /** Faces by their ids, each of which has to be there; those that wait to be compared are compared first. */
  async function know(steps: Steps, ids: readonly number[]): Promise<Known & { readonly placed: readonly number[] }> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0 || wanted.length > MOST_FACES) {
      throw new FocalError('invalid-argument', `Expected 1 to ${MOST_FACES} faces, got ${wanted.length}.`);
    }
    const rows = await db
      .selectFrom('faces')
      .select('id')
      .where('id', 'in', wanted)
      .where('is_face', '=', true)
      .where(isFaceSeen)
      .execute();
    const there = new Set(rows.map(({ id }) => id));
    const missing = wanted.find((id) => !there.has(id));
    if (missing !== undefined) throw noSuchFace(missing);
    const waiting = await listUnplaced(db, wanted.length, wanted);
    if (waiting.length > 0) await steps.act({ kind: 'place', faces: waiting, gone: [] });
    const compared = await steps.ask({ kind: 'faces', ids: wanted });
    return {
      compared,
      others: wanted.filter((id) => !compared.includes(id)),
      placed: waiting.map(({ id }) => id),
    };
  }

  async function isCompared(steps: Steps, person: number): Promise<boolean> {
    return (await steps.ask({ kind: 'people', ids: [person] })).length > 0;
  }

  /** These faces become this person's, whether the clustering knows the person or not. */
  async function give(steps: Steps, { compared }: Known, person: number): Promise<void> {
    if (compared.length === 0) return;
    if (await isCompared(steps, person)) {
      for (const face of compared) await steps.act({ kind: 'confirm', face, person });
    } else {
      await steps.act({ kind: 'split', faces: compared, as: person });
    }
  }

  async function giveOthers(trx: Transaction<Tables>, faces: readonly number[], person: number | null): Promise<void> {
    if (faces.length === 0) return;
    await trx
      .updateTable('faces')
      .set({ person_id: person })
      .where('id', 'in', [...faces])
      .execute();
  }

  async function move(faces: readonly number[], person: number) {
    await getPerson(db, person);
    const { action } = await act(async (steps) => {
      const known = await know(steps, faces);
      const owners = await ownersOf(db, known.others);
      await give(steps, known, person);
      return {
        kind: 'move',
        personId: person,
        people: [person, ...owners],
        faces,
        async after(trx) {
          await markPlaced(trx, known.placed);
          await giveOthers(trx, known.others, person);
          await confirm(trx, faces);
          await keepPerson(trx, person);
        },
      };
    });
    return { action, person: await getPerson(db, person) };
  }

  async function merge(into: number, from: readonly number[], { allowDoubles = false } = {}) {
    const goers = [...new Set(from)];
    if (goers.length === 0 || goers.includes(into)) {
      throw new FocalError('invalid-argument', 'Expected two different people to be merged.');
    }
    for (const id of [into, ...goers]) await getPerson(db, id);
    const { result: stays, action } = await act(async (steps) => {
      const compared = new Set(await steps.ask({ kind: 'people', ids: [into, ...goers] }));
      // Where only others have faces that are compared, one of them goes on.
      const target = compared.has(into) ? into : (goers.find((id) => compared.has(id)) ?? into);
      const gone = [into, ...goers].filter((id) => id !== target);
      const moved = await facesOnlyHere(db, gone, compared);
      for (const id of gone) {
        if (compared.has(id)) await steps.act({ kind: 'merge', into: target, from: id, allowDoubles });
      }
      return {
        kind: 'merge',
        personId: target,
        people: [target, ...gone],
        faces: moved,
        async before(trx) {
          // Faces are moved one after the other; what was chosen for people has to be read before they go.
          await inherit(trx, target, [into, ...goers]);
        },
        async after(trx) {
          await giveOthers(trx, moved, target);
          await keepPerson(trx, target);
          return target;
        },
      };
    });
    return { action, person: await getPerson(db, stays) };
  }

  async function split(faces: readonly number[], name?: string) {
    const text = name === undefined ? undefined : checkName(name);
    const { result: created, action } = await act(async (steps) => {
      const known = await know(steps, faces);
      const owners = await ownersOf(db, known.others);
      const person = await split_(steps, known);
      return {
        kind: 'split',
        personId: person,
        people: [person, ...owners],
        faces,
        before: (trx) => addPeople(trx, [person], now()),
        async after(trx) {
          await markPlaced(trx, known.placed);
          await giveOthers(trx, known.others, person);
          await confirm(trx, faces);
          await keepPerson(trx, person);
          if (text !== undefined)
            await trx.updateTable('people').set({ name: text }).where('id', '=', person).execute();
          return person;
        },
      };
    });
    return { action, person: await getPerson(db, created) };
  }

  async function split_(steps: Steps, { compared }: Known): Promise<number> {
    if (compared.length === 0) return steps.ask({ kind: 'reserve' });
    const changes = await steps.act({ kind: 'split', faces: compared });
    const [created] = changes.flatMap((change) => change.created);
    if (created === undefined) throw new Error('Expected a person to be made.');
    return created;
  }

  async function reject(faces: readonly number[], person?: number) {
    const { action } = await act(async (steps) => {
      const known = await know(steps, faces);
      const owners = await ownersOf(db, known.others);
      for (const face of known.compared) {
        await steps.act({ kind: 'reject', face, ...(person !== undefined && { person }) });
      }
      return {
        kind: 'reject',
        personId: person ?? null,
        people: owners,
        faces,
        async after(trx) {
          await markPlaced(trx, known.placed);
          await giveOthers(trx, known.others, null);
          await trx
            .updateTable('faces')
            .set({ is_confirmed: false })
            .where('id', 'in', [...faces])
            .execute();
        },
      };
    });
    return { action };
  }

  async function keepApart(a: number, b: number) {
    if (a === b) throw new FocalError('invalid-argument', 'Expected two different people.');
    await getPerson(db, a);
    await getPerson(db, b);
    const { action } = await act(async (steps) => {
      const both = (await steps.ask({ kind: 'people', ids: [a, b] })).length === 2;
      if (both) await steps.act({ kind: 'keep-apart', people: [a, b] });
      const pair = [Math.min(a, b), Math.max(a, b)] as const;
      return {
        kind: 'apart',
        personId: a,
        people: [a, b],
        apart: both ? [] : [pair],
        async after(trx) {
          await trx
            .insertInto('people_apart')
            .values({ one_id: pair[0], other_id: pair[1] })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
          await keepPerson(trx, a);
          await keepPerson(trx, b);
        },
      };
    });
    return { action };
  }

  async function change(id: number, given: PersonChange) {
    const { name, isFavourite, isHidden, coverFaceId } = given;
    const set = {
      ...(name !== undefined && { name: checkName(name) }),
      ...(isFavourite !== undefined && { is_favourite: isFavourite }),
      ...(isHidden !== undefined && { is_hidden: isHidden }),
      ...(coverFaceId !== undefined && { cover_face_id: coverFaceId }),
    };
    const kind = kindOf(given);
    await getPerson(db, id);
    if (coverFaceId !== undefined && coverFaceId !== null) await assertTheirs(db, coverFaceId, id);
    const { action } = await act(async (steps) => {
      if (await isCompared(steps, id)) await steps.act({ kind: 'keep', person: id });
      return {
        kind,
        personId: id,
        people: [id],
        async after(trx) {
          const { numUpdatedRows } = await trx
            .updateTable('people')
            .set({ ...set, is_kept: true, ...(set.name !== undefined && { is_name_imported: false }) })
            .where('id', '=', id)
            .executeTakeFirst();
          if (numUpdatedRows === 0n) throw noSuchPerson(id);
        },
      };
    });
    const sameName = set.name === undefined || set.name === '' ? [] : await findByName(db, set.name, id);
    return { action, person: await getPerson(db, id), sameName };
  }

  async function draw(asset: number, box: Box, who: { readonly person?: number; readonly name?: string } = {}) {
    assertBox(box);
    const name = who.name === undefined ? undefined : checkName(who.name);
    if (who.person !== undefined && name !== undefined) {
      throw new FocalError('invalid-argument', 'Expected a person or the name of a new one, got both.');
    }
    if (who.person !== undefined) await getPerson(db, who.person);
    const old = await findFaceAt(db, asset, box);
    if (old !== undefined) {
      // It was found already: only who it is, is said.
      const moved =
        who.person !== undefined
          ? await move([old], who.person)
          : name !== undefined
            ? await split([old], name)
            : undefined;
      if (moved === undefined) {
        throw new FocalError('exists', 'There is a face here already.', { hint: 'Say who it is.' });
      }
      return { action: moved.action, face: await faceOf(old) };
    }
    const seen = await parts.faceIn(asset, box);
    const { result, action } = await act(async (steps) => {
      const { rows } = await sql<{
        id: number;
      }>`select nextval(pg_get_serial_sequence('faces', 'id'))::integer as id`.execute(db);
      const id = rows[0]?.id ?? 0;
      const known: Known = seen === undefined ? { compared: [], others: [id] } : { compared: [id], others: [] };
      if (seen !== undefined) {
        const { vector, quality } = seen;
        await steps.act({
          kind: 'place',
          faces: [{ id, assetId: asset, quality: quality.overall, vector }],
          gone: [],
        });
      }
      const person = who.person ?? (name === undefined ? undefined : await split_(steps, known));
      if (who.person !== undefined) await give(steps, known, who.person);
      return {
        kind: 'draw',
        personId: person ?? null,
        people: person === undefined ? [] : [person],
        drawn: [id],
        async before(trx) {
          if (person !== undefined) await addPeople(trx, [person], now());
          await insertDrawn(trx, { id, asset, box, seen });
        },
        async after(trx) {
          if (person !== undefined) {
            await giveOthers(trx, known.others, person);
            await confirm(trx, [id]);
            await keepPerson(trx, person);
            if (name !== undefined) await trx.updateTable('people').set({ name }).where('id', '=', person).execute();
          }
          await countFaces(trx, [asset]);
          return id;
        },
      };
    });
    return { action, face: await faceOf(result) };
  }

  async function faceOf(id: number): Promise<PersonFace> {
    const [face] = await readFaces(db, [id]);
    if (face === undefined) throw noSuchFace(id);
    return face;
  }

  async function removeFaces(faces: readonly number[]) {
    const { action } = await act(async (steps) => {
      const known = await know(steps, faces);
      const owners = await ownersOf(db, faces);
      if (known.compared.length > 0) await steps.act({ kind: 'remove', faces: known.compared });
      return {
        kind: 'remove-faces',
        personId: null,
        people: owners,
        removed: [...known.compared, ...known.others],
        async after(trx) {
          const rows = await trx
            .updateTable('faces')
            .set({
              is_face: false,
              person_id: null,
              look: 0,
              is_pinned: false,
              is_confirmed: false,
              not_people: [],
              placed_revision: 0,
            })
            .where('id', 'in', [...faces])
            .returning('asset_id')
            .execute();
          await countFaces(trx, [...new Set(rows.map(({ asset_id }) => asset_id))]);
        },
      };
    });
    return { action };
  }

  async function hideFaces(faces: readonly number[]) {
    const { action } = await act(async (steps) => {
      const known = await know(steps, faces);
      const owners = await ownersOf(db, faces);
      const hidden = new Map<number, number>();
      for (const face of [...known.compared, ...known.others]) {
        const isCompared = known.compared.includes(face);
        hidden.set(face, await split_(steps, { compared: isCompared ? [face] : [], others: isCompared ? [] : [face] }));
      }
      const people = [...hidden.values()];
      return {
        kind: 'hide-faces',
        personId: null,
        people: [...people, ...owners],
        faces,
        before: (trx) => addPeople(trx, people, now()),
        async after(trx) {
          await markPlaced(trx, known.placed);
          for (const face of known.others) await giveOthers(trx, [face], hidden.get(face) ?? null);
          await confirm(trx, faces);
          await trx.updateTable('people').set({ is_hidden: true, is_kept: true }).where('id', 'in', people).execute();
        },
      };
    });
    return { action };
  }

  async function setDouble(asset: number, isDouble: boolean) {
    const row = await db.selectFrom('assets').select('id').where('id', '=', asset).where(isSeen()).executeTakeFirst();
    if (row === undefined) throw new FocalError('not-found', `There is no photo or video ${asset} in the library.`);
    const { action } = await act(async (steps) => {
      const frames = await db.selectFrom('faces').select('at_ms').distinct().where('asset_id', '=', asset).execute();
      const photos = new Set([toPhotoKey(asset, null), ...frames.map(({ at_ms }) => toPhotoKey(asset, at_ms))]);
      for (const photo of photos) await steps.act({ kind: 'double', photo, isDouble });
      return { kind: 'double', personId: null, after: async () => undefined };
    });
    return { action };
  }

  async function suggest({ limit = 20, person }: { readonly limit?: number; readonly person?: number } = {}) {
    if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
      throw new FocalError('invalid-argument', `Expected a whole number from 1 to 200 for limit, got ${limit}.`);
    }
    if (person !== undefined) {
      await getPerson(db, person);
      if ((await keeper.ask({ kind: 'people', ids: [person] })).length === 0) return [];
    }
    // More than are wanted: some are of hidden people or of photos that do not show.
    const raw = await keeper.ask({ kind: 'suggest', limit: limit * 3, ...(person !== undefined && { person }) });
    const people = new Map(
      (
        await readPeople(
          db,
          raw.flatMap((each) => (each.kind === 'same-person' ? each.people : [each.person])),
        )
      )
        .filter(({ isHidden, faces }) => !isHidden && faces > 0)
        .map((each) => [each.id, each]),
    );
    const faces = new Map(
      (
        await readFaces(
          db,
          raw.flatMap((each) => (each.kind === 'is-person' ? [Number(each.face)] : [])),
        )
      ).map((face) => [face.id, face]),
    );
    return raw
      .flatMap((each): Suggestion[] => {
        if (each.kind === 'is-person') {
          const [face, somebody] = [faces.get(Number(each.face)), people.get(each.person)];
          return face === undefined || somebody === undefined
            ? []
            : [{ kind: 'is-person', face, person: somebody, distance: each.distance }];
        }
        const [one, other] = each.people.map((id) => people.get(id));
        if (one === undefined || other === undefined) return [];
        // Who has a name goes on.
        const isTurned = one.name === '' && other.name !== '';
        return [{ kind: 'same-person', people: isTurned ? [other, one] : [one, other], distance: each.distance }];
      })
      .slice(0, limit);
  }

  /** See [Note: names of other programs]. */
  async function takeNames(): Promise<boolean> {
    const waiting = await listNamedRegions(db);
    if (waiting.length === 0) return false;
    const regions: NamedRegion[] = [];
    for (const region of waiting) {
      if (region.face !== undefined || !isInside(region.box)) regions.push(region);
      // A photo that is away, or broken, shows nobody: the region is a face all the same.
      else regions.push({ ...region, seen: await parts.faceIn(region.asset, region.box).catch(() => undefined) });
    }
    const known = regions.filter(({ face, box }) => face !== undefined || isInside(box));
    let isNews = false;
    await keepAction(async (steps) => {
      const made = known.length === 0 ? undefined : await importNames(db, steps, known);
      isNews = made !== undefined;
      return {
        kind: 'import-names',
        personId: null,
        isSilent: made === undefined,
        people: made?.people ?? [],
        faces: made?.faces ?? [],
        drawn: made?.drawn ?? [],
        before: async (trx) => made?.before(trx, now()),
        async after(trx) {
          await made?.after(trx);
          await markApplied(trx, regions);
        },
      };
    });
    if (isNews) parts.onChange();
    return true;
  }

  return {
    importNames: takeNames,
    list(options) {
      parts.onLook();
      return listPeople(db, options);
    },
    get: (id) => getPerson(db, id),
    async faces(id, options = {}) {
      if (id !== null) await getPerson(db, id);
      return listFaces(db, id, options);
    },
    change,
    merge,
    split,
    move,
    reject,
    keepApart,
    draw,
    removeFaces,
    hideFaces,
    setDouble,
    suggest,
    answer(answer) {
      if (answer.kind === 'is-person') {
        const { face, person, isSo } = answer;
        return isSo ? move([face], person) : reject([face], person);
      }
      const [one, other] = answer.people;
      return answer.isSo ? merge(one, [other]) : keepApart(one, other);
    },
    actions: (limit = 50) => listActions(db, limit),
    async undo(action) {
      const undone = await undoLast(db, keeper, action, now);
      parts.onChange();
      return undone;
    },
    async search(picture, { limit = 20, face: which = 0, signal } = {}) {
      const found = await parts.facesOf(picture, signal);
      const face = found[which];
      if (found.length === 0) {
        throw new FocalError('not-found', 'No face is seen in this picture.', { hint: 'Take one that shows a face.' });
      }
      if (face === undefined) {
        throw new FocalError('not-found', `The picture shows ${found.length} faces, and not one more.`, {
          hint: `Choose one of the first ${found.length}.`,
        });
      }
      const near = await keeper.ask({ kind: 'nearest', vector: face.vector, limit: NEAREST });
      return describeNear(db, { box: face.box, boxes: found.map(({ box }) => box) }, near, limit);
    },
    async resembling(id, { limit = 20 } = {}) {
      const { box } = await faceOf(id);
      const row = await db.selectFrom('faces').select('vector').where('id', '=', id).executeTakeFirst();
      const numbers = row?.vector ?? [];
      if (numbers.length !== VECTOR_LENGTH) {
        throw new FocalError('not-found', 'This face cannot be compared: no face is seen where it was drawn.', {
          hint: 'Take another photo of the same person.',
        });
      }
      const vector = Float32Array.from(numbers);
      const near = await keeper.ask({ kind: 'nearest', vector, limit: NEAREST });
      const others = near.filter((each) => Number(each.id) !== id);
      return describeNear(db, { box, boxes: [box] }, others, limit);
    },
  };
}

async function describeNear(
  db: Kysely<Tables>,
  of: Pick<FaceSearch, 'box' | 'boxes'>,
  near: readonly NearFace[],
  limit: number,
): Promise<FaceSearch> {
  const distances = new Map<number, number>();
  for (const { person, distance } of near) {
    if (person !== 0) distances.set(person, Math.min(distance, distances.get(person) ?? Number.POSITIVE_INFINITY));
  }
  const people = await readPeople(db, [...distances.keys()]);
  const faces = await readFaces(
    db,
    near.map(({ id }) => Number(id)),
  );
  const byFace = new Map(near.map(({ id, distance }) => [Number(id), distance]));
  return {
    ...of,
    people: people
      .filter(({ faces: count }) => count > 0)
      .map((person) => ({ person, distance: distances.get(person.id) ?? 0 }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, limit),
    faces: faces.map((face) => ({ face, distance: byFace.get(face.id) ?? 0 })).slice(0, limit),
  };
}

function kindOf({ name, isFavourite, isHidden, coverFaceId }: PersonChange): ActionKind {
  if (name !== undefined) return 'rename';
  if (isFavourite !== undefined) return 'favourite';
  if (isHidden !== undefined) return 'hide';
  if (coverFaceId !== undefined) return 'cover';
  throw new FocalError('invalid-argument', 'Expected something to change, got nothing.');
}

async function findByName(db: Kysely<Tables>, name: string, except: number): Promise<readonly Person[]> {
  const { rows } = await sql<{ id: number }>`select id from people
    where lower(name) = lower(${name}) and name <> '' and id <> ${except} order by faces desc limit 20`.execute(db);
  return readPeople(
    db,
    rows.map(({ id }) => id),
  );
}

/** The one who goes on takes over what they lack, from the first who has it. */
async function inherit(trx: Transaction<Tables>, target: number, order: readonly number[]): Promise<void> {
  const rows = await readPeopleRows(trx, order);
  const ordered = order.flatMap((id) => rows.find((row) => row.id === id) ?? []);
  const named = ordered.find(({ name }) => name !== '');
  await trx
    .updateTable('people')
    .set({
      name: named?.name ?? '',
      is_name_imported: named?.is_name_imported ?? false,
      is_favourite: ordered.some(({ is_favourite }) => is_favourite),
      is_hidden: ordered[0]?.is_hidden ?? false,
      cover_face_id: ordered.find(({ cover_face_id }) => cover_face_id !== null)?.cover_face_id ?? null,
    })
    .where('id', '=', target)
    .execute();
}

async function keepPerson(trx: Transaction<Tables>, id: number): Promise<void> {
  await trx.updateTable('people').set({ is_kept: true }).where('id', '=', id).execute();
}

function isInside({ x, y, width, height }: Box): boolean {
  const isWithin = x >= 0 && y >= 0 && x + width <= 1.000001 && y + height <= 1.000001;
  return isWithin && width >= LEAST_SIDE && height >= LEAST_SIDE;
}

function assertBox(box: Box): void {
  if (isInside(box)) return;
  throw new FocalError('invalid-argument', 'Expected a box within the photo, in fractions from 0 to 1.', {
    hint: `Each side takes at least ${LEAST_SIDE} of the photo's.`,
  });
}

function checkName(name: string): string {
  const text = name.trim();
  if (text.length <= LONGEST_NAME && !text.includes('\0')) return text;
  throw new FocalError('invalid-argument', `Expected a name of at most ${LONGEST_NAME} characters.`);
}
