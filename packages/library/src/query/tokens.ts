import { QueryError } from './ast.ts';

/** A part of a search, with its place in the text. */
export type Token = { readonly offset: number; readonly length: number } & (
  | { readonly kind: '(' | ')' | '-' | '|' }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'chip'; readonly key: string; readonly value: string; readonly valueOffset: number }
);

const LONGEST = 2000;

/** Words, quoted text, chips (`key:value`, `key:"of several words"`), parentheses, `-` before a part, and `|`. */
export function tokenize(text: string): readonly Token[] {
  if (text.length > LONGEST) {
    throw new QueryError(LONGEST, text.length - LONGEST, `Expected at most ${LONGEST} letters, got ${text.length}.`);
  }
  // No database takes it as text.
  const nothing = text.indexOf('\0');
  if (nothing >= 0) throw new QueryError(nothing, 1, 'Expected text, got a character of code 0.');
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const letter = text[at] as string;
    const offset = at;
    if (/\s/.test(letter)) {
      at++;
    } else if (letter === '(' || letter === ')' || letter === '|') {
      tokens.push({ kind: letter, offset, length: 1 });
      at++;
    } else if (letter === '-' && /[^\s)|]/.test(text[at + 1] ?? ' ')) {
      tokens.push({ kind: '-', offset, length: 1 });
      at++;
    } else if (letter === '"') {
      const quoted = readQuoted(text, at);
      at = quoted.end;
      tokens.push({ kind: 'quoted', text: quoted.text, offset, length: at - offset });
    } else {
      const [word = letter] = /^[^\s()|"]+/.exec(text.slice(at)) ?? [];
      const [, key] = /^([a-zA-Z]+):/.exec(word) ?? [];
      if (key === undefined) {
        at += word.length;
        tokens.push({ kind: 'word', text: word, offset, length: word.length });
        continue;
      }
      const valueOffset = at + key.length + 1;
      const isQuoted = text[valueOffset] === '"';
      const value = isQuoted
        ? readQuoted(text, valueOffset)
        : { text: word.slice(key.length + 1), end: at + word.length };
      at = value.end;
      tokens.push({
        kind: 'chip',
        key: key.toLowerCase(),
        value: value.text,
        valueOffset,
        offset,
        length: at - offset,
      });
    }
  }
  return tokens;
}

function readQuoted(text: string, from: number): { readonly text: string; readonly end: number } {
  let read = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '"') return { text: read, end: at + 1 };
    if (text[at] === '\\' && at + 1 < text.length) at++;
    read += text[at];
  }
  throw new QueryError(from, text.length - from, 'This quotation does not end.', 'Put a " at its end.');
}

/** A value as a chip holds it. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (each) => `\\${each}`)}"`;
}

/** The same, without quotes where it needs none. */
export function quoteIfNeeded(text: string): string {
  return /^[^\s()|"\\]+$/.test(text) ? text : quote(text);
}
