import { readFile } from 'node:fs/promises';
import type {
  AssetDetails,
  AssetPage,
  FacePage,
  FaceSearch,
  PeoplePage,
  Person,
  PersonFace,
  Suggestion,
} from '@focal/library';
import type { ExitCode } from './exit-codes.ts';
import { findPerson } from './find-person.ts';
import type { LibraryClient } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { runLibraryTask, type TaskOutput } from './library-task.ts';
import { toTableLines } from './models-command.ts';
import type { PeopleTask } from './people-program.ts';
import { toReadError } from './read-error.ts';

const PAGE = 500;

type Task<Name extends PeopleTask['do']> = Extract<PeopleTask, { do: Name }>;

interface Acted {
  readonly action: number;
  readonly person: Person;
}

/** `focal people`. */
export async function runPeople(request: LibraryRequest & { readonly task: PeopleTask }): Promise<ExitCode> {
  return runLibraryTask(request, READS, perform);
}

/** What only tells; all else says what it has done, unless `--quiet`. */
const READS: ReadonlySet<PeopleTask['do']> = new Set(['list', 'show', 'faces', 'suggest', 'search']);

async function perform(client: LibraryClient, task: PeopleTask): Promise<TaskOutput> {
  switch (task.do) {
    case 'list':
      return list(client, task);
    case 'show':
      return show(client, task);
    case 'faces':
      return listFaces(client, task);
    case 'suggest':
      return suggest(client, task);
    case 'search':
      return search(client, task);
    case 'name':
      return name(client, task);
    case 'merge': {
      const into = await findPerson(client, task.into);
      const from = await Promise.all(task.from.map(async (each) => (await findPerson(client, each)).id));
      const body = { into: into.id, from, allowDoubles: task.allowDoubles };
      const done = await client.ask<Acted>('POST', '/v1/library/people/merge', body);
      return said(done, `${title(done.person)} is one person now, with ${done.person.faces} faces.`);
    }
    case 'apart': {
      const [one, other] = [await findPerson(client, task.people[0]), await findPerson(client, task.people[1])];
      const done = await client.ask<object>('POST', '/v1/library/people/apart', { people: [one.id, other.id] });
      return said(done, `${title(one)} and ${title(other)} are two people.`);
    }
    case 'split': {
      const body = { faces: task.faces, ...(task.name !== undefined && { name: task.name }) };
      const done = await client.ask<Acted>('POST', '/v1/library/people/split', body);
      return said(done, `They are ${title(done.person)} now.`);
    }
    case 'move': {
      const { id } = await findPerson(client, task.person);
      const done = await client.ask<Acted>('POST', `/v1/library/people/${id}/faces`, { faces: task.faces });
      return said(done, `They are ${title(done.person)} now.`);
    }
    case 'reject': {
      const person = task.person === undefined ? undefined : (await findPerson(client, task.person)).id;
      const body = { faces: task.faces, ...(person !== undefined && { person }) };
      return said(await client.ask<object>('POST', '/v1/library/faces/reject', body), 'They are somebody else.');
    }
    case 'no-face': {
      const done = await client.ask<object>('POST', '/v1/library/faces/remove', { faces: task.faces });
      return said(done, 'They are no faces.');
    }
    case 'hide':
    case 'favourite': {
      const key = task.do === 'hide' ? 'isHidden' : 'isFavourite';
      const done = await change(client, task.person, { [key]: task.isSo });
      const what = task.do === 'hide' ? (task.isSo ? 'hidden' : 'shown') : task.isSo ? 'a favourite' : 'no favourite';
      return said(done, `${title(done.person)} is ${what} now.`);
    }
    case 'cover': {
      const done = await change(client, task.person, { coverFaceId: task.face });
      return said(done, `Face ${done.person.coverFaceId ?? '?'} stands for ${title(done.person)} now.`);
    }
    case 'undo': {
      const done = await client.ask<{ undone: string }>('POST', '/v1/library/people/undo', {});
      return said(done, `Taken back: ${UNDONE[done.undone] ?? done.undone}.`);
    }
  }
}

const UNDONE: Readonly<Record<string, string>> = {
  rename: 'the name',
  favourite: 'the favourite',
  hide: 'hiding or showing',
  cover: 'the cover',
  merge: 'that people are one',
  split: 'that faces are another person',
  move: 'who faces are',
  reject: 'who faces are not',
  apart: 'that people are two',
  draw: 'the face that was drawn',
  'remove-faces': 'that faces are none',
  'hide-faces': 'that faces are of people who are hidden',
  'import-names': 'names that other programs gave',
  double: 'whether one person may be seen twice',
};

async function list(client: LibraryClient, { hidden, named, minFaces, limit }: Task<'list'>): Promise<TaskOutput> {
  const people: Person[] = [];
  for (let cursor: string | undefined; people.length < limit; ) {
    const query = new URLSearchParams({
      limit: String(Math.min(PAGE, limit - people.length)),
      minFaces: String(minFaces),
    });
    if (hidden) query.set('hidden', 'true');
    if (named) query.set('named', 'true');
    if (cursor !== undefined) query.set('cursor', cursor);
    const page = await client.ask<PeoplePage>('GET', `/v1/library/people?${query.toString()}`);
    people.push(...page.people);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  if (people.length === 0) {
    return {
      lines: ['Nobody is listed. People are found as photos are looked at: focal library add FOLDER'],
      values: [],
    };
  }
  const rows = people.map(({ id, name: given, faces, isFavourite }) => [
    String(id),
    given === '' ? '-' : given,
    String(faces),
    isFavourite ? 'favourite' : '',
  ]);
  return {
    lines: toTableLines([['id', 'name', 'faces', ''], ...rows]),
    values: people,
  };
}

async function show(client: LibraryClient, { person, limit }: Task<'show'>): Promise<TaskOutput> {
  const { id } = await findPerson(client, person);
  const assets: AssetDetails[] = [];
  for (let cursor: string | undefined; assets.length < limit; ) {
    const query = new URLSearchParams({ person: String(id), limit: String(Math.min(PAGE, limit - assets.length)) });
    if (cursor !== undefined) query.set('cursor', cursor);
    const page = await client.ask<AssetPage>('GET', `/v1/library/assets?${query.toString()}`);
    for (const each of page.assets) assets.push(await client.ask<AssetDetails>('GET', `/v1/library/assets/${each.id}`));
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return { lines: assets.map(({ id: asset, places }) => places[0]?.path ?? `asset ${asset}`), values: assets };
}

async function listFaces(client: LibraryClient, { person, limit }: Task<'faces'>): Promise<TaskOutput> {
  const path = person === undefined ? 'faces/unknown' : `people/${(await findPerson(client, person)).id}/faces`;
  const faces: PersonFace[] = [];
  for (let cursor: string | undefined; faces.length < limit; ) {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE, limit - faces.length)) });
    if (cursor !== undefined) query.set('cursor', cursor);
    const page = await client.ask<FacePage>('GET', `/v1/library/${path}?${query.toString()}`);
    faces.push(...page.faces);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  if (faces.length === 0) return { lines: ['There are no such faces.'], values: [] };
  const photos = new Map<number, string>();
  for (const { assetId } of faces) {
    if (photos.has(assetId)) continue;
    const { places } = await client.ask<AssetDetails>('GET', `/v1/library/assets/${assetId}`);
    photos.set(assetId, places[0]?.path ?? '');
  }
  const rows = faces.map(({ id, assetId, quality, isConfirmed, isDrawn }) => [
    String(id),
    quality.toFixed(2),
    isDrawn ? 'drawn' : isConfirmed ? 'confirmed' : '',
    photos.get(assetId) ?? '',
  ]);
  const values = faces.map((face) => ({ ...face, path: photos.get(face.assetId) ?? '' }));
  return {
    lines: toTableLines([['face', 'quality', '', 'photo'], ...rows]),
    values,
  };
}

async function name(client: LibraryClient, task: Task<'name'>): Promise<TaskOutput> {
  const done = await change<Acted & { sameName: readonly Person[] }>(client, task.person, { name: task.name });
  const lines = [`Person ${done.person.id} is ${done.person.name === '' ? 'without a name' : done.person.name} now.`];
  for (const other of done.sameName) {
    lines.push(`Person ${other.id} has that name, too. One person? focal people merge ${done.person.id} ${other.id}`);
  }
  return { lines, values: [done] };
}

async function suggest(client: LibraryClient, { person, limit }: Task<'suggest'>): Promise<TaskOutput> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (person !== undefined) query.set('person', String((await findPerson(client, person)).id));
  const { suggestions } = await client.ask<{ suggestions: readonly Suggestion[] }>(
    'GET',
    `/v1/library/people/suggestions?${query.toString()}`,
  );
  if (suggestions.length === 0) return { lines: ['There is nothing to ask.'], values: [] };
  const lines = suggestions.flatMap((each) => {
    if (each.kind === 'is-person') {
      const { face, person: who } = each;
      return [
        `Is face ${face.id} ${title(who)}?`,
        `  yes: focal people move ${who.id} ${face.id}`,
        `  no:  focal people reject ${face.id} --person ${who.id}`,
      ];
    }
    const [one, other] = each.people;
    return [
      `Are ${title(one)} and ${title(other)} one person?`,
      `  yes: focal people merge ${one.id} ${other.id}`,
      `  no:  focal people apart ${one.id} ${other.id}`,
    ];
  });
  return { lines, values: suggestions };
}

async function search(client: LibraryClient, { picture, limit, face }: Task<'search'>): Promise<TaskOutput> {
  const bytes = await readFile(picture).catch((error: unknown) => {
    throw toReadError(error, 'picture', picture);
  });
  const found = await client.ask<FaceSearch>(
    'POST',
    `/v1/library/people/search?limit=${limit}&face=${face - 1}`,
    new Uint8Array(bytes),
  );
  if (found.people.length === 0) return { lines: ['Nobody in the library resembles this face.'], values: [found] };
  const rows = found.people.map(({ person, distance }) => [
    String(person.id),
    person.name === '' ? '-' : person.name,
    String(person.faces),
    distance.toFixed(2),
  ]);
  return {
    lines: toTableLines([['id', 'name', 'faces', 'distance'], ...rows]),
    values: [found],
  };
}

async function change<T extends Acted = Acted>(client: LibraryClient, person: string, body: object): Promise<T> {
  const { id } = await findPerson(client, person);
  return client.ask<T>('PATCH', `/v1/library/people/${id}`, body);
}

function said(value: object, line: string): TaskOutput {
  return { lines: [line], values: [value] };
}

function title({ id, name: given }: Person): string {
  return given === '' ? `person ${id}` : given;
}
