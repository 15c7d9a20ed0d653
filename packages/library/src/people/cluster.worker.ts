import { parentPort } from 'node:worker_threads';
import {
  createPeople,
  FocalError,
  type NewFace,
  type People,
  type PeopleChange,
  type PeopleState,
  type StoredFace,
  toErrorData,
} from '@focal/core';
import {
  type ActionAnswer,
  type ClusterAction,
  type ClusterAnswers,
  type ClusterMemory,
  type ClusterQuestion,
  type FaceRow,
  type FreshFace,
  type FromCluster,
  readVector,
  type ToCluster,
  toAssetId,
  toPhotoKey,
  VECTOR_LENGTH,
} from './cluster-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('This module runs as a worker thread only.');

/** Faces that are compared before others are listened to: some 20 ms among 100,000. */
const LINKED_AT_ONCE = 100;

let people: People | undefined;
/** Who waits for all faces to be compared. */
const waiting: number[] = [];
let loading: { readonly faces: StoredFace[]; readonly vectors: Float32Array[] } | undefined;

port.on('message', (message: ToCluster) => {
  const { id } = message;
  const send = (answer: FromCluster): void => port.postMessage(answer);
  if (message.type === 'link') {
    waiting.push(id);
    if (people?.link(0) !== false) tellLinked();
    return;
  }
  try {
    send({ id, ok: true, answer: work(message) });
  } catch (error) {
    send({ id, ok: false, error: toErrorData(error) });
  }
});

/** Compares faces bit by bit, until all are or others are known. */
function linkOn(known: People): void {
  if (known !== people) return;
  if (known.link(LINKED_AT_ONCE)) tellLinked();
  else setImmediate(linkOn, known);
}

function tellLinked(): void {
  for (const id of waiting.splice(0)) port?.postMessage({ id, ok: true, answer: undefined } satisfies FromCluster);
}

function work(message: Exclude<ToCluster, { type: 'link' }>): unknown {
  switch (message.type) {
    case 'begin':
      people = undefined;
      loading = { faces: [], vectors: [] };
      return undefined;
    case 'load':
      return load(message.rows);
    case 'end':
      people = createPeople({ state: toState(message.memory) });
      loading = undefined;
      setImmediate(linkOn, people);
      return undefined;
    case 'act': {
      const known = there();
      const changes = act(known, message.action);
      return { changes, next: known.next } satisfies ActionAnswer;
    }
    case 'ask':
      return ask(there(), message.question);
    case 'forget':
      people = undefined;
      loading = undefined;
      tellLinked();
      return undefined;
  }
}

function there(): People {
  if (people === undefined) throw new Error('People have not been loaded.');
  return people;
}

function load(rows: readonly FaceRow[]): undefined {
  if (loading === undefined) throw new Error('Loading has not begun.');
  const vectors = new Float32Array(rows.length * VECTOR_LENGTH);
  rows.forEach((row, i) => vectors.set(readVector(row.vector), i * VECTOR_LENGTH));
  loading.vectors.push(vectors);
  for (const { id, asset_id, at_ms, quality, person, look, is_pinned, not_people } of rows) {
    const isPlaced = person !== 0 && look !== 0;
    loading.faces.push({
      id: String(id),
      photo: toPhotoKey(asset_id, at_ms),
      quality,
      person: isPlaced ? person : 0,
      look: isPlaced ? look : 0,
      isPinned: isPlaced && is_pinned,
      not: not_people,
    });
  }
  return undefined;
}

function toState({ nextPerson, nextLook, kept, apart, doubles }: ClusterMemory): PeopleState {
  const { faces, vectors: pages } = loading ?? { faces: [], vectors: [] };
  const vectors = new Float32Array(faces.length * VECTOR_LENGTH);
  let at = 0;
  for (const page of pages) {
    vectors.set(page, at);
    at += page.length;
    page.fill(0);
  }
  const there = new Set(faces.map(({ person }) => person));
  // All frames of a video that shows somebody twice.
  const double = new Set(doubles);
  const frames = new Set(faces.map(({ photo }) => photo).filter((photo) => double.has(toAssetId(photo))));
  return {
    version: 1,
    dimensions: VECTOR_LENGTH,
    nextPerson,
    nextLook,
    faces: faces.map((face) => ({ ...face, not: face.not.filter((id) => there.has(id)) })),
    vectors,
    kept: kept.filter((id) => there.has(id)),
    apart: apart.filter(([a, b]) => there.has(a) && there.has(b)).map(([a, b]) => `${a},${b}`),
    doubles: [...new Set([...frames, ...doubles.map(String)])],
  };
}

function act(known: People, action: ClusterAction): readonly PeopleChange[] {
  switch (action.kind) {
    case 'place':
      return place(known, action.faces, action.gone);
    case 'put-back':
      return [known.putBack(action.faces.map((face) => ({ ...toFace(face), known: face.known })))];
    case 'remove':
      return [known.remove(action.faces.map(String))];
    case 'merge':
      return [known.merge(action.into, action.from, { allowDoubles: action.allowDoubles })];
    case 'split':
      return [known.split(action.faces.map(String), action.as === undefined ? {} : { as: action.as })];
    case 'reject':
      return [known.reject(String(action.face), action.person)];
    case 'confirm':
      return [known.confirm(String(action.face), action.person)];
    case 'keep-apart':
      return [known.keepApart(...action.people)];
    case 'keep':
      return [known.keep(action.person)];
    case 'double':
      return [known.setDouble(action.photo, action.isDouble)];
    case 'recluster':
      return [known.recluster()];
    case 'undo':
      return [known.undo(action.change)];
  }
}

function toFace({ id, assetId, atMs, quality, vector }: FreshFace): NewFace {
  return {
    id: String(id),
    photo: toPhotoKey(assetId, atMs),
    quality: Math.min(1, Math.max(0, quality)),
    vector: vector instanceof Float32Array ? vector : readVector(vector),
  };
}

function place(known: People, faces: readonly FreshFace[], gone: readonly number[]): readonly PeopleChange[] {
  // What no model gives would keep all others from being placed.
  const sound = faces.map(toFace).filter(({ vector }) => vector.every(Number.isFinite));
  const [old, fresh] = [sound.filter(({ id }) => has(known, id)), sound.filter(({ id }) => !has(known, id))];
  const away = gone.filter((id) => has(known, id));
  return [
    ...(away.length > 0 ? [known.remove(away.map(String))] : []),
    ...(old.length > 0 ? [known.revise(old)] : []),
    ...(fresh.length > 0 ? [known.add(fresh)] : []),
  ];
}

function has(known: People, id: number | string): boolean {
  try {
    known.face(String(id));
    return true;
  } catch (error) {
    if (error instanceof FocalError && error.code === 'not-found') return false;
    throw error;
  }
}

function ask(known: People, question: ClusterQuestion): ClusterAnswers[ClusterQuestion['kind']] {
  switch (question.kind) {
    case 'suggest': {
      const { limit, person } = question;
      return known.suggest(person === undefined ? { limit } : { limit, person });
    }
    case 'nearest':
      return known.nearest(question.vector, { limit: question.limit });
    case 'people':
      return question.ids.filter((id) => hasPerson(known, id));
    case 'faces':
      return question.ids.filter((id) => has(known, id));
    case 'reserve':
      return known.reserve();
  }
}

function hasPerson(known: People, id: number): boolean {
  try {
    known.facesOf(id);
    return true;
  } catch (error) {
    if (error instanceof FocalError && error.code === 'not-found') return false;
    throw error;
  }
}
