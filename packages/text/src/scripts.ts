/** Scripts that are told apart, by their ISO 15924 tags; neighbours of any other script are shaped together. */
const SCRIPTS: Readonly<Record<string, string>> = {
  Latn: 'Latin',
  Grek: 'Greek',
  Cyrl: 'Cyrillic',
  Hebr: 'Hebrew',
  Arab: 'Arabic',
  Syrc: 'Syriac',
  Thaa: 'Thaana',
  Armn: 'Armenian',
  Geor: 'Georgian',
  Ethi: 'Ethiopic',
  Deva: 'Devanagari',
  Beng: 'Bengali',
  Guru: 'Gurmukhi',
  Gujr: 'Gujarati',
  Orya: 'Oriya',
  Taml: 'Tamil',
  Telu: 'Telugu',
  Knda: 'Kannada',
  Mlym: 'Malayalam',
  Sinh: 'Sinhala',
  Thai: 'Thai',
  Laoo: 'Lao',
  Khmr: 'Khmer',
  Mymr: 'Myanmar',
  Tibt: 'Tibetan',
  Mong: 'Mongolian',
  Hani: 'Han',
  Hira: 'Hiragana',
  Kana: 'Katakana',
  Hang: 'Hangul',
};
const OTHER = 'Zzzz';

/**
 * The script of each UTF-16 unit of a text, by its tag, `Zzzz` for scripts that are not told apart. What belongs to
 * all scripts (spaces, digits, marks) has that of the letters before it, at the beginning that of those after it.
 */
export function findScripts(text: string): readonly string[] {
  const known = Object.entries(SCRIPTS).map(([tag, name]) => `(?<${tag}>\\p{Script=${name}})`);
  const pattern = new RegExp(`${known.join('|')}|(?<${OTHER}>[^\\p{Script=Common}\\p{Script=Inherited}])`, 'u');
  const scripts: string[] = [];
  let current: string | undefined;
  for (const character of text) {
    const groups = pattern.exec(character)?.groups;
    const own = groups === undefined ? undefined : Object.keys(groups).find((tag) => groups[tag] !== undefined);
    if (own !== undefined && current === undefined) scripts.fill(own);
    current = own ?? current;
    for (let i = 0; i < character.length; i++) scripts.push(current ?? OTHER);
  }
  return scripts;
}

/** The tag to shape with: none for scripts that are not told apart, which the shaper then finds itself. */
export function toShapingScript(tag: string): string | undefined {
  return tag === OTHER ? undefined : tag;
}
