/**
 * Classes of characters of the Unicode line breaking algorithm (UAX #14), as patterns; the first that fits counts, AL
 * where none does. Scripts that are written without spaces and need a dictionary (Thai, Lao, Khmer, Burmese) count as
 * letters: their lines break between characters where they must.
 */
const CLASSES: readonly (readonly [name: string, pattern: string])[] = [
  ['SP', ' '],
  ['ZW', '\\u200B'],
  ['WJ', '\\u2060\\uFEFF'],
  ['ZWJ', '\\u200D'],
  ['GL', '\\u00A0\\u202F\\u2007\\u2011\\u034F\\u0F08\\u0F0C\\u0F12\\u180E'],
  ['CB', '\\uFFFC'],
  ['B2', '\\u2014\\u2E3A\\u2E3B'],
  ['HY', '\\-'],
  ['HH', '\\u2010\\u058A\\u05BE'],
  ['BA', '\\t\\u00AD\\u2012\\u2013|\\u1680\\u2000-\\u2006\\u2008-\\u200A\\u205F\\u3000\\u0964\\u0965\\u0F0B\\u1361'],
  ['BB', '\\u00B4\\u02C8\\u02CC\\u02DF\\u1FFD'],
  ['IN', '\\u2024-\\u2026\\u22EF\\uFE19'],
  ['SY', '/'],
  ['IS', ',.:;\\u037E\\u0589\\u060C\\u060D\\u07F8\\u2044\\uFE10\\uFE13\\uFE14'],
  ['EX', '!?\\u05C6\\u061B\\u061E\\u061F\\u06D4\\uFE15\\uFE16\\uFE56\\uFE57\\uFF01\\uFF1F'],
  ['CP', ')\\]'],
  ['CL', '\\u3001\\u3002\\uFE11\\uFE12\\uFE50\\uFE52\\uFF0C\\uFF0E\\uFF61\\uFF64'],
  ['QU', '"\'\\u275B-\\u2760\\p{Pi}\\p{Pf}'],
  ['OP', '\\u00A1\\u00BF\\u2E18\\p{Ps}'],
  ['CL', '\\p{Pe}'],
  [
    'NS',
    '\\u17D6\\u203C\\u203D\\u2047-\\u2049\\u3005\\u301C\\u303B\\u303C\\u3041\\u3043\\u3045\\u3047\\u3049\\u3063\\u3083' +
      '\\u3085\\u3087\\u308E\\u3095\\u3096\\u309B-\\u309E\\u30A0\\u30A1\\u30A3\\u30A5\\u30A7\\u30A9\\u30C3\\u30E3' +
      '\\u30E5\\u30E7\\u30EE\\u30F5\\u30F6\\u30FB-\\u30FE\\u31F0-\\u31FF\\uFE54\\uFE55\\uFF1A\\uFF1B\\uFF65\\uFF67-\\uFF70',
  ],
  ['PO', '%\\u00A2\\u00B0\\u066A\\u2030-\\u2037\\u20A7\\u20B6\\u20BB\\u20BE\\u2103\\u2109\\uFDFC\\uFE6A\\uFF05\\uFFE0'],
  ['PR', '+\\\\\\u00B1\\u2116\\u2212\\u2213\\p{Sc}'],
  ['ID', '\\uFF02-\\uFF60\\uFFE2-\\uFFE6\\u2E80-\\u2FFF\\u3003\\u3004\\u3006\\u3007\\u3012\\u3013\\u3020-\\u3029'],
  ['NU', '\\p{Nd}\\u066B\\u066C'],
  ['CM', '\\p{M}\\p{Cc}\\u061C\\u200C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069\\uFFF9-\\uFFFB'],
  ['RI', '\\p{Regional_Indicator}'],
  ['EM', '\\p{Emoji_Modifier}'],
  ['HL', '\\u05D0-\\u05F2\\uFB1D-\\uFB4F'],
  [
    'ID',
    '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}\\p{Script=Yi}' +
      '\\u{1F000}-\\u{1FAFF}\\u231A\\u231B\\u23F0-\\u23F3\\u2600-\\u2603\\u2614\\u2615\\u2618\\u261A-\\u261F\\u2639-\\u263B' +
      '\\u2668\\u267F\\u26BD-\\u26C8\\u26CD\\u26CF-\\u26D1\\u26D3\\u26D4\\u26D8\\u26D9\\u26DC\\u26DF-\\u26E1\\u26EA' +
      '\\u26F1-\\u26F5\\u26F7-\\u26FA\\u26FD-\\u2704\\u2708-\\u270D\\u2764',
  ],
];

/** Pairs that stay together with nothing between them: `A×B` for each of the classes on both sides. */
const TOGETHER: readonly (readonly [before: string, after: string])[] = [
  ['AL HL', 'NU AL HL PR PO'], // LB 23, 24, 28
  ['NU', 'AL HL NU PO PR'], // LB 23, 25
  ['PR', 'ID EM AL HL NU OP'], // LB 23a, 24, 25
  ['PO', 'AL HL NU OP'], // LB 24, 25
  ['ID EM', 'PO'], // LB 23a
  ['CL CP', 'PO PR'], // LB 25
  ['HY HH', 'NU'], // LB 25
  ['IS', 'NU AL HL'], // LB 25, 29
  ['SY', 'NU HL'], // LB 25, 21b
  ['AL HL NU', 'OP'], // LB 30
  ['CP', 'AL HL NU'], // LB 30
  ['ID', 'EM'], // LB 30b
  ['PR', 'PR'], // of our own: C++
];
/** Never at the beginning of a line, spaces before them or not: LB 11, 13, 15d. */
const NEVER_FIRST = new Set(['WJ', 'CL', 'CP', 'EX', 'SY']);
/** What follows a closing quotation mark: LB 15b. */
const ENDS_QUOTE = new Set(['eot', 'SP', 'GL', 'WJ', 'CL', 'QU', 'CP', 'EX', 'IS', 'SY', 'ZW']);
/** Never at the beginning of a line right after something: LB 19, 21, 22. */
const CLINGING = new Set(['QU', 'BA', 'HH', 'HY', 'NS', 'IN']);

/** Finds out where lines of a text may break. */
export interface LineBreaker {
  /**
   * Where a new line may begin in a paragraph without newlines: UTF-16 indices, ascending, each after the spaces that
   * end the line before; the text's length is the last. None for an empty text.
   */
  find(text: string): readonly number[];
}

export function createLineBreaker(): LineBreaker {
  const patterns = CLASSES.map(([name, pattern]) => [name, new RegExp(`[${pattern}]`, 'u')] as const);
  const together = new Set(
    TOGETHER.flatMap(([before, after]) => before.split(' ').flatMap((a) => after.split(' ').map((b) => `${a}×${b}`))),
  );
  const classOf = (character: string): string => patterns.find(([, it]) => it.test(character))?.[0] ?? 'AL';
  return {
    find(text) {
      const breaks: number[] = [];
      const walk: Walk = {
        base: 'sot',
        beforeBase: 'sot',
        hasSpaces: false,
        indicators: 0,
        last: '',
        baseCharacter: '',
      };
      const characters = Array.from(text);
      const kinds = characters.map(classOf);
      let at = 0;
      for (const [index, character] of characters.entries()) {
        const next = { kind: kinds[index] as string, character, following: kinds[index + 1] ?? 'eot' };
        if (at > 0 && mayBreak(walk, next, together)) breaks.push(at);
        step(walk, next);
        at += character.length;
      }
      if (at > 0) breaks.push(at);
      return breaks;
    },
  };
}

/** What is before the place in question. */
interface Walk {
  /** Class of the last character that is neither a space nor joined to the one before it, and the one before that. */
  base: string;
  beforeBase: string;
  /** The character of that class. */
  baseCharacter: string;
  /** Whether spaces stand between it and the place. */
  hasSpaces: boolean;
  /** Class of the very last character. */
  last: string;
  /** Regional indicators in a row. */
  indicators: number;
}

/** A character, its class, and the class of the one behind it. */
interface Next {
  readonly kind: string;
  readonly character: string;
  readonly following: string;
}

function step(walk: Walk, { kind, character }: Next): void {
  walk.last = kind;
  if (kind === 'SP') {
    walk.hasSpaces = true;
    return;
  }
  const isJoined = (kind === 'CM' || kind === 'ZWJ') && !walk.hasSpaces && !['sot', 'ZW'].includes(walk.base);
  if (isJoined) return; // LB 9
  walk.beforeBase = walk.hasSpaces ? 'SP' : walk.base;
  walk.base = kind === 'CM' || kind === 'ZWJ' ? 'AL' : kind; // LB 10
  walk.baseCharacter = character;
  walk.hasSpaces = false;
  walk.indicators = kind === 'RI' ? walk.indicators + 1 : 0;
}

/** The rules of UAX #14 in their order, for the place before a character. */
function mayBreak(walk: Walk, { kind: next, character, following }: Next, together: ReadonlySet<string>): boolean {
  const { base, beforeBase, baseCharacter, hasSpaces, last, indicators } = walk;
  if (next === 'SP' || next === 'ZW') return false; // LB 7
  if (base === 'ZW') return true; // LB 8
  if (last === 'ZWJ') return false; // LB 8a
  if ((next === 'CM' || next === 'ZWJ') && !hasSpaces) return false; // LB 9
  const after = next === 'CM' || next === 'ZWJ' ? 'AL' : next; // LB 10
  if (NEVER_FIRST.has(after)) return false; // LB 11, 13
  if (base === 'sot') return hasSpaces;
  if (!hasSpaces && (base === 'WJ' || base === 'GL')) return false; // LB 11, 12
  if (after === 'GL') return hasSpaces || ['BA', 'HY', 'HH'].includes(base); // LB 12a
  if (base === 'OP') return false; // LB 14
  const isOpening =
    base === 'QU' && /\p{Pi}/u.test(baseCharacter) && ['sot', 'SP', 'OP', 'QU', 'GL', 'ZW'].includes(beforeBase);
  if (isOpening) return false; // LB 15a
  if (after === 'NS' && (base === 'CL' || base === 'CP')) return false; // LB 16
  if (after === 'B2' && base === 'B2') return false; // LB 17
  if (after === 'QU' && /\p{Pf}/u.test(character) && ENDS_QUOTE.has(following)) return false; // LB 15b
  if (after === 'IS') return hasSpaces && following === 'NU'; // LB 15c, 15d
  if (hasSpaces) return true; // LB 18
  if (base === 'QU') return false; // LB 19
  if (CLINGING.has(after)) return false; // LB 19, 21, 22
  if (base === 'CB' || after === 'CB') return true; // LB 20
  if ((base === 'HY' || base === 'HH') && ['sot', 'SP', 'ZW', 'CB', 'GL'].includes(beforeBase)) {
    if (after === 'AL' || after === 'HL') return false; // LB 20a
  }
  if (base === 'BB') return false; // LB 21
  if ((base === 'HY' || base === 'HH') && beforeBase === 'HL' && after !== 'HL') return false; // LB 21a
  if (base === 'RI' && after === 'RI') return indicators % 2 === 0; // LB 30a
  return !together.has(`${base}×${after}`);
}
