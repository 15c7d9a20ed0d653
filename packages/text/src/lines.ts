import { FocalError, type TextDirection, type TextOptions } from '@focal/core';
import type { Bidi } from 'bidi-js';
import type { Font } from './font.ts';
import type { LineBreaker } from './line-breaks.ts';
import { createParagraph, type Paragraph, type Piece, piecesWidth, shapePart } from './paragraph.ts';

const NEWLINE = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;
const SPACE = /[ \u1680\u2000-\u2006\u2008-\u200A\u205F\u3000\u200B]/u;
const SOFT_HYPHEN = '\u00AD';
/** What stands for text that was left out; the second where no font has the first. */
const ELLIPSES = ['…', '...'] as const;

/** A line that is shaped but not placed. */
export interface Line {
  readonly text: string;
  readonly direction: TextDirection;
  readonly pieces: readonly Piece[];
  /** In px. */
  readonly width: number;
}

export interface LineTools {
  readonly fonts: readonly Font[];
  readonly bidi: Bidi;
  readonly breaker: LineBreaker;
}

/**
 * Breaks a text into shaped lines, as many as there may be. A line takes as much as fits, up to a place where it may
 * break; where no such place fits, up to any character; at least one character.
 */
export function breakLines(
  text: string,
  tools: LineTools,
  options: Required<TextOptions>,
): { readonly lines: readonly Line[]; readonly isCut: boolean } {
  const paragraphs = text.replaceAll('\t', ' ').split(NEWLINE);
  const lines: Line[] = [];
  for (const [index, content] of paragraphs.entries()) {
    const paragraph = createParagraph(tools.bidi, content, options.direction);
    const ruler = createRuler(paragraph, tools, options);
    let from = 0;
    do {
      const to = ruler.nextBreak(from);
      const isLast = lines.length + 1 === options.maxLines;
      const isMore = to < content.length || index + 1 < paragraphs.length;
      if (isLast && isMore) {
        lines.push(cutLine(content.slice(from, to), paragraph.direction, tools, options));
        return { lines, isCut: true };
      }
      lines.push(ruler.shape(from, to));
      from = to;
    } while (from < content.length);
  }
  return { lines, isCut: false };
}

interface Ruler {
  /** Where the line that begins here ends. */
  nextBreak(from: number): number;
  /** The line from here to there, as it is drawn. */
  shape(from: number, to: number): Line;
}

function createRuler(paragraph: Paragraph, tools: LineTools, options: Required<TextOptions>): Ruler {
  const { text } = paragraph;
  const { fonts } = tools;
  const breaks = tools.breaker.find(text);
  const measured = measureCharacters(paragraph, fonts);
  const characters = [...measured.starts.filter((it) => it > 0), text.length];
  const shape = (from: number, to: number): Line => {
    const end = endOfInk(text, from, to);
    const drawn = { ...paragraph, text: withHyphen(text, end, to) };
    const pieces = shapePart(drawn, fonts, from, end);
    const width = piecesWidth(pieces) * options.sizePx;
    return { text: drawn.text.slice(from, end), direction: paragraph.direction, pieces, width };
  };
  const most = options.maxWidthPx / options.sizePx;
  /** The last of these places that fits, by the widths in the whole paragraph first, which breaking may change. */
  const lastFitting = (from: number, places: readonly number[]): number | undefined => {
    const first = countUntil(places, (it) => it <= from);
    const start = measured.widths[from] as number;
    const end = countUntil(
      places,
      (it) => it <= from || (measured.widths[endOfInk(text, from, it)] ?? 0) - start <= most,
    );
    for (let i = end - 1; i >= first; i--) {
      if (shape(from, places[i] as number).width <= options.maxWidthPx) return places[i];
    }
    return undefined;
  };
  return {
    shape,
    nextBreak(from) {
      const fitting = lastFitting(from, breaks) ?? lastFitting(from, characters);
      return fitting ?? characters[countUntil(characters, (it) => it <= from)] ?? text.length;
    },
  };
}

/** How many of ascending places hold, when those that hold come first. */
function countUntil(places: readonly number[], holds: (place: number) => boolean): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(places[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a part of a text ends when the spaces at its end are left out. */
function endOfInk(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && SPACE.test(text[end - 1] as string)) end--;
  return end;
}

/** A text with a hyphen for the soft one that a line ends with; not at the end of the text. */
function withHyphen(text: string, end: number, to: number): string {
  if (to === text.length || text[end - 1] !== SOFT_HYPHEN) return text;
  return `${text.slice(0, end - 1)}-${text.slice(end)}`;
}

/** Where characters as users know them begin, and how wide the text is up to each unit, in multiples of the size. */
function measureCharacters(
  paragraph: Paragraph,
  fonts: readonly Font[],
): { readonly starts: readonly number[]; readonly widths: Float64Array } {
  const { length } = paragraph.text;
  const widths = new Float64Array(length + 1);
  const starts = new Set<number>();
  for (const { font, glyphs } of shapePart(paragraph, fonts, 0, length)) {
    for (const { cluster, advance } of glyphs) {
      starts.add(cluster);
      widths[cluster + 1] = (widths[cluster + 1] as number) + advance / font.unitsPerEm;
    }
  }
  for (let i = 1; i <= length; i++) widths[i] = (widths[i] as number) + (widths[i - 1] as number);
  return { starts: [...starts].sort((a, b) => a - b), widths };
}

/** As much of a line as fits with an ellipsis behind it. */
function cutLine(text: string, direction: TextDirection, tools: LineTools, options: Required<TextOptions>): Line {
  const { fonts, bidi } = tools;
  const whole = createParagraph(bidi, text, direction);
  const { starts } = measureCharacters(whole, fonts);
  const ellipsis = ELLIPSES.find((it) => fonts.some((font) => font.has(it.codePointAt(0) as number))) ?? '';
  const places = [...starts, text.length].sort((a, b) => b - a);
  for (const place of places) {
    const shown = `${text.slice(0, endOfInk(text, 0, place))}${ellipsis}`;
    const pieces = shapePart(createParagraph(bidi, shown, direction), fonts, 0, shown.length);
    const width = piecesWidth(pieces) * options.sizePx;
    if (width <= options.maxWidthPx || place === 0) return { text: shown, direction, pieces, width };
  }
  throw new FocalError('internal', 'A line of text could not be cut.');
}
