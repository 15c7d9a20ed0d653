import { foldName } from '../places/fold-name.ts';
import { QueryError, SORTS } from './ast.ts';
import { COLOR_WORDS } from './colors.ts';
import { quoteIfNeeded } from './tokens.ts';
import type { KnownName } from './vocabulary.ts';

/** Something that could stand where one is writing. */
export interface SearchSuggestion {
  readonly kind: KnownName['kind'] | 'word' | 'date' | 'key';
  /** For people. */
  readonly label: string;
  /** What to write in place of the letters from `offset` on, `length` of them. */
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  readonly count?: number;
}

type Candidate = Omit<SearchSuggestion, 'offset' | 'length'> & { readonly others?: readonly string[] };

/** Values of keys that are the same in every library. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  is: ['favourite', 'smiling', 'screenshot', 'edited', 'duplicate'],
  type: ['photo', 'video'],
  orientation: ['landscape', 'portrait', 'square'],
  color: COLOR_WORDS,
  sort: SORTS,
  rating: ['5', '4..', '3..', '0'],
  faces: ['1', '2', '3..', '0'],
  size: ['>12mp', '<1mp', '>20mb'],
  date: ['today', 'this week', 'this month', 'last month', 'this year', 'last year', 'last summer', 'last 30 days'],
};
const KINDS: Readonly<Record<string, KnownName['kind']>> = {
  person: 'person',
  who: 'person',
  people: 'person',
  thing: 'thing',
  place: 'place',
  in: 'place',
  album: 'album',
  camera: 'camera',
};
const ALIASES: Readonly<Record<string, string>> = { colour: 'color', when: 'date' };
const WORDS: readonly Candidate[] = [
  ...['favourites', 'smiling', 'videos', 'photos', 'screenshots', 'edited'].map(
    (word): Candidate => ({ kind: 'word', label: word, text: word }),
  ),
  { kind: 'word', label: 'duplicates', text: 'is:duplicate' },
  ...['today', 'this week', 'this month', 'last month', 'this year', 'last year', 'last summer', 'last winter'].map(
    (words): Candidate => ({ kind: 'date', label: words, text: words }),
  ),
  ...['person', 'place', 'album', 'camera', 'color', 'date', 'rating', 'faces', 'size', 'orientation', 'sort'].map(
    (key): Candidate => ({ kind: 'key', label: `${key}:`, text: `${key}:` }),
  ),
];
/** Words that may be one name. */
const MOST_WORDS = 3;

/**
 * What could stand where one is writing, the likeliest first: names that begin with what is written, or one of whose
 * words does.
 *
 * @param at where in the text one is
 */
export function suggest(
  text: string,
  at: number,
  names: readonly KnownName[],
  most: number,
): readonly SearchSuggestion[] {
  const before = text.slice(0, at);
  const keyed = /(?:^|[\s(|-])([a-zA-Z]+):("[^"]*|[^\s()|"]*)$/.exec(before);
  if (keyed !== null) {
    const [, key = '', value = ''] = keyed;
    const length = key.length + 1 + value.length;
    const written = foldName(value.replace(/^"/, ''));
    return rank(ofKey(key.toLowerCase(), names), written, most).map(place(at - length, length));
  }
  // Within quotes any text may stand.
  if ((before.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1) return [];
  const all = [...names.map(toCandidate), ...WORDS];
  const [tail = ''] = /[^()|":]*$/.exec(before) ?? [];
  // What follows a colon is the value of a chip.
  const isValue = before.at(-tail.length - 1) === ':' && /^\S/.test(tail);
  const words = [...tail.matchAll(/\S+/g)].slice(isValue ? 1 : 0);
  if (words.length === 0 || /\s$/.test(tail)) return rank(all, '', most).map(place(at, 0));
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count--) {
    const start = (words.at(-count) as RegExpMatchArray).index as number;
    const written = tail.slice(start).replace(/^-/, '');
    const found = rank(all, foldName(written), most);
    if (found.length > 0) return found.map(place(at - written.length, written.length));
  }
  return [];
}

const place =
  (offset: number, length: number) =>
  ({ kind, label, text, count }: Candidate): SearchSuggestion => ({
    kind,
    label,
    text,
    offset,
    length,
    ...(count !== undefined && { count }),
  });

function toCandidate({ kind, name, others, count }: KnownName): Candidate {
  return { kind, label: name, text: `${kind}:${quoteIfNeeded(name)}`, others, ...(count !== undefined && { count }) };
}

function ofKey(key: string, names: readonly KnownName[]): readonly Candidate[] {
  const kind = KINDS[key];
  if (kind !== undefined) return names.filter((each) => each.kind === kind).map(toCandidate);
  const name = ALIASES[key] ?? key;
  return (FIXED[name] ?? []).map((value) => ({
    kind: name === 'date' ? 'date' : 'word',
    label: value,
    text: `${name}:${quoteIfNeeded(value)}`,
  }));
}

/** Of names that fit equally well, those that come first stay first. Without anything written, some of each kind. */
function rank(candidates: readonly Candidate[], written: string, most: number): readonly Candidate[] {
  if (written === '') return someOfEach(candidates, most);
  const fits = (candidate: Candidate): number => {
    const label = foldName(candidate.label);
    if (label === written && candidate.text === candidate.label) return -1;
    if (label.startsWith(written)) return 3;
    if (label.split(/\s+/).some((word) => word.startsWith(written))) return 2;
    return (candidate.others ?? []).some((other) => foldName(other).startsWith(written)) ? 1 : -1;
  };
  return candidates
    .map((candidate) => ({ candidate, fit: fits(candidate) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** How many of a kind at most where nothing is written. */
const SOME: Readonly<Record<SearchSuggestion['kind'], number>> = {
  person: 3,
  thing: 3,
  place: 2,
  album: 1,
  camera: 0,
  word: 2,
  date: 1,
  key: 0,
};

function someOfEach(candidates: readonly Candidate[], most: number): readonly Candidate[] {
  const kinds = new Set(candidates.map(({ kind }) => kind));
  if (kinds.size === 1) return candidates.slice(0, most);
  const taken = new Map<string, number>();
  return candidates
    .filter(({ kind }) => {
      const count = (taken.get(kind) ?? 0) + 1;
      taken.set(kind, count);
      return count <= SOME[kind];
    })
    .slice(0, most);
}

/** Why a search cannot be understood, and by which part of it. */
export interface QueryProblem {
  readonly detail: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}

/** Undefined of errors that are not about a search. */
export function toQueryProblem(error: unknown): QueryProblem | undefined {
  if (!(error instanceof QueryError)) return undefined;
  const { message, hint, offset, length } = error;
  return { detail: message, ...(hint !== undefined && { hint }), offset, length };
}
