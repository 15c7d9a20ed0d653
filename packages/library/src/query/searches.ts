import { type Kysely, sql } from 'kysely';
import { isPersonSeen } from '../assets/sight.ts';
import type { Tables } from '../store/tables.ts';
import { type Condition, type Query, QueryError } from './ast.ts';
import type { QueryOptions } from './chips.ts';
import { describeCondition } from './describe.ts';
import { formatCondition, parseQuery, parseSearch } from './parse-query.ts';
import { type Resolved, resolveCondition } from './resolve.ts';
import { createThingWords } from './things.ts';
import type { KnownName } from './vocabulary.ts';
import { whatWasMeant } from './what-was-meant.ts';

/** A part of a search that can be taken out of it: a chip, or what is joined in parentheses. */
export interface UnderstoodPart {
  /** Its place in the text. */
  readonly offset: number;
  readonly length: number;
  /** As a chip that is read the same again: `thing:dog`. */
  readonly chip: string;
  /** What kind of chip; `and`, `or`, `not` of what is joined. */
  readonly kind: Condition['kind'] | 'sort';
  /** For people: `not dog`. */
  readonly label: string;
}

/** What a search was understood as. */
export interface UnderstoodSearch {
  readonly query: Query;
  readonly parts: readonly UnderstoodPart[];
  /** For `AssetFilter.where`; absent where everything is meant. */
  readonly where?: Resolved;
}

/** What searches of a library mean. */
export interface Searches {
  /** Throws `QueryError` where the text cannot be understood. */
  understand(text: string): Promise<UnderstoodSearch>;
  /**
   * The search as it was probably meant, where words of it are spelled wrong; undefined where they are not, or nothing
   * of the library is spelled nearly so.
   */
  meant(text: string, names: readonly KnownName[]): Promise<string | undefined>;
  /** What a smart album searches for now: names that are gone find nothing, in place of failing. */
  understandAlbum(album: { readonly name: string; readonly query: string }): Promise<Omit<UnderstoodSearch, 'parts'>>;
  /** Throws `QueryError`, and `invalid-argument` for an album that would search in itself. */
  check(query: string, albumName: string): Promise<void>;
}

/** In one search that is set right. */
const MOST_MISTAKES = 5;

export function createSearches(db: Kysely<Tables>, now: () => number): Searches {
  const things = createThingWords();
  async function readOptions(): Promise<Required<Pick<QueryOptions, 'today' | 'people' | 'albums'>>> {
    const { rows } = await sql<{ kind: 'person' | 'album'; name: string }>`
      select 'person' as kind, name from people where name <> '' and ${isPersonSeen} union select 'album', name from albums`.execute(
      db,
    );
    const names = (wanted: string): readonly string[] =>
      rows.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    return { today: toDay(now()), people: names('person'), albums: names('album') };
  }
  async function parseKept(text: string): Promise<Query> {
    const { today, people } = await readOptions();
    try {
      return parseQuery(text, { today, people });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return parseQuery(text, { today });
    }
  }
  const resolve = async (where: Condition | undefined, within: readonly string[]): Promise<Resolved | undefined> =>
    where === undefined
      ? undefined
      : resolveCondition(db, where, async (text) => (await parseKept(text)).where, within);
  return {
    async understand(text) {
      const { query, parts } = parseSearch(text, await readOptions());
      const where = await resolve(query.where, []);
      return {
        query,
        ...(where !== undefined && { where }),
        parts: parts.map(({ offset, length, where: part, sort }) => ({
          offset,
          length,
          ...(part === undefined
            ? { chip: `sort:${sort}`, kind: 'sort' as const, label: `by ${sort}` }
            : { chip: formatCondition(part), kind: part.kind, label: describeCondition(part) }),
        })),
      };
    },
    async meant(text, names) {
      const options = await readOptions();
      let wanted = text;
      for (let left = MOST_MISTAKES; left > 0; left--) {
        try {
          const { parts } = parseSearch(wanted, options);
          wanted = whatWasMeant(wanted, parts, names, things) ?? wanted;
          parseSearch(wanted, options);
          return wanted === text ? undefined : wanted;
        } catch (error) {
          if (!(error instanceof QueryError)) throw error;
          const { near, offset, length } = error;
          if (near === undefined) return undefined;
          wanted = `${wanted.slice(0, offset)}${near}${wanted.slice(offset + length)}`;
        }
      }
      return undefined;
    },
    async understandAlbum({ name, query: text }) {
      const query = await parseKept(text);
      const where = await resolve(query.where, [name.toLowerCase()]);
      return { query, ...(where !== undefined && { where }) };
    },
    async check(text, albumName) {
      const { query } = parseSearch(text, await readOptions());
      await resolve(query.where, [albumName.toLowerCase()]);
    },
  };
}

/** By the clock of this machine. */
function toDay(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
