import { FocalError, type TextDirection, type TextOptions } from '@focal/core';
import type { Bidi } from 'bidi-js';
import type { Font } from './font.ts';
import type { LineBreaker } from './line-breaks.ts';
import { createParagraph, type Paragraph, type Piece, piecesWidth, shapePart } from './paragraph.ts';

const NEWLINE = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;
const SPACES_AT_END = /[ \u1680\u2000-\u2006\u2008-\u200A\u205F\u3000\u200B]+$/u;
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
  const { starts, widthTo } = measureCharacters(paragraph, fonts);
  const shape = (from: number, to: number): Line => {
    const drawn = toDrawn(paragraph, from, to);
    const pieces = shapePart(drawn.paragraph, fonts, from, drawn.to);
    const shown = drawn.paragraph.text.slice(from, drawn.to);
    return { text: shown, direction: paragraph.direction, pieces, width: piecesWidth(pieces) * options.sizePx };
  };
  const most = options.maxWidthPx / options.sizePx;
  /** The last of these places that fits, by the widths in the whole paragraph first, which breaking may change. */
  const lastFitting = (from: number, places: readonly number[]): number | undefined => {
    const roughly = (to: number): number => widthTo(toDrawn(paragraph, from, to).to) - widthTo(from);
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (roughly(places[middle] as number) <= most) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0; i--) {
      if (shape(from, places[i] as number).width <= options.maxWidthPx) return places[i];
    }
    return undefined;
  };
  return {
    shape,
    nextBreak(from) {
      const word = lastFitting(
        from,
        breaks.filter((it) => it > from),
      );
      if (word !== undefined) return word;
      const characters = [...starts.filter((it) => it > from), text.length];
      return lastFitting(from, characters) ?? characters[0] ?? text.length;
    },
  };
}

/** What is drawn of a part that becomes a line: no spaces at its end, and a hyphen for a soft one there. */
function toDrawn(
  paragraph: Paragraph,
  from: number,
  to: number,
): { readonly paragraph: Paragraph; readonly to: number } {
  const { text } = paragraph;
  const end = from + text.slice(from, to).replace(SPACES_AT_END, '').length;
  if (to === text.length || text[end - 1] !== SOFT_HYPHEN) return { paragraph, to: end };
  return { paragraph: { ...paragraph, text: `${text.slice(0, end - 1)}-${text.slice(end)}` }, to: end };
}

/** Where characters as users know them begin, and how wide the paragraph is up to each, in multiples of the size. */
function measureCharacters(
  paragraph: Paragraph,
  fonts: readonly Font[],
): { readonly starts: readonly number[]; widthTo(index: number): number } {
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
  return { starts: [...starts].sort((a, b) => a - b), widthTo: (index) => widths[index] as number };
}

/** As much of a line as fits with an ellipsis behind it. */
function cutLine(text: string, direction: TextDirection, tools: LineTools, options: Required<TextOptions>): Line {
  const { fonts, bidi } = tools;
  const whole = createParagraph(bidi, text, direction);
  const { starts } = measureCharacters(whole, fonts);
  const ellipsis = ELLIPSES.find((it) => fonts.some((font) => font.has(it.codePointAt(0) as number))) ?? '';
  const places = [...starts, text.length].sort((a, b) => b - a);
  for (const place of places) {
    const shown = `${text.slice(0, place).replace(SPACES_AT_END, '')}${ellipsis}`;
    const pieces = shapePart(createParagraph(bidi, shown, direction), fonts, 0, shown.length);
    const width = piecesWidth(pieces) * options.sizePx;
    if (width <= options.maxWidthPx || place === 0) return { text: shown, direction, pieces, width };
  }
  throw new FocalError('internal', 'A line of text could not be cut.');
}
