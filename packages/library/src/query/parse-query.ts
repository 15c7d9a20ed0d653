import { type Chip, type Condition, type Query, QueryError, SORTS } from './ast.ts';
import { CHIP_KEYS, failAt, formatChip, PLAIN_WORDS, type QueryOptions, readChip } from './chips.ts';
import { readDays } from './dates.ts';
import { nearestWord } from './nearest-word.ts';
import { createThingWords } from './things.ts';
import { type Token, tokenize } from './tokens.ts';

/** Words that may be one thing, date or name together. */
const MOST_WORDS = 4;
/** Parentheses within each other. */
const DEEPEST = 50;

/**
 * A search as people type it, as data. Words next to each other all have to fit; `or`, `not`, `-` and parentheses do what
 * they say; words that are no thing, date or name are looked for in names and captions. See docs/search.md.
 *
 * @throws QueryError that points at the part that cannot be understood.
 * @example
 * parseQuery('dogs last summer -car', { today: '2024-05-31' }).where
 * // and: thing dog, date 2023-06-01..2023-08-31, not thing car
 */
export function parseQuery(text: string, options: QueryOptions): Query {
  return parseSearch(text, options).query;
}

/** A part of a search that can be taken out of it, with its place in the text. */
export interface SearchPart {
  readonly offset: number;
  readonly length: number;
  /** Absent of a sort chip. */
  readonly where?: Condition;
  readonly sort?: Query['sort'];
}

/** {@link parseQuery} with the parts that stand side by side; an “or” of all is one part. */
export function parseSearch(
  text: string,
  options: QueryOptions,
): { readonly query: Query; readonly parts: readonly SearchPart[] } {
  const parts: SearchPart[] = [];
  let ors = 0;
  const tokens = tokenize(text);
  const things = createThingWords();
  const names = new Map(options.people?.map((name) => [name.toLowerCase(), name]));
  let at = 0;
  let sort: Query['sort'];

  const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
    token?.kind === 'word' && words.includes(token.text.toLowerCase());
  const isOr = (token: Token | undefined): boolean => token?.kind === '|' || isWord(token, 'or');

  const readOr = (depth: number): Condition | undefined => {
    const found: Condition[] = [];
    for (;;) {
      const part = readAnd(depth);
      const next = tokens[at];
      if (part !== undefined) found.push(part);
      if (!isOr(next)) return found.length > 1 ? { kind: 'or', parts: found } : found[0];
      const { offset, length } = next as Token;
      if (depth === 0) ors++;
      at++;
      const hasMore = at < tokens.length && tokens[at]?.kind !== ')' && !isOr(tokens[at]);
      if (part === undefined || !hasMore) {
        throw new QueryError(
          offset,
          length,
          'Expected something on both sides of “or”.',
          'To look for the word itself, put it in quotes.',
        );
      }
    }
  };

  const readAnd = (depth: number): Condition | undefined => {
    const found: Condition[] = [];
    for (let token = tokens[at]; token !== undefined && token.kind !== ')' && !isOr(token); token = tokens[at]) {
      if (isWord(token, 'and')) {
        at++;
        continue;
      }
      const part = readPart(token, depth);
      if (part !== undefined) found.push(part);
      const end = tokens[at - 1] as Token;
      const place = { offset: token.offset, length: end.offset + end.length - token.offset };
      if (depth === 0 && part !== undefined) parts.push({ ...place, where: part });
      else if (depth === 0) parts.push({ ...place, sort });
    }
    return found.length > 1 ? { kind: 'and', parts: found } : found[0];
  };

  const readPart = (token: Token, depth: number): Condition | undefined => {
    if (depth > DEEPEST)
      throw new QueryError(token.offset, token.length, `Expected at most ${DEEPEST} parentheses within each other.`);
    if (token.kind === '-' || isWord(token, 'not')) {
      at++;
      const next = tokens[at];
      const part = next === undefined || next.kind === ')' || isOr(next) ? undefined : readPart(next, depth + 1);
      if (part === undefined) {
        throw new QueryError(
          token.offset,
          token.length,
          'Expected something after “not”.',
          'To look for the word itself, put it in quotes.',
        );
      }
      return { kind: 'not', part };
    }
    if (token.kind === '(') {
      at++;
      const inner = readOr(depth + 1);
      if (tokens[at]?.kind !== ')')
        throw new QueryError(token.offset, 1, 'This parenthesis is not closed.', 'Put a ) at its end.');
      at++;
      if (inner === undefined) throw new QueryError(token.offset, 1, 'There is nothing in these parentheses.');
      return inner;
    }
    if (token.kind === 'quoted') {
      at++;
      if (token.text.trim() === '')
        throw new QueryError(token.offset, token.length, 'There is nothing in these quotes.');
      return { kind: 'text', text: token.text };
    }
    if (token.kind === 'chip') {
      at++;
      return readKeyed(token);
    }
    return readWords();
  };

  const readKeyed = (token: Extract<Token, { kind: 'chip' }>): Condition | undefined => {
    const { key, value, offset, length, valueOffset } = token;
    const isEmpty = value === '';
    const fail = failAt(isEmpty ? offset : valueOffset, isEmpty ? length : offset + length - valueOffset, value);
    if (key === 'sort') {
      const order = SORTS.find((each) => each === value.toLowerCase());
      sort = order ?? fail(`There is no order ${value}. There are ${SORTS.join(', ')}.`, SORTS);
      return undefined;
    }
    const chip = readChip(key, value, { options, things, fail });
    if (chip !== undefined) return chip;
    const near = nearestWord(key, CHIP_KEYS);
    const hint = near === undefined ? 'To look for it as text, put it in quotes.' : `Did you mean ${near}:?`;
    const meant = near === undefined ? undefined : `${near}:`;
    throw new QueryError(offset, key.length + 1, `There is no ${key}:.`, hint, meant);
  };

  /** The longest run of words that means something, else one word as text. */
  const readWords = (): Chip => {
    const run: string[] = [];
    for (let i = at; run.length < MOST_WORDS; i++) {
      const token = tokens[i];
      if (token?.kind !== 'word' || (i > at && isWord(token, 'or', 'and', 'not'))) break;
      run.push(token.text);
    }
    for (let count = run.length; count > 0; count--) {
      const chip = understand(run.slice(0, count).join(' '));
      if (chip === undefined) continue;
      at += count;
      return chip;
    }
    at++;
    return { kind: 'text', text: run[0] as string };
  };

  const understand = (words: string): Chip | undefined => {
    const lower = words.toLowerCase();
    const name = names.get(lower);
    if (name !== undefined) return { kind: 'person', name };
    const label = things.get(lower);
    if (label !== undefined) return { kind: 'thing', label };
    if (Object.hasOwn(PLAIN_WORDS, lower)) return PLAIN_WORDS[lower];
    const days = readDays(lower, options);
    return days === undefined ? undefined : { kind: 'date', ...days };
  };

  const where = readOr(0);
  const rest = tokens[at];
  if (rest !== undefined) throw new QueryError(rest.offset, rest.length, 'There is no ( before this ).');
  const query = { ...(where !== undefined && { where }), ...(sort !== undefined && { sort }) };
  return { query, parts: ors === 0 || where === undefined ? parts : [wholeOf(tokens, where)] };
}

function wholeOf(tokens: readonly Token[], where: Condition): SearchPart {
  const [first, last] = [tokens[0] as Token, tokens.at(-1) as Token];
  return { offset: first.offset, length: last.offset + last.length - first.offset, where };
}

/** A search as text that is read as the same search again. */
export function formatQuery({ where, sort }: Query): string {
  const parts = [where === undefined ? '' : formatTop(where), sort === undefined ? '' : `sort:${sort}`];
  return parts.filter((part) => part !== '').join(' ');
}

function formatTop(condition: Condition): string {
  if (condition.kind === 'and') return condition.parts.map(formatCondition).join(' ');
  // What follows an “or” would belong to its last part.
  return formatCondition(condition);
}

/** A part of a search as text: what is joined stands in parentheses. */
export function formatCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
      return `(${condition.parts.map(formatCondition).join(' ')})`;
    case 'or':
      return `(${condition.parts.map(formatCondition).join(' or ')})`;
    case 'not':
      return `-${formatCondition(condition.part)}`;
    default:
      return formatChip(condition);
  }
}
