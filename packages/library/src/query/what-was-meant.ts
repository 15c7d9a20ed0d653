import { foldName } from '../places/fold-name.ts';
import { PLAIN_WORDS } from './chips.ts';
import { nearestWord } from './nearest-word.ts';
import type { SearchPart } from './parse-query.ts';
import type { ThingWords } from './things.ts';
import { quoteIfNeeded } from './tokens.ts';
import type { KnownName } from './vocabulary.ts';

/** Words that may be one name. */
const MOST_WORDS = 3;
/** Of shorter words each other one is near. */
const LEAST_LETTERS = 3;

/** Text in place of what stands from `offset` on, `length` long. */
interface Replaced {
  readonly offset: number;
  readonly length: number;
  readonly by: string;
}

/**
 * The search with words that only names and captions could hold, and places that nothing was taken near, replaced by the
 * things, people and places of the library that are spelled nearly so; undefined where there are none.
 */
export function whatWasMeant(
  text: string,
  parts: readonly SearchPart[],
  names: readonly KnownName[],
  things: ThingWords,
): string | undefined {
  const replaced: Replaced[] = [];
  const all = collectWords(names, things);
  const places = collectPlaces(names);
  const plain = parts.map((part) => (isPlainWord(text, part) ? part : undefined));
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as SearchPart;
    if (part.where?.kind === 'place' && !places.has(foldName(part.where.name))) {
      const near = nearestWord(foldName(part.where.name), places.keys());
      if (near !== undefined) replaced.push({ ...placeOf(part), by: `place:${places.get(near)}` });
    }
    for (let count = MOST_WORDS; count > 0; count--) {
      const run = plain.slice(at, at + count).filter((each) => each !== undefined);
      const [first, last] = [run[0], run.at(-1)];
      if (run.length < count || first === undefined || last === undefined) continue;
      const { offset } = first;
      const length = last.offset + last.length - offset;
      const word = foldName(text.slice(offset, offset + length));
      const near = word.length < LEAST_LETTERS ? undefined : nearestWord(word, all.keys());
      if (near === undefined) continue;
      replaced.push({ offset, length, by: all.get(near) as string });
      at += count - 1;
      break;
    }
  }
  return replaced.length === 0 ? undefined : replace(text, replaced);
}

const placeOf = ({ offset, length }: SearchPart) => ({ offset, length });

/** One that was written without quotes and means nothing but itself. */
function isPlainWord(text: string, { where, offset, length }: SearchPart): boolean {
  return where?.kind === 'text' && text.slice(offset, offset + length) === where.text;
}

/** What plain words can mean, with what to write for it. */
function collectWords(names: readonly KnownName[], things: ThingWords): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const put = (word: string, written: string): void => {
    const key = foldName(word);
    if (!words.has(key)) words.set(key, written);
  };
  const seen = new Set(names.filter(({ kind }) => kind === 'thing').map(({ name }) => name));
  for (const { kind, name, others } of names) {
    // Things are understood as they are, also of two words.
    put(name, kind === 'thing' ? name : `${kind}:${quoteIfNeeded(name)}`);
    for (const other of others) put(other, `${kind}:${quoteIfNeeded(other)}`);
  }
  for (const [word, label] of things) if (seen.has(label)) put(word, word);
  for (const word of Object.keys(PLAIN_WORDS)) put(word, word);
  return words;
}

function collectPlaces(names: readonly KnownName[]): ReadonlyMap<string, string> {
  const places = names.filter(({ kind }) => kind === 'place');
  return new Map(
    places.flatMap(({ name, others }) => [name, ...others].map((each) => [foldName(each), quoteIfNeeded(each)])),
  );
}

function replace(text: string, replaced: readonly Replaced[]): string {
  let result = '';
  let from = 0;
  for (const { offset, length, by } of replaced) {
    result += text.slice(from, offset) + by;
    from = offset + length;
  }
  return result + text.slice(from);
}
