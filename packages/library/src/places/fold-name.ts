/** Letters that are no others with an accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  '’': "'",
};
const ANY_OF_THEM = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** A name as it is looked for: small letters without accents. */
export function foldName(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(ANY_OF_THEM, (letter) => LETTERS[letter] ?? letter)
    .trim();
}
