/** Escapes by letter; all others are told by their numbers. */
const LETTERS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text of others, such as names of files, as one line that cannot act on a terminal: control characters, ends of lines
 * and what turns the direction of writing are shown escaped. Not for JSON, which stays exact.
 *
 * @example showText('a\nb\x1b[2J') // 'a\\nb\\x1b[2J'
 */
export function showText(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (each) => {
    const code = each.charCodeAt(0).toString(16);
    return LETTERS[each] ?? (code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`);
  });
}
