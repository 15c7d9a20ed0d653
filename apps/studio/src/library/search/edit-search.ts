import type { SearchPart } from '../api/types.ts';

/** A chip as text: `place:"New York"`. */
export function toChip(key: string, value: string): string {
  return /^[^\s()|"\\]+$/.test(value)
    ? `${key}:${value}`
    : `${key}:"${value.replaceAll(/["\\]/g, (each) => `\\${each}`)}"`;
}

/** The search with one more part, which has to fit too. */
export function withChip(search: string, parts: readonly SearchPart[], chip: string): string {
  const [first] = parts;
  // What follows an “or” would belong to its last part.
  const isOr = parts.length === 1 && first?.kind === 'or';
  return `${isOr ? `(${search})` : search} ${chip}`.trim();
}

/** The search without some of its parts; the others stay as they were written. */
export function withoutParts(
  search: string,
  parts: readonly SearchPart[],
  isGone: (part: SearchPart) => boolean,
): string {
  return parts
    .filter((part) => !isGone(part))
    .map(({ offset, length }) => search.slice(offset, offset + length))
    .join(' ');
}

/** In another order; none is the usual one. */
export function withSort(search: string, parts: readonly SearchPart[], sort: string): string {
  const rest = withoutParts(search, parts, ({ kind }) => kind === 'sort');
  const kept = parts.filter(({ kind }) => kind !== 'sort');
  return sort === 'newest' ? rest : withChip(rest, kept, `sort:${sort}`);
}
