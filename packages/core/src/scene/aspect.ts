import { FocalError } from '../errors.ts';

/** The shape of a crop. */
export interface Aspect {
  /** As it was asked for: `16:9`. */
  readonly name: string;
  /** Width by height. */
  readonly ratio: number;
}

/** The longest strip, lying or standing. */
const MOST_RATIO = 100;

/**
 * The shape that a text says: two numbers with a colon, or one for width by height. Throws `invalid-argument` for
 * anything else, and for strips longer than 100 to 1.
 *
 * @example
 * parseAspect('16:9') // { name: '16:9', ratio: 1.7777777777777777 }
 * parseAspect('1.91') // { name: '1.91', ratio: 1.91 }
 */
export function parseAspect(text: string): Aspect {
  const name = text.trim();
  const [, width = '', height = '1'] = /^(\d{1,6}(?:\.\d{1,6})?)(?::(\d{1,6}(?:\.\d{1,6})?))?$/.exec(name) ?? [];
  const ratio = width === '' ? Number.NaN : Number(width) / Number(height);
  if (ratio >= 1 / MOST_RATIO && ratio <= MOST_RATIO) return { name, ratio };
  throw new FocalError(
    'invalid-argument',
    `Expected an aspect ratio such as 16:9 or 1.91, got ${JSON.stringify(text.slice(0, 60))}.`,
    { hint: `Width by height, from 1:${MOST_RATIO} to ${MOST_RATIO}:1.` },
  );
}
