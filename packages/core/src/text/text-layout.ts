import { FocalError } from '../errors.ts';
import type { Outline } from './outline.ts';

/** Longest text that is laid out, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 5000;
/** Largest size of a font and of a line, in px. */
export const MAX_TEXT_PX = 100_000;

/** Where lines lie in their block: `start` is the left for text that runs to the right, else the right. */
export type TextAlign = 'start' | 'center' | 'end';

/** `auto`: each paragraph by its first letter. */
export type TextDirection = 'ltr' | 'rtl';

export interface TextOptions {
  /** Size of the font: the height of its em square in px, above 0. */
  readonly sizePx: number;
  /** Lines are broken so that none is wider, in px, above 0. */
  readonly maxWidthPx: number;
  /** From one baseline to the next, as a multiple of the size: 0.5..5. Default 1.3. */
  readonly lineHeight?: number;
  /** Default `start`. */
  readonly align?: TextAlign;
  /** What comes after this many lines is left out, and the last of them ends in `…`. Default: all lines are kept. */
  readonly maxLines?: number;
  /** Direction of paragraphs. Default `auto`: by the first letter of each. */
  readonly direction?: TextDirection | 'auto';
}

export interface TextLine {
  /** What stands on the line, in reading order, without the spaces and hyphenation marks at its end. */
  readonly text: string;
  readonly direction: TextDirection;
  /** Left, top, width and height of the line's box in px from the block's top left corner. */
  readonly x: number;
  readonly y: number;
  /** Sum of advances: ink may reach over it by a little. More than the maximum only where one character is wider. */
  readonly width: number;
  readonly height: number;
  /** Where letters stand: px from the block's top. */
  readonly baseline: number;
}

/** Text that is laid out: plain data, all in px from the block's top left corner, y down. */
export interface TextBlock {
  /** Width of the widest line. */
  readonly width: number;
  /** Number of lines times their height. */
  readonly height: number;
  readonly lines: readonly TextLine[];
  /** All glyphs in one. May reach out of the block where letters overhang. */
  readonly outline: Outline;
  /** Whether lines were left out for `maxLines`. */
  readonly isCut: boolean;
}

/**
 * Turns text into outlines, the same numbers on every platform. Synchronous; some milliseconds for a caption.
 * Owned by who made it; use after close throws `closed`.
 */
export interface TextLayout {
  /**
   * Breaks the text into lines and places its glyphs. Lines break where Unicode allows it (UAX #14), words that are
   * too long anywhere between characters; explicit newlines stay; right-to-left text is ordered as UAX #9 says.
   * Throws `invalid-argument` for options out of range, and for a character that no font has, which it names;
   * `too-large` for text over {@link MAX_TEXT_LENGTH}; `corrupt-input` for a font that turns out broken.
   *
   * @example
   * layout.layOut('Summer in Lisbon', { sizePx: 40, maxWidthPx: 200 }).lines.map((line) => line.text)
   * // ['Summer', 'in Lisbon'], in Noto Sans
   */
  layOut(text: string, options: TextOptions): TextBlock;
  close(): void;
  [Symbol.dispose](): void;
}

const DEFAULTS = { lineHeight: 1.3, align: 'start', direction: 'auto', maxLines: Infinity } as const;

/** Options with nothing left open. Throws `invalid-argument` naming the option that is out of range. */
export function completeTextOptions(options: TextOptions): Required<TextOptions> {
  const complete = { ...DEFAULTS, ...options };
  const { sizePx, maxWidthPx, lineHeight, maxLines, align, direction } = complete;
  assertIn('sizePx', sizePx, Number.MIN_VALUE, MAX_TEXT_PX);
  assertIn('maxWidthPx', maxWidthPx, Number.MIN_VALUE, MAX_TEXT_PX);
  assertIn('lineHeight', lineHeight, 0.5, 5);
  if (maxLines !== Infinity && !(Number.isInteger(maxLines) && maxLines >= 1)) {
    throw new FocalError('invalid-argument', `Expected a whole number from 1 for maxLines, got ${maxLines}.`);
  }
  if (!['start', 'center', 'end'].includes(align)) {
    throw new FocalError('invalid-argument', `Expected start, center or end for align, got ${align}.`);
  }
  if (!['auto', 'ltr', 'rtl'].includes(direction)) {
    throw new FocalError('invalid-argument', `Expected auto, ltr or rtl for direction, got ${direction}.`);
  }
  return complete;
}

function assertIn(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const from = least === Number.MIN_VALUE ? 'above 0 and up' : `from ${least}`;
  throw new FocalError('invalid-argument', `Expected a number ${from} to ${most} for ${name}, got ${value}.`);
}
