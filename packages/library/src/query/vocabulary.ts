import type { Kysely } from 'kysely';
import { listThings } from '../assets/overview.ts';
import { isPersonSeen } from '../assets/sight.ts';
import { listPlaces } from '../places/list-places.ts';
import { otherNamesOf } from '../places/other-names.ts';
import type { Tables } from '../store/tables.ts';
import { listCameras } from './resolve.ts';

/** Something of the library that searches can name. */
export interface KnownName {
  readonly kind: 'person' | 'thing' | 'place' | 'album' | 'camera';
  readonly name: string;
  /** What else it goes by. */
  readonly others: readonly string[];
  /** Photos, or faces of a person; absent where nobody counted. */
  readonly count?: number;
}

/** Counting all that is seen takes longer than a keystroke may. */
const KEPT_MS = 20_000;
const MOST_NAMES = 5000;

/** Names that searches in this library can hold, the most frequent first; kept for a while. */
export interface Vocabulary {
  names(): Promise<readonly KnownName[]>;
  /** Another thing may be seen now: what was kept is not told any more. */
  forget(): void;
}

export function createVocabulary(db: Kysely<Tables>, now: () => number): Vocabulary {
  let kept: { readonly at: number; readonly names: Promise<readonly KnownName[]> } | undefined;
  return {
    names() {
      if (kept === undefined || Math.abs(now() - kept.at) > KEPT_MS) {
        const names = readNames(db);
        kept = { at: now(), names };
        names.catch(() => {
          kept = undefined;
        });
      }
      return kept.names;
    },
    forget() {
      kept = undefined;
    },
  };
}

async function readNames(db: Kysely<Tables>): Promise<readonly KnownName[]> {
  const people = await db
    .selectFrom('people')
    .select(['name', 'faces'])
    .where('name', '<>', '')
    .where('is_hidden', '=', false)
    .where(isPersonSeen)
    .orderBy('faces', 'desc')
    .limit(MOST_NAMES)
    .execute();
  const albums = await db.selectFrom('albums').select('name').orderBy('position').limit(MOST_NAMES).execute();
  const cameras = await listCameras(db);
  const things = await listThings(db);
  const places = await listPlaces(db);
  const countries = new Map<string, number>();
  for (const { countryName, count } of places) countries.set(countryName, (countries.get(countryName) ?? 0) + count);
  return [
    ...people.map(({ name, faces }): KnownName => ({ kind: 'person', name, others: [], count: faces })),
    ...things.map(({ label, count }): KnownName => ({ kind: 'thing', name: label, others: [], count })),
    ...places.map(
      ({ name, country, countryName, count }): KnownName => ({
        kind: 'place',
        name,
        others: [...otherNamesOf(country, name), countryName],
        count,
      }),
    ),
    // Some cities are countries.
    ...[...countries]
      .filter(([country]) => places.every(({ name }) => name !== country))
      .map(([name, count]): KnownName => ({ kind: 'place', name, others: [], count })),
    ...albums.map(({ name }): KnownName => ({ kind: 'album', name, others: [] })),
    ...cameras.map((name): KnownName => ({ kind: 'camera', name, others: [] })),
  ];
}
